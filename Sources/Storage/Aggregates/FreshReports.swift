import GRDB
public import MailModel

/// What came lately: for the resume ladder, and for tables of the last hours.
extension Bounces {
  /// An id up to which every bounce came before a moment, found in a few steps: what is older need not be gone through.
  func lastID(before moment: Timestamp) throws -> Int64 {
    let old = (moment - FreshReports.disorder).microseconds
    var (below, above) = (Int64(0), try Int64.fetchOne(db, sql: "SELECT coalesce(max(id), 0) + 1 FROM bounce") ?? 1)
    while above - below > 1 {
      let middle = below + (above - below) / 2
      let row = try Row.fetchOne(
        db.cachedStatement(sql: "SELECT id, occurred_at FROM bounce WHERE id >= $1 ORDER BY id LIMIT 1"),
        arguments: [middle])
      if let row, row[1] < old { below = row[0] } else { above = middle }
    }
    return below
  }

  /// Messages that, by proof, bounced for the first time after a moment. Only rows that came since are gone through.
  public func provenCount(after moment: Timestamp) throws -> Int {
    try FreshReports.provenCount(Bounces.fresh, moment, db) { $0[2] == ReportKind.bounce.rawValue && !$0[3] }
  }

  private static let fresh = """
    SELECT b.occurred_at, b.correlation, b.kind, EXISTS (
      SELECT 1 FROM bounce e WHERE lower(e.recipient) = lower(b.recipient) AND e.message_id = b.message_id
        AND e.kind = 'bounce' AND e.id < b.id)
    FROM bounce b ORDER BY b.id DESC
    """
}

extension Complaints {
  /// Complaints after a moment that are tied to a message by proof, dismissed ones among them. Only rows that came since
  /// are gone through.
  public func provenCount(after moment: Timestamp) throws -> Int {
    try FreshReports.provenCount("SELECT occurred_at, correlation FROM complaint ORDER BY id DESC", moment, db)
  }
}

private enum FreshReports {
  /// Rows are written in another order than they are dated, by the seconds that writers wait for each other.
  static let disorder = Span.minutes(1)

  static func provenCount(
    _ sql: String, _ moment: Timestamp, _ db: Database, where isMeant: (Row) -> Bool = { _ in true }
  ) throws -> Int {
    var count = 0
    let rows = try Row.fetchCursor(db.cachedStatement(sql: sql))
    while let row = try rows.next() {
      let occurredAt = Timestamp(microseconds: row[0])
      guard occurredAt > moment - disorder else { break }
      if occurredAt > moment, Correlation(rawValue: row[1])?.isProof ?? false, isMeant(row) { count += 1 }
    }
    return count
  }
}
