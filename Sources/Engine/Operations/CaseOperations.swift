import MailModel
import Storage

extension Operation {
  static let caseOperations: [Operation] = [openCase, noteCase, tickStep, skipStep, addFollowUp, doneFollowUp]

  private static let openCase = Operation(
    id: "case.open", title: "Open case",
    help: "Opens the account's case by hand; the third complaint does it by itself.", target: .account,
    arguments: [.reason], role: .reviewer, confirmation: .none, disabledReason: needsAccount,
    preview: { transaction, _, request in
      let accounts = try request.accounts(in: transaction)
      return Preview(summary: "opens a case of \(AccountDecision.names(accounts))")
    },
    effect: { transaction, context, request in
      try AccountDecision(transaction, context, request).note("has a case") { account, desk in
        if let current = try transaction.cases.current(of: account.id) {
          throw OperationRefusal.changed(
            "case \(current.id) of \(account.address) is \(current.state.rawValue) already")
        }
        let opened = try desk.opened(account, as: .byHand)
        try desk.append(.note, to: opened, request.reason)
        try desk.rank(account.id)
        return ["case": Int(opened.id)]
      }
    })

  private static let noteCase = Operation(
    id: "case.note", title: "Write note", help: "Adds to the timeline of the account's case what was found or done.",
    target: .account, arguments: [Argument("text", "The note.")], role: .operator, confirmation: .none,
    disabledReason: needsAccount,
    preview: { _, _, request in Preview(summary: "adds a note to \(Amount.words(request.targets.count, "case"))") },
    effect: { transaction, context, request in
      let desk = CaseDesk(transaction, context)
      let text = request.arguments["text"] ?? ""
      let accounts = try request.targets.map { try current($0, in: transaction) }
      for account in accounts {
        let noted = try desk.opened(account, as: .byHand)
        try desk.append(.note, to: noted, text)
        try desk.tick(["assess"], of: noted)
      }
      return Effect(
        "noted about \(AccountDecision.names(accounts))",
        subject: "account:" + accounts.map { "\($0.id)" }.joined(separator: ","), details: ["text": text],
        changed: accounts.count)
    })

  /// A note and a follow-up do not depend on what was on screen: nobody's note is refused because somebody decided.
  private static func current(_ target: OperationRequest.Target, in transaction: Transaction) throws -> Account {
    try OperationRequest.Target(id: target.id).account(in: transaction)
  }

  private static let tickStep = Operation(
    id: "case.tick-step", title: "Tick step", help: "Marks a step of the runbook as done, or takes the tick back.",
    target: .caseStep, arguments: [], role: .reviewer, confirmation: .none, disabledReason: needsStep,
    preview: { _, _, request in Preview(summary: "ticks \(Amount.words(request.targets.count, "step"))") },
    effect: { transaction, context, request in
      try changeSteps(request, transaction, context, reason: "") { $0.state == .ticked ? .open : .ticked }
    })

  private static let skipStep = Operation(
    id: "case.skip-step", title: "Skip step", help: "Leaves a step of the runbook out, with the reason.",
    target: .caseStep, arguments: [.reason], role: .reviewer, confirmation: .none, disabledReason: needsStep,
    preview: { _, _, request in Preview(summary: "skips \(Amount.words(request.targets.count, "step"))") },
    effect: { transaction, context, request in
      try changeSteps(request, transaction, context, reason: request.reason) { _ in .skipped }
    })

  private static let needsStep: @Sendable (TargetState) -> String? = { state in
    if case .caseStep = state { nil } else { "no step of a case here" }
  }

  /// Targets are `case/step`.
  private static func changeSteps(
    _ request: OperationRequest, _ transaction: Transaction, _ context: OperationContext, reason: String,
    to next: (CaseStep) -> CaseStep.State
  ) throws -> Effect {
    let desk = CaseDesk(transaction, context)
    var words: [String] = []
    var (before, after): ([String], [String]) = ([], [])
    var accounts: Set<Account.ID> = []
    for target in request.targets {
      let (found, step) = try target.caseStep(in: transaction, known: desk.steps)
      let state = next(step)
      guard
        try transaction.cases.setStep(
          step.step, of: found.id, version: step.version, state: state, by: context.people, reason: reason,
          now: context.now)
      else {
        throw OperationRefusal.changed(
          "\(context.title(ofStep: step.step, in: ChecklistDefinition.ofCases)) changed meanwhile; look again")
      }
      let word =
        "\(context.title(ofStep: step.step, in: ChecklistDefinition.ofCases)) \(state == .open ? "taken back" : state.rawValue)"
      words.append(word)
      before.append(step.words)
      after.append(state.rawValue)
      try desk.append(.step, to: found, word + (reason.isEmpty ? "" : ": \(reason)"))
      accounts.insert(found.accountID)
    }
    var effect = Effect(
      words.joined(separator: ", "), subject: request.subject("case"),
      details: ["before": before.joined(separator: ", "), "after": after.joined(separator: ", ")],
      changed: request.targets.count)
    effect.accounts = accounts
    return effect
  }

  private static let addFollowUp = Operation(
    id: "follow-up.add", title: "Add follow-up",
    help: "Brings the account's case back on the morning checklist on a day.", target: .account,
    arguments: [
      Argument("due", "2026-12-21, or days from today.", read: { _ = try due($0, now: $1) }),
      Argument("text", "What is to be looked at."),
    ], role: .operator, confirmation: .none, disabledReason: needsAccount,
    preview: { _, _, request in
      Preview(summary: "follows up \(Amount.words(request.targets.count, "case")) on \(request.arguments["due"] ?? "")")
    },
    effect: { transaction, context, request in
      let due = try due(request.arguments["due"] ?? "", now: context.now)
      let desk = CaseDesk(transaction, context)
      let text = request.arguments["text"] ?? ""
      let accounts = try request.targets.map { try current($0, in: transaction) }
      for account in accounts {
        let opened = try desk.opened(account, as: .byHand)
        try transaction.followUps.add(case: opened.id, dueAt: due, text: text, by: context.people)
        try desk.append(.followUp, to: opened, "due \(Clockface.day(due)): \(text)")
        try desk.tick(["follow-up"], of: opened)
        try desk.rank(account.id)
      }
      return Effect(
        "due \(Clockface.day(due)): \(AccountDecision.names(accounts))",
        subject: "account:" + accounts.map { "\($0.id)" }.joined(separator: ","),
        details: ["due": Clockface.day(due), "text": text], changed: accounts.count)
    })

  private static func due(_ text: String, now: Timestamp) throws -> Timestamp {
    guard let due = Day.start(text, now: now) else {
      throw OperationRefusal.badTarget(text, expected: "a day from today on, as 2026-12-21 or as a number of days")
    }
    return due
  }

  private static let doneFollowUp = Operation(
    id: "follow-up.done", title: "Follow-up done", help: "It was looked at; it is due no more.", target: .followUp,
    arguments: [.optionalReason], role: .operator, confirmation: .none,
    disabledReason: { state in
      guard case .followUp(let isDone) = state else { return "no follow-up here" }
      return isDone ? "done already" : nil
    },
    preview: { _, _, request in Preview(summary: "settles \(Amount.words(request.targets.count, "follow-up"))") },
    effect: { transaction, context, request in
      let desk = CaseDesk(transaction, context)
      var accounts: Set<Account.ID> = []
      for target in request.targets {
        guard let found = try transaction.followUps.get(try target.rowID),
          let owner = try transaction.cases.get(found.caseID)
        else { throw OperationRefusal.badTarget(target.id, expected: "a follow-up of this workspace") }
        guard
          try transaction.followUps.done(found.id, version: target.version, by: context.people, now: context.now)
        else { throw OperationRefusal.changed("follow-up \(found.id) is done already or changed; look again") }
        try desk.append(.followUp, to: owner, "done: \(found.text)\(request.because)")
        accounts.insert(found.accountID)
        try desk.rank(found.accountID)
      }
      var effect = Effect(
        "\(request.targets.count) done", subject: request.subject("follow-up"),
        changed: request.targets.count)
      effect.accounts = accounts
      return effect
    })
}

extension CaseStep {
  /// `ticked by ana`, for the audit row.
  fileprivate var words: String { state.rawValue + (by.map { " by \($0)" } ?? "") }
}

extension OperationRequest.Target {
  /// A step by `CASE/STEP` or `ADDRESS/STEP`, compared with the version that was drawn.
  ///
  /// - Parameter known: the checklist's steps; one that came to it after the case was opened is open, at version 0.
  func caseStep(in transaction: Transaction, known: () throws -> [String]) throws -> (AbuseCase, CaseStep) {
    let parts = id.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2, let found = try ownCase(parts[0], in: transaction), case let number = found.id,
      let step = try transaction.cases.steps(of: number).first(where: { $0.step == parts[1] })
        ?? (try known().contains(parts[1]) ? CaseStep(untouched: parts[1], of: number) : nil)
    else {
      throw OperationRefusal.badTarget(
        id, expected: "a step of a case, as CASE/STEP or ADDRESS/STEP; 'postroom case show' lists them")
    }
    guard found.state != .closed else { throw OperationRefusal.changed("case \(number) is closed") }
    if let version, version != step.version {
      throw OperationRefusal.changed("step \(step.step) changed since it was drawn and is \(step.state.rawValue) now")
    }
    return (found, step)
  }

  /// The case with this number, or the one of the account with this address that is open.
  private func ownCase(_ name: String, in transaction: Transaction) throws -> AbuseCase? {
    if let number = Int64(name) { return try transaction.cases.get(number) }
    return try transaction.accounts.get(address: name.lowercased()).flatMap { try transaction.cases.current(of: $0.id) }
  }
}
