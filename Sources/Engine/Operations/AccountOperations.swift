import MailModel
import MailPolicy
import Storage

extension Operation {
  static let accountOperations: [Operation] = [restrict, lift, dismissFlag]

  private static let restrict = Operation(
    id: "account.restrict", title: "Restrict account",
    help:
      "Stops everything of this account: what waits is held, what is not armed does not go; reviewed in WATCH_DAYS, 30 (runbook: Restricting Account).",
    target: .account, arguments: [.reason], role: .reviewer, confirmation: .yesNo,
    disabledReason: { state in
      guard case .account(let standing) = state else { return "no account here" }
      return standing == .restricted ? "restricted already" : nil
    },
    preview: { transaction, context, request in
      let accounts = try request.accounts(in: transaction)
      let waiting = try accounts.reduce(0) {
        try $0 + transaction.messages.count(account: $1.id, states: .queued, .leased)
      }
      let complaints = try accounts.map { try AccountEvidence.complaints($0, transaction, context) }
      return Preview(
        summary: "restricts \(AccountDecision.names(accounts)) and holds \(Amount.words(waiting, "waiting message"))",
        lines: complaints + (try AccountDecision.notices(.restriction, accounts, transaction, context)),
        isEmpty: accounts.allSatisfy { $0.standing == .restricted })
    },
    effect: { transaction, context, request in
      let decision = AccountDecision(transaction, context, request)
      return try decision.change(to: .restricted, refusing: [.restricted], verb: "restricted") { account, desk in
        let held = try transaction.messages.holdAll(
          account: account.id, reason: AccountEvidence.holdReason, now: context.now)
        let restricted = try desk.restricted(account, "restricted, \(held) held: \(request.reason)", by: .byHand)
        try decision.tell(.restriction, account, restricted, desk)
        return ["held": held]
      }
    })

  private static let lift = Operation(
    id: "account.lift", title: "Lift restriction",
    help:
      "Lets the account send again and releases, discards or leaves its held mail; needs a second person when a criterion does not hold (runbook: Lifting Account Restriction).",
    target: .account, arguments: [.reason, HeldMail.argument], role: .reviewer, confirmation: .yesNo,
    disabledReason: needsRestriction,
    preview: { transaction, context, request in
      let accounts = try request.accounts(in: transaction)
      let held = try HeldMail(request)
      let words = try held.preview(accounts, transaction, now: context.now)
      var lines: [String] = []
      for account in accounts where account.standing == .restricted {
        lines += try CaseDesk(transaction, context).criteria(account).map(\.words)
        lines += try HeldMail.lines(account, transaction)
        lines.append(try AccountEvidence.complaints(account, transaction, context))
      }
      lines += try AccountDecision.notices(.lifted, accounts, transaction, context)
      return Preview(
        summary: "lifts the restriction of \(AccountDecision.names(accounts)): \(words)", lines: lines,
        isEmpty: accounts.allSatisfy { $0.standing != .restricted })
    },
    effect: { transaction, context, request in
      guard !context.stop.isRaised else {
        throw OperationRefusal.notNow("the emergency stop is latched; a restriction is not lifted while it is")
      }
      let held = try HeldMail(request)
      let decision = AccountDecision(transaction, context, request)
      return try decision.change(to: .good, refusing: [.good, .flagged], verb: "lifted") { account, desk in
        try decision.lifted(account, held, desk)
      }
    },
    secondPerson: SecondPerson(
      when: "a criterion does not hold", isInPreview: true,
      why: { transaction, context, request in
        let unmet = try request.targets.flatMap { target -> [LiftCriterion] in
          let account = try target.account(in: transaction)
          guard account.standing == .restricted else { return [] }
          return try CaseDesk(transaction, context).criteria(account).filter { !$0.holds }
        }
        let words = LiftCriterion.Kind.allCases.compactMap { kind in unmet.first { $0.kind == kind }?.text }
        return words.isEmpty ? nil : "criteria that do not hold: \(words.joined(separator: ", "))"
      }))

  private static let dismissFlag = Operation(
    id: "account.dismiss", title: "Dismiss flag",
    help:
      "After a review or a watch: nothing more is called for. The account is in good standing and its case is closed.",
    target: .account, arguments: [.reason], role: .reviewer, confirmation: .none,
    disabledReason: refusesRestricted,
    preview: { transaction, context, request in
      let accounts = try request.accounts(in: transaction)
      let isEmpty = try accounts.allSatisfy {
        try $0.standing == .good && transaction.cases.current(of: $0.id) == nil
      }
      return Preview(
        summary: isEmpty
          ? "not flagged, and no case is open" : "dismisses the flag of \(AccountDecision.names(accounts))",
        lines: try accounts.map { try AccountEvidence.complaints($0, transaction, context) }, isEmpty: isEmpty)
    },
    effect: { transaction, context, request in
      let decision = AccountDecision(transaction, context, request)
      return try decision.change(to: .good, refusing: [.restricted], verb: "dismissed") { account, desk in
        guard try account.standing == .flagged || transaction.cases.current(of: account.id) != nil else {
          throw OperationRefusal.changed("account \(account.address) is not flagged, and no case of it is open")
        }
        let opened = try desk.opened(account, as: .byHand)
        _ = try transaction.followUps.settle(case: opened.id, by: context.people, now: context.now)
        try desk.decide(opened, "dismissed, case closed: \(request.reason)") {
          $0.state = .closed
          $0.nextReview = nil
        }
        return [:]
      }
    })
}

/// What a decision about an account rests on.
enum AccountEvidence {
  /// How messages held by a restriction are told from those an operator holds.
  static let holdReason = "account restricted"

  static func complaints(_ account: Account, _ transaction: Transaction, _ context: OperationContext) throws -> String {
    let start = context.restriction.windowStart(now: context.now)
    let count = try transaction.complaints.countSince(account: account.id, since: start)
    let last = account.lastComplaintAt.map { ", last \(Clockface.text($0))" } ?? ""
    let policy = context.restriction
    return "\(account.address): \(Amount.words(count, "complaint")) in \(policy.windowDays) days "
      + "(flagged at \(policy.complaintsToFlag), restricted at \(policy.complaintsToRestrict))\(last)"
  }
}
