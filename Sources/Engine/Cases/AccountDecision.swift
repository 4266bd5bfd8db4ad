import MailModel
import MailPolicy
import Storage

/// One decision about accounts, as every operation makes it: compared with the version that was drawn, written into the
/// account, its case and the holder's notice, in one transaction. Of two reviewers the first wins, the other is told.
struct AccountDecision {
  let transaction: Transaction
  let context: OperationContext
  let request: OperationRequest
  /// What the audit row carries besides the counts.
  static func names(_ accounts: [Account]) -> String {
    accounts.count == 1 ? accounts[0].address : "\(accounts.count) accounts"
  }

  init(_ transaction: Transaction, _ context: OperationContext, _ request: OperationRequest) {
    self.transaction = transaction
    self.context = context
    self.request = request
  }

  /// A decision that changes the standing.
  func change(
    to standing: AccountStanding, refusing states: Set<AccountStanding>, verb: String,
    then follow: (Account, CaseDesk) throws -> [String: Int]
  ) throws -> Effect {
    try decide(verb) { account, desk in
      guard !states.contains(account.standing) else {
        throw OperationRefusal.changed(
          "account \(account.address) is \(account.standing.rawValue)"
            + (account.reason.isEmpty ? "" : " (\(account.reason))"))
      }
      guard
        try transaction.accounts.setStanding(
          account.id, version: account.version, standing: standing,
          reason: "\(verb) by \(context.people): \(request.reason)", now: context.now)
      else { throw OperationRefusal.changed("account \(account.address) changed meanwhile; look again") }
      return try follow(account, desk)
    }
  }

  /// A decision that leaves the standing as it is.
  func note(_ verb: String, then follow: (Account, CaseDesk) throws -> [String: Int]) throws -> Effect {
    try decide(verb) { account, desk in
      guard try transaction.accounts.touch(account.id, version: account.version) else {
        throw OperationRefusal.changed("account \(account.address) changed meanwhile; look again")
      }
      return try follow(account, desk)
    }
  }

  private func decide(_ verb: String, _ body: (Account, CaseDesk) throws -> [String: Int]) throws -> Effect {
    let desk = CaseDesk(transaction, context)
    let accounts = try request.accounts(in: transaction)
    let before = try accounts.map { try state(of: $0.id) }
    var counts: [String: Int] = [:]
    for account in accounts { counts.merge(try body(account, desk), uniquingKeysWith: +) }
    var details = counts.mapValues(String.init)
    details["before"] = Set(before).sorted().joined(separator: "; ")
    details["after"] = Set(try accounts.map { try state(of: $0.id) }).sorted().joined(separator: "; ")
    let words = counts.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", ")
    return Effect(
      "\(AccountDecision.names(accounts)) \(verb)" + (words.isEmpty ? "" : ": \(words)"),
      subject: "account:" + accounts.map { "\($0.id)" }.joined(separator: ","), details: details,
      changed: accounts.count)
  }

  /// `restricted, level 2, review on 2026-12-21`, for the audit row.
  private func state(of account: Account.ID) throws -> String {
    let standing = try transaction.accounts.get(account)?.standing.rawValue ?? "unknown"
    guard let current = try transaction.cases.current(of: account) else { return standing }
    return standing + ", level \(current.level)"
      + (current.nextReview.map { ", review on \(Clockface.day($0))" } ?? "")
  }

  /// The end of a restriction: held mail, a time of watching, the holder is told.
  func lifted(_ account: Account, _ held: HeldMail, _ desk: CaseDesk) throws -> [String: Int] {
    let unmet = try desk.criteria(account).filter { !$0.holds }.map(\.text)
    let counts = try held.apply(
      account, reason: "discarded by \(context.people): \(request.reason)", transaction, now: context.now)
    let lifted = try desk.opened(account, as: .byHand)
    let words = counts.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", ")
    let criteria = unmet.isEmpty ? "all criteria hold" : "criteria that do not hold: \(unmet.joined(separator: ", "))"
    try watch(lifted, "lifted (\(criteria); \(words)): \(request.reason)", desk)
    try desk.tick(["lift"], of: lifted)
    try desk.settleAudit(account.id, "lifted")
    try tell(.lifted, account, lifted, desk)
    return counts
  }

  /// Watches for some time; what was to be followed up before is settled by the decision.
  func watch(_ watched: AbuseCase, _ text: String, _ desk: CaseDesk) throws {
    let end = Day.start(after: desk.lifting.watchDays, from: context.now)
    _ = try transaction.followUps.settle(case: watched.id, by: context.people, now: context.now)
    try desk.decide(watched, text) {
      $0.state = .watching
      $0.nextReview = end
    }
    try transaction.followUps.add(case: watched.id, dueAt: end, text: CaseDesk.endOfWatch, by: context.people)
    try desk.append(.followUp, to: watched, "due \(Clockface.day(end)): \(CaseDesk.endOfWatch)")
    try desk.tick(["monitor"], of: watched)
  }
}
