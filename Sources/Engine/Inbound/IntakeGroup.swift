import MailFormats
import MailModel
import Storage

/// What the reports of one transaction leave behind, gathered and then written many rows at a time: a thousand bounces are
/// a few dozen statements.
///
/// Lives inside one transaction on one thread. Whoever reads what may be gathered here calls ``flush()`` first; nothing
/// of it is on record before ``finish()``.
final class IntakeGroup {
  /// Rows of one kind that are held in memory: a report may name hundreds of recipients.
  static let limit = 2_000

  let transaction: Transaction
  let now: Timestamp
  let owner: String
  let amounts = IntakeAmounts()
  private var reports: [NewReport] = []
  private var bounces: [NewBounce] = []
  private var bounced: Set<String> = []
  private var suppressions: [PendingSuppression] = []
  private var inactive: [String: String] = [:]
  private var stages: [Message.ID: MessageStage] = [:]
  /// The report that came last, and the recipients that it has named.
  private var named: (report: Report.ID, recipients: Set<String>)?
  /// Messages read ahead, by Message-ID.
  private var messages: [String: [Message]] = [:]
  private var suppressed = 0

  private struct PendingSuppression {
    var report: Report.ID
    var address: String
    var account: Account.ID?
    var lifetime: Span?
    var entry: NewSuppression
  }

  init(_ transaction: Transaction, owner: String, now: Timestamp) {
    self.transaction = transaction
    self.owner = owner
    self.now = now
  }

  /// Stores a new report with what was read out of it.
  func add(_ report: NewReport) {
    if report.reading != nil { named = (report.id, []) }
    reports.append(report)
  }

  /// - Returns: `false` when this report has named this recipient before, so that nothing is counted twice.
  func add(_ bounce: NewBounce) throws -> Bool {
    if named?.report != bounce.report {
      if bounces.contains(where: { $0.report == bounce.report }) { try flush() }
      named = (bounce.report, try transaction.bounces.recipients(of: bounce.report))
    }
    guard named?.recipients.insert(bounce.recipient).inserted == true else { return false }
    bounces.append(bounce)
    bounced.insert(bounce.recipient.lowercased())
    if bounces.count >= Self.limit { try flush() }
    return true
  }

  /// What the recipient gets no more, and why, follows with the group.
  func suppress(_ address: String, reason: String, report: Report.ID, account: Account.ID?, lifetime: Span?) throws {
    if account == nil, lifetime == nil { inactive[address] = "\(reason), report \(report)" }
    let entry = NewSuppression(
      address, reason: reason, source: "report \(report)", account: account, expiresAt: lifetime.map { now + $0 })
    suppressions.append(
      PendingSuppression(report: report, address: address, account: account, lifetime: lifetime, entry: entry))
    if suppressions.count >= Self.limit { try flush() }
  }

  func advance(_ message: Message.ID, to stage: MessageStage) {
    if let known = stages[message], known.rank >= stage.rank { return }
    stages[message] = stage
  }

  /// Messages to this recipient, other than `message`, that bounced softly and provenly since `moment`.
  func softBounces(_ recipient: String, since moment: Timestamp, besides message: Message.ID) throws -> Int {
    if bounced.contains(recipient.lowercased()) { try flush() }
    return try transaction.bounces.softCount(recipient: recipient, since: moment, besides: message)
  }

  // MARK: Messages

  /// Reads the messages that these reports cite at once.
  func readAhead(_ readings: [SharedReading]) throws {
    let ids = Set(readings.compactMap(\.report.originalMessageID).map(MessageIDText.bracketed))
    messages = try transaction.messages.find(messageIDs: ids.sorted())
  }

  /// As they were when the group began, but for those that ``forget(_:)`` was told of: what a group changes about a
  /// message (it waits no more, because its recipient is suppressed) is of no matter to a report about it.
  func messages(_ id: String) throws -> [Message] { try messages[id] ?? transaction.messages.find(messageID: id) }

  /// The message has changed.
  func forget(_ message: Message) { messages[message.messageID] = nil }

  // MARK: Writing

  /// Writes everything but the amounts. - Returns: what of it counts.
  func finish() throws -> IntakeSummary {
    try flush()
    try amounts.write(at: now, in: transaction)
    var summary = IntakeSummary()
    summary.suppressed = suppressed
    suppressed = 0
    return summary
  }

  func flush() throws {
    if !reports.isEmpty { try transaction.reports.insert(reports) }
    if !bounces.isEmpty { for first in try transaction.bounces.insert(bounces, now: now) { amounts.note(first) } }
    if !inactive.isEmpty { try transaction.recipients.setInactive(inactive, now: now) }
    if !stages.isEmpty { try transaction.messageEvents.advance(stages, now: now) }
    let waiting = suppressions
    (reports, bounces, bounced, suppressions, inactive, stages) = ([], [], [], [], [:], [:])
    try writeSuppressions(waiting)
  }

  /// In rounds, none of which holds a key twice: who comes second finds what the first one left.
  private func writeSuppressions(_ pending: [PendingSuppression]) throws {
    var rest = pending
    while !rest.isEmpty {
      var keys: Set<NewSuppression.Key> = []
      var round: [PendingSuppression] = []
      var later: [PendingSuppression] = []
      for one in rest {
        if keys.insert(one.entry.key).inserted { round.append(one) } else { later.append(one) }
      }
      rest = later
      let added = try transaction.suppressions.add(round.map(\.entry), now: now)
      let taken = round.filter { added.contains($0.entry.key) }
      let waiting = try transaction.messages.waitedFor(taken.map(\.entry.key.address))
      var entries: [AuditEntry] = []
      for one in taken { entries.append(try audited(one, isWaitedFor: waiting.contains(one.entry.key.address))) }
      try transaction.audit.append(entries, at: now, actor: .program(owner))
      suppressed += taken.count
    }
  }

  private func audited(_ pending: PendingSuppression, isWaitedFor: Bool) throws -> AuditEntry {
    let reason = pending.entry.reason
    let waiting =
      isWaitedFor
      ? try transaction.messages.suppressWaiting(
        recipient: pending.address, reason: "recipient is suppressed: \(reason)", now: now, account: pending.account)
      : 0
    // In the order of their names, as every line of details.
    var details = JSONLine.Object()
    details.add("account", pending.account.map { "\($0)" })
    details.add("report", "\(pending.report)")
    details.add("until", pending.lifetime.map { Clockface.utc(now + $0) })
    details.add("waiting", "\(waiting)")
    return AuditEntry(
      operation: "policy.suppress", subject: "recipient:\(pending.address)", reason: reason,
      detailsJSON: String(decoding: details.ended(), as: UTF8.self))
  }
}
