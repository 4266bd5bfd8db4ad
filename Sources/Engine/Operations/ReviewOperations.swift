import MailModel
import MailPolicy
import Storage

extension Operation {
  static let reviewOperations: [Operation] = [educate, watch, extend, escalate]

  private static let educate = Operation(
    id: "account.educate", title: "Send educational notice",
    help: "Tells the holder about the complaints and how to avoid them (runbook: Reviewing Flagged Account, step 4).",
    target: .account, arguments: [.optionalReason], role: .reviewer, confirmation: .yesNo,
    disabledReason: needsAccount,
    preview: { transaction, context, request in
      let accounts = try request.accounts(in: transaction)
      return Preview(
        summary: "tells the holder of \(AccountDecision.names(accounts)) about the complaints",
        lines: try accounts.map { try AccountEvidence.complaints($0, transaction, context) }
          + AccountDecision.notices(.education, accounts, transaction, context))
    },
    effect: { transaction, context, request in
      let decision = AccountDecision(transaction, context, request)
      return try decision.note("told") { account, desk in
        let opened = try desk.opened(account, as: .byHand)
        try desk.decide(opened, "educational notice\(request.because)") { _ in }
        try decision.tell(.education, account, opened, desk)
        try desk.tick(["contact"], of: opened)
        return [:]
      }
    })

  private static let watch = Operation(
    id: "account.watch", title: "Watch",
    help:
      "Takes the flag away and comes back on the morning checklist in WATCH_DAYS, 30; another complaint flags again.",
    target: .account, arguments: [.reason], role: .reviewer, confirmation: .none,
    disabledReason: refusesRestricted,
    preview: { transaction, context, request in
      let accounts = try request.accounts(in: transaction)
      return Preview(
        summary: "watches \(AccountDecision.names(accounts)) for \(context.restriction.lifting.watchDays) days",
        lines: try accounts.map { try AccountEvidence.complaints($0, transaction, context) })
    },
    effect: { transaction, context, request in
      let decision = AccountDecision(transaction, context, request)
      return try decision.change(to: .good, refusing: [.restricted], verb: "watched") { account, desk in
        let words = "watched for \(desk.lifting.watchDays) days: \(request.reason)"
        try decision.watch(try desk.opened(account, as: .byHand), words, desk)
        return [:]
      }
    })

  private static let extend = Operation(
    id: "account.extend", title: "Extend restriction",
    help: "Keeps the restriction and moves its review to so many days from today; WATCH_DAYS when not said.",
    target: .account,
    arguments: [
      .reason,
      Argument(
        "days", "1 to 365 until the next review; left empty: WATCH_DAYS.", isRequired: false,
        read: { text, _ in _ = try days(text) }),
    ],
    role: .reviewer, confirmation: .none,
    disabledReason: needsRestriction,
    preview: { transaction, context, request in
      let accounts = try request.accounts(in: transaction)
      let length = Amount.words(try days(request, context), "day")
      return Preview(
        summary: "extends the restriction of \(AccountDecision.names(accounts)) by \(length)",
        isEmpty: accounts.allSatisfy { $0.standing != .restricted })
    },
    effect: { transaction, context, request in
      let days = try days(request, context)
      let length = Amount.words(days, "day")
      let review = Day.start(after: days, from: context.now)
      let decision = AccountDecision(transaction, context, request)
      return try decision.note("extended by \(length), review on \(Clockface.day(review))") { account, desk in
        try requireRestriction(account)
        let opened = try desk.opened(account, as: .byHand)
        _ = try transaction.followUps.settle(case: opened.id, by: context.people, now: context.now)
        try desk.decide(opened, "extended by \(length), until \(Clockface.day(review)): \(request.reason)") {
          $0.state = .restricted
          $0.nextReview = review
        }
        try transaction.followUps.add(
          case: opened.id, dueAt: review, text: "Review the restriction", by: context.people)
        try desk.settleAudit(account.id, "extended")
        return [:]
      }
    })

  private static let escalate = Operation(
    id: "account.escalate", title: "Escalate",
    help:
      "Hands the decision to the next level: 1 operations, 2 engineering, 3 management, 4 the provider (runbook: Escalation Path).",
    target: .account,
    arguments: [
      .reason,
      Argument(
        "level", "1 to 4; the next one when left empty.", isRequired: false, read: { text, _ in _ = try level(text) }),
    ],
    role: .operator, confirmation: .yesNo,
    disabledReason: needsAccount,
    preview: { transaction, context, request in
      let accounts = try request.accounts(in: transaction)
      let lines = try accounts.prefix(3).flatMap { account in
        let current = try transaction.cases.current(of: account.id)?.level ?? 1
        return try AccountDecision.escalation(account, to: level(request, from: current), transaction, context)
      }
      return Preview(summary: "escalates \(AccountDecision.names(accounts))", lines: lines)
    },
    effect: { transaction, context, request in
      let decision = AccountDecision(transaction, context, request)
      return try decision.note("escalated") { account, desk in
        let opened = try desk.opened(account, as: .byHand)
        let level = try level(request, from: opened.level)
        guard level != opened.level else {
          throw OperationRefusal.notNow("case \(opened.id) is on level \(level) already")
        }
        try desk.decide(opened, "escalated to level \(level): \(request.reason)") { $0.level = level }
        try desk.append(.escalation, to: opened, "level \(opened.level) to level \(level)")
        try decision.tell(.escalation, account, try transaction.cases.get(opened.id) ?? opened, desk)
        try desk.tick(["tell-team"], of: opened)
        return ["level": level]
      }
    })

  static let needsAccount: @Sendable (TargetState) -> String? = { state in
    if case .account = state { nil } else { "no account here" }
  }

  static let needsRestriction: @Sendable (TargetState) -> String? = { state in
    guard case .account(let standing) = state else { return "no account here" }
    return standing == .restricted ? nil : "not restricted"
  }

  static let refusesRestricted: @Sendable (TargetState) -> String? = { state in
    guard case .account(let standing) = state else { return "no account here" }
    return standing == .restricted ? "restricted: lift it first" : nil
  }

  static func requireRestriction(_ account: Account) throws {
    guard account.standing == .restricted else {
      throw OperationRefusal.changed("account \(account.address) is \(account.standing.rawValue)")
    }
  }

  private static func days(_ request: OperationRequest, _ context: OperationContext) throws -> Int {
    let text = request.arguments["days"] ?? ""
    return text.allSatisfy(\.isWhitespace) ? context.restriction.lifting.watchDays : try days(text)
  }

  private static func days(_ text: String) throws(OperationRefusal) -> Int {
    Int(try Argument.number(text, in: 1...365, expected: "a number of days from 1 to 365"))
  }

  private static func level(_ request: OperationRequest, from current: Int) throws -> Int {
    let text = request.arguments["level"] ?? ""
    return text.allSatisfy(\.isWhitespace) ? min(current + 1, 4) : try level(text)
  }

  /// `2`, or `L2` as the runbook writes it.
  private static func level(_ text: String) throws(OperationRefusal) -> Int {
    let word = text.filter { !$0.isWhitespace }
    let digits = word.uppercased().hasPrefix("L") ? String(word.dropFirst()) : word
    guard let level = Int(digits), (1...4).contains(level) else {
      throw .badTarget(word, expected: "a level from 1 to 4")
    }
    return level
  }
}
