import MailModel
import MailPolicy
import Storage

/// Applies the consequences of one report inside its transaction, with an audit row for each decision.
struct ReportApplication {
  let reportID: Report.ID
  let reading: ClassifiedReport
  let restriction: RestrictionPolicy
  /// Ids of the runbook's steps, for the cases that complaints open.
  let caseSteps: [String]
  let notices: NoticeDesk
  let owner: String
  let now: Timestamp
  let transaction: Transaction
  var summary = IntakeSummary()

  init(
    reportID: Report.ID, reading: ClassifiedReport, restriction: RestrictionPolicy, caseSteps: [String],
    notices: NoticeDesk, owner: String, now: Timestamp,
    transaction: Transaction
  ) {
    self.reportID = reportID
    self.reading = reading
    self.restriction = restriction
    self.caseSteps = caseSteps
    self.notices = notices
    self.owner = owner
    self.now = now
    self.transaction = transaction
  }

  mutating func apply(_ recipient: ReportedRecipient?, _ match: Correlator.Match) throws {
    let consequences = ReportPolicy.consequences(
      kind: kind(of: recipient), recipient: recipient, correlation: match.correlation,
      messageState: match.message?.state, sentTo: match.message?.recipient)
    guard try record(recipient, match, consequences) else { return }
    for consequence in consequences {
      switch consequence {
      case .suppress(let address, let reason): try suppress(address, reason: reason)
      case .countComplaint: try countComplaint(match.message)
      case .settleSent: try settle(match.message)
      case .triage: break
      }
    }
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

  /// - Returns: `false` when this was recorded before, so that nothing is counted twice.
  private func record(
    _ recipient: ReportedRecipient?, _ match: Correlator.Match, _ consequences: [ReportConsequence]
  ) throws -> Bool {
    let words = consequences.isEmpty ? "none" : consequences.map(\.words).joined(separator: ", ")
    let proven = match.correlation.isProof ? match.message : nil
    switch kind(of: recipient) {
    case .bounce, .delay:
      let address = proven?.recipient ?? recipient?.originalRecipient ?? recipient?.finalRecipient ?? "unknown"
      let row = try transaction.bounces.insert(
        report: reportID, message: proven, recipient: address, reported: recipient ?? ReportedRecipient(),
        kind: kind(of: recipient), correlation: match.correlation, consequence: words, now: now)
      guard row != nil else { return false }
      if proven != nil {
        try transaction.tallies.add(kind(of: recipient) == .bounce ? "bounced" : "delayed", count: 1, at: now)
      }
    case .complaint:
      let row = try transaction.complaints.insert(
        report: reportID, message: proven, recipient: proven?.recipient ?? recipient?.finalRecipient,
        feedbackType: reading.feedbackType ?? "unknown", correlation: match.correlation, consequence: words, now: now)
      guard row != nil else { return false }
      if proven != nil { try transaction.tallies.add("complained", count: 1, at: now) }
    case .autoReply, .reply, .other: break
    }
    return true
  }

  private mutating func suppress(_ address: String, reason: String) throws {
    try transaction.recipients.setInactive(address, reason: "\(reason), report \(reportID)", now: now)
    guard
      try transaction.suppressions.add(address, reason: reason, source: "report \(reportID)", now: now)
    else { return }
    let waiting = try transaction.messages.suppressWaiting(
      recipient: address, reason: "recipient is suppressed: \(reason)", now: now)
    summary.suppressed += 1
    try audit(
      "policy.suppress", subject: "recipient:\(address)", reason: reason,
      details: ["report": "\(reportID)", "waiting": "\(waiting)"])
  }

  private mutating func countComplaint(_ message: Message?) throws {
    guard let message else { return }
    try transaction.accounts.noteComplaint(message.accountID, now: now)
    guard let account = try transaction.accounts.get(message.accountID) else { return }
    let count = try transaction.complaints.countSince(
      account: account.id, since: restriction.windowStart(now: now))
    let desk = CaseDesk(
      transaction, restriction: restriction, steps: caseSteps, notices: notices, person: Actor.program(owner).name,
      now: now)
    guard let standing = restriction.standing(current: account.standing, complaints: count) else {
      return try desk.rank(account.id)
    }
    let reason = restriction.reason(for: standing, complaints: count)
    _ = try transaction.accounts.setStanding(account.id, version: nil, standing: standing, reason: reason, now: now)
    var details = ["before": account.standing.rawValue, "after": standing.rawValue, "report": "\(reportID)"]
    if standing == .restricted {
      summary.restricted += 1
      let held = try transaction.messages.holdAll(account: account.id, reason: AccountEvidence.holdReason, now: now)
      details["held"] = "\(held)"
      let opened = try desk.restricted(account, "\(reason); \(held) held", opening: .restrictedAutomatically)
      details["case"] = "\(opened.id)"
      try desk.tell(.restriction, account, opened, reason: reason)
    } else {
      summary.flagged += 1
      let opened = try desk.opened(account, as: .flagged)
      try desk.decide(opened, reason) {
        $0.state = .open
        $0.nextReview = nil
      }
      details["case"] = "\(opened.id)"
    }
    try audit(
      standing == .restricted ? "policy.restrict" : "policy.flag", subject: "account:\(account.id)", reason: reason,
      details: details)
  }

  /// Evidence settles doubt: a report that cites the message proves that a server took it.
  private func settle(_ message: Message?) throws {
    guard let message else { return }
    guard
      try transaction.messages.change(
        message.id, version: message.version, transition: .settleSent,
        reason: "report \(reportID) proves that it was accepted", now: now)
    else { return }
    try audit(
      "policy.settle", subject: "message:\(message.id)", reason: "a report cites it", details: ["report": "\(reportID)"]
    )
  }

  private func audit(_ operation: String, subject: String, reason: String, details: [String: String]) throws {
    _ = try transaction.audit.append(
      at: now, actor: .program(owner), operation: operation, subject: subject, reason: reason,
      detailsJSON: JSONLine.object(details))
  }
}

extension ReportConsequence {
  /// As shown in the bounce and complaint tables.
  fileprivate var words: String {
    switch self {
    case .suppress: "suppressed"
    case .countComplaint: "counted"
    case .settleSent: "settled doubt"
    case .triage: "none: not proven to be ours"
    }
  }
}
