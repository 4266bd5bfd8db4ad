import MailModel
import MailPolicy
import Storage

/// What an account's holder or the team is told about a case; the names are those of the templates.
enum CaseNotice: String, CaseIterable {
  case education, restriction, lifted, escalation
  /// For our own people: policy restricted an account (runbook "Restricting Account", step 5).
  case teamRestriction = "team-restriction"

  /// Whether it is for our own people.
  var isInternal: Bool { self == .escalation || self == .teamRestriction }
}

extension CaseDesk {
  /// What is said, with everything the templates use.
  /// - Throws: `ConfigurationError` for contacts that cannot be read.
  func order(
    _ kind: CaseNotice, _ account: Account, _ told: AbuseCase?, level: Int? = nil, reason: String
  ) throws -> NoticeOrder {
    let level = level ?? told?.level ?? 1
    let contacts = kind.isInternal ? try contacts() : .none
    let team = contacts.level(level)
    let count = try transaction.complaints.countSince(account: account.id, since: restriction.windowStart(now: now))
    return NoticeOrder(
      kind: kind.rawValue, account: account, caseID: told?.id,
      values: [
        "complaints": "\(count)", "days": "\(restriction.windowDays)",
        "restrict_at": "\(restriction.complaintsToRestrict)",
        "review_days": "\(lifting.watchDays)", "watch_days": "\(lifting.watchDays)", "level": "\(level)",
        "by": person, "reason": reason, "team": team?.name ?? "",
      ], team: kind.isInternal ? (contacts.isSample ? [] : team?.addresses ?? []) : nil)
  }

  /// Hands the notice in, in the transaction of the decision. A template that cannot be used does not keep the decision
  /// from happening: the timeline says so.
  func tell(_ kind: CaseNotice, _ account: Account, _ told: AbuseCase, reason: String) throws {
    do {
      let order = try order(kind, account, told, reason: reason)
      let sent = try notices.send(order, in: transaction, by: person, now: now)
      let words = sent.map { "\($0.channel.rawValue) to \($0.target) \($0.state.rawValue)" }
      let text = words.isEmpty ? "nobody was told: \(notices.silence)" : words.joined(separator: ", ")
      try append(.notice, to: told, "\(kind.rawValue): \(text)")
      if kind.isInternal, !sent.isEmpty { try tick(["tell-team"], of: told) }
    } catch let error as ConfigurationError {
      try append(.notice, to: told, "\(kind.rawValue): not sent: \(error)")
    }
  }
}

extension AccountDecision {
  /// Who would be told, one line an account.
  static func notices(
    _ kind: CaseNotice, _ accounts: [Account], _ transaction: Transaction, _ context: OperationContext
  ) throws -> [String] {
    try accounts.prefix(3).map { account in
      let order = try CaseDesk(transaction, context).order(kind, account, nil, reason: "")
      return try context.notices.words(order, in: transaction, now: context.now)
    }
  }

  /// Who would have it from then on, and how they are told. Contacts with a mistake in them are no obstacle.
  static func escalation(
    _ account: Account, to level: Int, _ transaction: Transaction, _ context: OperationContext
  ) throws -> [String] {
    let desk = CaseDesk(transaction, context)
    do {
      let who = try desk.contacts().escalation(level: level, since: context.now).words
      let order = try desk.order(.escalation, account, nil, level: level, reason: "")
      return [who, try context.notices.words(order, in: transaction, now: context.now)]
    } catch let error as ConfigurationError { return ["\(error)"] }
  }

  func tell(_ kind: CaseNotice, _ account: Account, _ told: AbuseCase, _ desk: CaseDesk) throws {
    try desk.tell(kind, account, told, reason: request.reason)
  }
}
