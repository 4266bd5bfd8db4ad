import MailModel
import MailPolicy
import Storage

/// Applies the consequences of one report inside its transaction, with an audit row for each decision.
struct ReportApplication {
  let reportID: Report.ID
  private let shared: SharedReading
  let settings: IntakeSettings
  let group: IntakeGroup
  var summary = IntakeSummary()

  init(reportID: Report.ID, reading: SharedReading, settings: IntakeSettings, group: IntakeGroup) {
    self.reportID = reportID
    shared = reading
    self.settings = settings
    self.group = group
  }

  private var reading: ClassifiedReport { shared.report }
  private var transaction: Transaction { group.transaction }
  private var now: Timestamp { group.now }
  private var amounts: IntakeAmounts { group.amounts }

  mutating func apply(_ recipient: ReportedRecipient?, _ match: Correlator.Match) throws {
    let consequences = try consequences(recipient, match)
    // Told again it is evidence all the same.
    if match.message?.state == .uncertain, consequences.contains(.settleSent) { try settle(match.message) }
    guard try record(recipient, match, consequences) else { return }
    for consequence in consequences {
      switch consequence {
      case .suppress(let address, let reason, let scope, let lifetime):
        try group.suppress(
          address, reason: reason, report: reportID, account: scope == .sender ? match.message?.accountID : nil,
          lifetime: lifetime)
      case .countComplaint: try countComplaint(match.message)
      case .retry(let delay): try retry(match.message, recipient?.reason ?? "", after: delay)
      case .advance(let stage): try advance(match.message, to: stage)
      // Counted from the bounces themselves.
      case .countSoft, .raiseBlock, .triage, .settleSent: break
      }
    }
  }

  /// What policy says about one reported recipient; changes nothing. A message is neither tried again nor settled
  /// where another may be meant.
  func consequences(_ recipient: ReportedRecipient?, _ match: Correlator.Match) throws -> [ReportConsequence] {
    ReportPolicy.consequences(
      kind: kind(of: recipient), recipient: recipient, correlation: match.correlation,
      messageState: match.isSure ? match.message?.state : nil, sentTo: match.message?.recipient,
      enqueuedAt: try retryBasis(recipient, match.message), now: now,
      softBounces: try softBounces(recipient, match), settings: settings.reports)
  }

  /// When the message was enqueued, as far as it may be tried again: what a restored store has from before may have been,
  /// by a message that is lost; what was ever in doubt may have arrived.
  private func retryBasis(_ recipient: ReportedRecipient?, _ message: Message?) throws -> Timestamp? {
    guard let message, recipient?.mayPass == true, try !transaction.mark.wasRestored(after: message.id),
      try !transaction.attempts.wereInDoubt(of: message.id)
    else { return nil }
    return message.enqueuedAt
  }

  /// A DSN may report some recipients as failed and others as delayed or delivered: decided one by one.
  private func kind(of recipient: ReportedRecipient?) -> ReportKind {
    guard reading.kind == .bounce || reading.kind == .delay else { return reading.kind }
    switch recipient?.action {
    case .failed: return .bounce
    case .delayed: return .delay
    case .delivered, .relayed, .expanded: return .other
    case nil: return reading.kind
    }
  }

  private func softBounces(_ recipient: ReportedRecipient?, _ match: Correlator.Match) throws -> Int {
    guard recipient?.bounceClass == .soft, match.correlation.isProof, let message = match.message else { return 1 }
    return 1
      + (try group.softBounces(message.recipient, since: now - settings.reports.softWindow, besides: message.id))
  }

  /// - Returns: `false` when this was recorded before, or a complaint about the same message: nothing is counted twice.
  private func record(
    _ recipient: ReportedRecipient?, _ match: Correlator.Match, _ consequences: [ReportConsequence]
  ) throws -> Bool {
    let said = consequences.compactMap(\.words)
    let words = said.isEmpty ? "none" : said.joined(separator: ", ")
    let proven = match.correlation.isProof ? match.message : nil
    let kind = kind(of: recipient)
    switch kind {
    case .bounce, .delay:
      let address = proven?.recipient ?? recipient?.originalRecipient ?? recipient?.finalRecipient ?? "unknown"
      let bounce = NewBounce(
        report: reportID, message: proven, recipient: address, reported: recipient ?? ReportedRecipient(), kind: kind,
        correlation: match.correlation, consequence: words)
      guard try group.add(bounce) else { return false }
    case .complaint:
      try group.flush()
      // The same complaint comes over several mailboxes and as a provider's event, and whoever got one mail of ours can
      // write many: a message is complained about once.
      if let proven, try transaction.complaints.isAny(about: proven.id) { return false }
      let row = try transaction.complaints.insert(
        report: reportID, message: proven, recipient: proven?.recipient ?? recipient?.finalRecipient,
        feedbackType: reading.feedbackType ?? "unknown", correlation: match.correlation, consequence: words, now: now)
      guard row != nil else { return false }
      if proven != nil { amounts.add("complained") }
    case .autoReply, .reply, .other: break
    }
    return true
  }

  private mutating func countComplaint(_ message: Message?) throws {
    guard let message else { return }
    try group.flush()
    try transaction.accounts.noteComplaint(message.accountID, now: now)
    guard let account = try transaction.accounts.get(message.accountID) else { return }
    let count = try transaction.complaints.countSince(
      account: account.id, since: settings.restriction.windowStart(now: now))
    guard let standing = settings.restriction.standing(current: account.standing, complaints: count) else {
      return try desk.rank(account.id)
    }
    let reason = settings.restriction.reason(for: standing, complaints: count)
    if standing == .restricted { try restrict(account, reason: reason) } else { try flag(account, reason: reason) }
  }

  private var desk: CaseDesk {
    CaseDesk(
      transaction, restriction: settings.restriction, steps: settings.caseSteps, notices: settings.notices,
      contacts: settings.contacts, person: Actor.program(settings.owner).name, now: now)
  }

  private mutating func flag(_ account: Account, reason: String) throws {
    _ = try transaction.accounts.setStanding(account.id, version: nil, standing: .flagged, reason: reason, now: now)
    summary.flagged += 1
    let opened = try desk.flagged(account, reason)
    try audit(
      "policy.flag", subject: "account:\(account.id)", reason: reason,
      details: [
        "before": account.standing.rawValue, "after": "flagged", "report": "\(reportID)", "case": "\(opened.id)",
        "result": "\(account.address) flagged",
      ])
  }

  /// Restricts, unless policy has restricted as many accounts as it may within an hour (fault 30).
  private mutating func restrict(_ account: Account, reason: String) throws {
    let done = try transaction.tallies.sum("restricted", since: now - .hours(1))
    let limit = settings.reports.restrictionsPerHour
    guard RestrictionCap.verdict(restrictedInHour: done, limit: limit) == .apply else {
      return try withhold(account, reason: "\(reason); withheld: \(done) restricted within the hour, limit \(limit)")
    }
    _ = try transaction.accounts.setStanding(account.id, version: nil, standing: .restricted, reason: reason, now: now)
    try transaction.tallies.add("restricted", count: 1, at: now)
    summary.restricted += 1
    let held = try transaction.messages.holdAll(account: account.id, reason: AccountEvidence.holdReason, now: now)
    let opened = try desk.restricted(account, "\(reason); \(held) held", by: .automatically)
    try desk.tell(.restriction, account, opened, reason: reason)
    try desk.tell(.teamRestriction, account, opened, reason: reason)
    try audit(
      "policy.restrict", subject: "account:\(account.id)", reason: reason,
      details: [
        "before": account.standing.rawValue, "after": "restricted", "report": "\(reportID)", "held": "\(held)",
        "case": "\(opened.id)", "result": "\(account.address) restricted, \(held) held",
      ])
  }

  private mutating func withhold(_ account: Account, reason: String) throws {
    amounts.add("restriction withheld")
    summary.withheld += 1
    guard account.standing != .flagged || !account.reason.contains("withheld") else { return try desk.rank(account.id) }
    if account.standing == .good { summary.flagged += 1 }
    _ = try transaction.accounts.setStanding(account.id, version: nil, standing: .flagged, reason: reason, now: now)
    let opened = try desk.flagged(account, reason)
    try audit(
      "policy.withhold", subject: "account:\(account.id)", reason: reason,
      details: [
        "before": account.standing.rawValue, "after": "flagged", "report": "\(reportID)", "case": "\(opened.id)",
        "result": "\(account.address) flagged, not restricted",
      ])
  }

  private func settle(_ message: Message?) throws {
    guard let message else { return }
    group.forget(message)
    _ = try transaction.settle(
      message, reason: "report \(reportID) proves that it was accepted", evidence: "a report cites it",
      details: ["report": "\(reportID)"], by: .program(settings.owner), now: now)
  }

  /// As a new message, once however often the bounce is told.
  private func retry(_ message: Message?, _ reason: String, after delay: Span) throws {
    guard let message else { return }
    let isRestricted = try transaction.accounts.get(message.accountID)?.standing == .restricted
    let new = try transaction.messages.enqueueAnew(
      message.id, version: message.version, state: isRestricted ? .held : .queued,
      reason: isRestricted ? AccountEvidence.holdReason : "message \(message.id) bounced softly: \(reason)",
      due: now + delay, now: now)
    guard let new else { return }
    try audit(
      "policy.retry", subject: "message:\(message.id)", reason: "soft bounce: \(reason)",
      details: ["due": Clockface.utc(now + delay), "report": "\(reportID)", "result": "tried again as message \(new)"])
  }

  private func advance(_ message: Message?, to stage: MessageStage) throws {
    guard let message else { return }
    group.advance(message.id, to: stage)
    // Bounces, delays and complaints have tables of their own.
    guard stage == .replied || stage == .delivered else { return }
    try transaction.messageEvents.appendOnce(
      message.id, kind: stage.rawValue, at: now, source: "report \(reportID)",
      detail: stage == .replied ? "\(reading.from): \(reading.subject)" : reading.reportingMTA ?? "")
  }

  private func audit(_ operation: String, subject: String, reason: String, details: [String: String]) throws {
    _ = try transaction.audit.append(
      at: now, actor: .program(settings.owner), operation: operation, subject: subject, reason: reason,
      detailsJSON: JSONLine.object(details))
  }
}

extension ReportConsequence {
  /// As shown in the bounce and complaint tables; `nil` for what is not shown there.
  fileprivate var words: String? {
    switch self {
    case .suppress(_, _, let scope, let lifetime):
      "suppressed" + (scope == .sender ? " for the sender" : "") + (lifetime == nil ? "" : " for a while")
    case .countSoft(let count, let limit): "soft \(count) of \(limit)"
    case .retry(let delay): "tried again after \(delay.words)"
    case .raiseBlock: "alerted"
    case .countComplaint: "counted"
    case .settleSent: "settled doubt"
    case .advance: nil
    case .triage: "none: not proven to be ours"
    }
  }
}
