import MailModel
import MailPolicy
import Storage

extension Operation {
  static let accountOperations: [Operation] = [restrict, lift, dismissFlag]

  private static let restrict = Operation(
    id: "account.restrict", title: "Restrict account",
    help:
      "Stops everything of this account: what waits is held, what is not armed does not go (runbook: Restricting Account).",
    target: .account, arguments: [.reason], role: .reviewer, confirmation: .yesNo,
    disabledReason: { state in
      guard case .account(let standing) = state else { return "no account here" }
      return standing == .restricted ? "restricted already" : nil
    },
    preview: { transaction, context, request in
      let accounts = try request.targets.map { try $0.account(in: transaction) }
      var waiting = 0
      for account in accounts {
        waiting += try transaction.messages.count(account: account.id, state: .queued)
        waiting += try transaction.messages.count(account: account.id, state: .leased)
      }
      let complaints = try accounts.map { try AccountEvidence.complaints($0, transaction, context) }
      return Preview(
        summary: "restricts \(names(accounts)) and holds \(waiting) waiting messages", lines: complaints,
        isEmpty: accounts.allSatisfy { $0.standing == .restricted })
    },
    effect: { transaction, context, request in
      try change(request, transaction, to: .restricted, refusing: [.restricted], verb: "restricted", context) {
        account in
        let held = try transaction.messages.holdAll(
          account: account.id, reason: AccountEvidence.holdReason, now: context.now)
        return ["held": held]
      }
    })

  private static let lift = Operation(
    id: "account.lift", title: "Lift restriction",
    help: "Lets the account send again and releases its held mail (runbook: Lifting Account Restriction).",
    target: .account, arguments: [.reason], role: .reviewer, confirmation: .yesNo,
    disabledReason: { state in
      guard case .account(let standing) = state else { return "no account here" }
      return standing == .restricted ? nil : "not restricted"
    },
    preview: { transaction, context, request in
      let accounts = try request.targets.map { try $0.account(in: transaction) }
      var released = 0
      var suppressed = 0
      for account in accounts {
        let count = try transaction.messages.releasePreview(
          account: account.id, holdReasonPrefix: AccountEvidence.holdReason, now: context.now)
        released += count.released
        suppressed += count.suppressed
      }
      let lines = try accounts.map { try AccountEvidence.complaints($0, transaction, context) }
      return Preview(
        summary: "lifts the restriction of \(names(accounts)): releases \(released), skips \(suppressed) suppressed",
        lines: lines, isEmpty: accounts.allSatisfy { $0.standing != .restricted })
    },
    effect: { transaction, context, request in
      guard !context.stop.isRaised else {
        throw OperationRefusal.notNow("the emergency stop is latched; a restriction is not lifted while it is")
      }
      return try change(request, transaction, to: .good, refusing: [.good, .flagged], verb: "lifted", context) {
        account in
        let count = try transaction.messages.releaseAll(
          account: account.id, holdReasonPrefix: AccountEvidence.holdReason, now: context.now)
        return ["released": count.released, "suppressed": count.suppressed]
      }
    })

  private static let dismissFlag = Operation(
    id: "account.dismiss", title: "Dismiss flag",
    help: "After a review: the complaints call for nothing now; the account is in good standing until the next one.",
    target: .account, arguments: [.reason], role: .reviewer, confirmation: .none,
    disabledReason: { state in
      guard case .account(let standing) = state else { return "no account here" }
      return standing == .flagged ? nil : "not flagged"
    },
    preview: { transaction, context, request in
      let accounts = try request.targets.map { try $0.account(in: transaction) }
      return Preview(
        summary: "dismisses the flag of \(names(accounts))",
        lines: try accounts.map { try AccountEvidence.complaints($0, transaction, context) },
        isEmpty: accounts.allSatisfy { $0.standing != .flagged })
    },
    effect: { transaction, context, request in
      try change(request, transaction, to: .good, refusing: [.good, .restricted], verb: "dismissed", context) { _ in [:]
      }
    })

  private static func names(_ accounts: [Account]) -> String {
    accounts.count == 1 ? accounts[0].address : "\(accounts.count) accounts"
  }

  /// The shape that decisions about accounts share: check, set the standing by version, do what follows.
  private static func change(
    _ request: OperationRequest, _ transaction: Transaction, to standing: AccountStanding,
    refusing states: Set<AccountStanding>, verb: String, _ context: OperationContext,
    then follow: (Account) throws -> [String: Int]
  ) throws -> Effect {
    var details: [String: String] = [:]
    var counts: [String: Int] = [:]
    let accounts = try request.targets.map { try $0.account(in: transaction) }
    for account in accounts {
      guard !states.contains(account.standing) else {
        throw OperationRefusal.changed("account \(account.address) is \(account.standing.rawValue)")
      }
      guard
        try transaction.accounts.setStanding(
          account.id, version: account.version, standing: standing,
          reason: "\(verb) by \(context.actor.name): \(request.reason)", now: context.now)
      else { throw OperationRefusal.changed("account \(account.address) changed meanwhile; look again") }
      details.merge(["before": account.standing.rawValue, "after": standing.rawValue]) { $1 }
      counts.merge(try follow(account), uniquingKeysWith: +)
    }
    details.merge(counts.mapValues(String.init)) { $1 }
    let words = counts.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", ")
    return Effect(
      "\(names(accounts)) \(verb)" + (words.isEmpty ? "" : ": \(words)"),
      subject: "account:" + accounts.map { "\($0.id)" }.joined(separator: ","), details: details,
      changed: accounts.count)
  }
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
    return "\(account.address): \(count) complaints in \(policy.windowDays) days "
      + "(flagged at \(policy.complaintsToFlag), restricted at \(policy.complaintsToRestrict))\(last)"
  }
}
