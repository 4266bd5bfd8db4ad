import GRDB
public import MailModel

/// A mail that is stored for the first time, with what was read out of it.
public struct NewReport: Sendable {
  public var id: Report.ID
  public var location: MailboxLocation
  public var mail: HashedMail
  public var receivedAt: Timestamp
  /// `nil` for one that is only stored and waits to be classified.
  public var reading: SharedReading?
  public var correlation = Correlation.none
  public var messageID: Message.ID?
  /// Keeps it in *Unmatched*.
  public var isUnmatched = false

  public init(id: Report.ID, location: MailboxLocation, mail: HashedMail, receivedAt: Timestamp) {
    self.id = id
    self.location = location
    self.mail = mail
    self.receivedAt = receivedAt
  }
}

extension Reports {
  /// Mails longer than this are written one by one: a statement holds a copy of what it writes.
  private static let batchedLength = 64 << 10

  /// The id that the next report gets; the transaction that asks must be the one that writes it.
  public func nextID() throws -> Report.ID {
    try Int64.fetchOne(db.cachedStatement(sql: "SELECT coalesce(max(id), 0) + 1 FROM report")) ?? 1
  }

  /// The UIDs of a range that are stored already, in their order.
  public func stored(
    mailbox: String, uidValidity: UInt32, uids: ClosedRange<UInt32>, limit: Int = .max
  ) throws -> [UInt32] {
    try Int64.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT uid FROM report WHERE mailbox = $1 AND uid_validity = $2 AND uid BETWEEN $3 AND $4
          ORDER BY uid LIMIT $5
          """),
      arguments: [mailbox, Int64(uidValidity), Int64(uids.lowerBound), Int64(uids.upperBound), limit]
    ).compactMap { UInt32(exactly: $0) }
  }

  /// Whether these bytes are stored under another UIDVALIDITY of the same mailbox (fault 25).
  public func isStoredElsewhere(_ location: MailboxLocation, _ mail: HashedMail) throws -> Bool {
    let found = try Bool.fetchOne(
      db.cachedStatement(
        sql: "SELECT EXISTS (SELECT 1 FROM report WHERE mailbox = $1 AND hash = $2 AND uid_validity <> $3)"),
      arguments: [location.mailbox, mail.hash, Int64(location.uidValidity)])
    return found == true
  }

  /// Stores mails that are new, raw and classified, many at a time, and counts them. Their locations must not be stored yet.
  public func insert(_ reports: [NewReport]) throws {
    var unmatched = 0
    var replies: [(message: Message.ID?, receivedAt: Timestamp)] = []
    try Reports.rows.write(reports, in: db) { report, values in
      Reports.bind(report, &values)
      if report.isUnmatched { unmatched += 1 }
      if report.reading?.report.kind == .reply, report.correlation.isProof {
        replies.append((report.messageID, report.receivedAt))
      }
    }
    try writeRaw(reports)
    try Counters(db: db).add("report.unmatched", unmatched)
    for reply in replies { try countReply(reply.message, receivedAt: reply.receivedAt) }
  }

  private func writeRaw(_ reports: [NewReport]) throws {
    var isLong = false
    for index in reports.indices where reports[index].mail.bytes.count > Reports.batchedLength { isLong = true }
    for part in isLong ? reports.map({ [$0] }) : [reports] {
      try Reports.rawRows.write(part, in: db) { report, values in
        values.add(report.id)
        values.add(report.mail.bytes)
      }
    }
  }

  private static func bind(_ report: NewReport, _ values: inout RowValues) {
    values.add(report.id)
    values.add(report.location.mailbox)
    values.add(Int64(report.location.uidValidity))
    values.add(Int64(report.location.uid))
    values.add(report.receivedAt.microseconds)
    values.add(report.mail.hash)
    let reading = report.reading
    values.add(reading != nil)
    values.add((reading?.report.kind ?? .other).rawValue)
    values.add(reading?.report.from.bounded(500) ?? "")
    values.add(reading?.report.subject.bounded(500) ?? "")
    values.add(report.correlation.rawValue)
    values.add(report.messageID)
    values.add(reading?.report.originalMessageID?.bounded(998))
    values.add(reading?.report.feedbackType?.bounded(60))
    values.add(reading?.report.why ?? "")
    values.add(report.isUnmatched)
    values.add(reading?.report.envelopeID?.bounded(100))
  }

  private static let rows = RowWrite(
    head: """
      INSERT INTO report (id, mailbox, uid_validity, uid, received_at, hash, is_classified, kind, sender, subject,
        correlation, message_id, original_message_id, feedback_type, why, is_unmatched, envelope_id)
      """, columns: 17)
  private static let rawRows = RowWrite(head: "INSERT INTO report_raw (report_id, bytes)", columns: 2)
}
