import Foundation
import GRDB
public import MailModel

/// Mails from the report mailbox: stored raw first, classified after.
public struct Reports {
  let db: Database

  /// A stored report that waits for its classification.
  public struct Unclassified: Sendable {
    public var id: Report.ID
    public var location: MailboxLocation
    public var raw: [UInt8]
    public var receivedAt: Timestamp
  }

  /// Stores a fetched mail, once for ever.
  ///
  /// - Returns: `nil` when it is stored already: at this location, or with the same bytes under an older UIDVALIDITY
  ///   of the same mailbox (fault 25).
  public func store(_ location: MailboxLocation, raw: [UInt8], receivedAt: Timestamp) throws -> Report.ID? {
    let uids = location.uid...location.uid
    let isStored = try !stored(mailbox: location.mailbox, uidValidity: location.uidValidity, uids: uids).isEmpty
    let mail = HashedMail(raw)
    if try isStored || isStoredElsewhere(location, mail) { return nil }
    return try add(location, mail, receivedAt: receivedAt)
  }

  /// Stores a mail whose place is free.
  func add(_ location: MailboxLocation, _ mail: HashedMail, receivedAt: Timestamp) throws -> Report.ID {
    try db.cachedStatement(
      sql: "INSERT INTO report (mailbox, uid_validity, uid, received_at, hash) VALUES ($1, $2, $3, $4, $5)"
    ).execute(arguments: [
      location.mailbox, Int64(location.uidValidity), Int64(location.uid), receivedAt.microseconds, mail.hash,
    ])
    let id = db.lastInsertedRowID
    try db.cachedStatement(sql: "INSERT INTO report_raw (report_id, bytes) VALUES ($1, $2)")
      .execute(arguments: [id, Data(mail.bytes)])
    return id
  }

  /// Whether the mailbox has reports under another UIDVALIDITY.
  public func wasRenumbered(_ mailbox: String, uidValidity: UInt32) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM report WHERE mailbox = $1 AND uid_validity < $2)
            OR EXISTS (SELECT 1 FROM report WHERE mailbox = $1 AND uid_validity > $2)
          """), arguments: [mailbox, Int64(uidValidity)]) ?? true
  }

  /// Reports not classified yet, oldest first.
  /// - Parameter after: those with greater numbers only.
  public func unclassified(after last: Report.ID = 0, limit: Int) throws -> [Unclassified] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT r.id, r.mailbox, r.uid_validity, r.uid, w.bytes, r.received_at
          FROM report r JOIN report_raw w ON w.report_id = r.id WHERE r.is_classified = 0 AND r.id > $1
          ORDER BY r.id LIMIT $2
          """),
      arguments: [last, limit]
    ).map { row in
      Unclassified(
        id: row[0], location: Reports.location(row[1], row[2], row[3]), raw: Array(row[4] as Data),
        receivedAt: Timestamp(microseconds: row[5]))
    }
  }

  /// Records what a report is and what it is about.
  /// - Parameter isUnmatched: keeps it in *Unmatched*.
  public func classify(
    _ id: Report.ID, _ report: ClassifiedReport, correlation: Correlation, message: Message.ID?, isUnmatched: Bool
  ) throws {
    try db.cachedStatement(
      sql: """
        UPDATE report SET is_classified = 1, version = version + 1, kind = $1, sender = $2, subject = $3, correlation = $4, message_id = $5,
          original_message_id = $6, feedback_type = $7, why = $8, is_unmatched = $9,
          envelope_id = $10
        WHERE id = $11
        """
    ).execute(arguments: [
      report.kind.rawValue, String(report.from.prefix(500)), String(report.subject.prefix(500)), correlation.rawValue,
      message, report.originalMessageID.map { String($0.prefix(998)) },
      report.feedbackType.map { String($0.prefix(60)) },
      report.why, isUnmatched, report.envelopeID.map { String($0.prefix(100)) }, id,
    ])
  }

  public func get(_ id: Report.ID) throws -> Report? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT \(Reports.columns) FROM report r WHERE r.id = $1"), arguments: [id]
    ).map(Reports.decode)
  }

  public func raw(of id: Report.ID, limit: Int = .max) throws -> [UInt8]? {
    let length = min(limit, 1 << 30)
    return try Data.fetchOne(
      db.cachedStatement(sql: "SELECT substr(bytes, 1, $1) FROM report_raw WHERE report_id = $2"),
      arguments: [length, id]
    ).map(Array.init)
  }

  /// Replies and automatic replies to a message, oldest first, at most 100.
  public func replies(to message: Message.ID) throws -> [Report] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT \(Reports.columns) FROM report r
          WHERE r.message_id = $1 AND r.kind IN ('reply', 'autoreply') ORDER BY r.id LIMIT 100
          """), arguments: [message]
    ).map(Reports.decode)
  }

  /// Newest first.
  /// - Parameter onlyHandled: those that people dealt with: matched, dismissed, labelled.
  public func page(
    kinds: Set<ReportKind> = [], onlyUnmatched: Bool = false, onlyHandled: Bool = false, text: String = "",
    isDescending: Bool = true,
    position: PagePosition = .start, limit: Int = 50
  ) throws -> Page<Report> {
    var page = PageQuery(
      select: "SELECT \(Reports.columns)/*sort*/ FROM report r", sort: "r.id", id: "r.id", isDescending: isDescending,
      position: position, limit: limit)
    if onlyUnmatched { page.filter("r.is_unmatched = 1") }
    if onlyHandled { page.filter("r.is_unmatched = 0 AND r.handled <> ''") }
    page.oneOf("r.kind", kinds.map(\.rawValue).sorted())
    page.search(text, in: ["r.sender", "r.subject", "r.original_message_id", "r.why", Reports.recipient])
    return try page.fetch(db) { row in
      let report = Reports.decode(row)
      return (report.id, report)
    }
  }

  private static let columns = """
    r.id, r.mailbox, r.uid_validity, r.uid, r.kind, r.received_at, r.sender, r.subject, r.correlation, r.message_id,
    r.original_message_id, r.feedback_type, r.why, r.version, r.is_unmatched, r.handled, r.label,
    \(recipient)
    """

  /// Both by an index of their table.
  private static let recipient = """
    coalesce((SELECT min(b.recipient) FROM bounce b WHERE b.report_id = r.id),
      (SELECT c.recipient FROM complaint c WHERE c.report_id = r.id), '')
    """

  private static func location(_ mailbox: String, _ uidValidity: Int64, _ uid: Int64) -> MailboxLocation {
    MailboxLocation(mailbox: mailbox, uidValidity: UInt32(clamping: uidValidity), uid: UInt32(clamping: uid))
  }

  private static func decode(_ row: Row) -> Report {
    Report(
      id: row[0], location: location(row[1], row[2], row[3]), kind: ReportKind(rawValue: row[4]) ?? .other,
      receivedAt: Timestamp(microseconds: row[5]), from: row[6], subject: row[7],
      correlation: Correlation(rawValue: row[8]) ?? .none, messageID: row[9], originalMessageID: row[10],
      feedbackType: row[11], why: row[12], version: row[13], isUnmatched: row[14], handled: row[15],
      label: (row[16] as String?).flatMap(ReplyLabel.init(rawValue:)), recipient: row[17])
  }
}
