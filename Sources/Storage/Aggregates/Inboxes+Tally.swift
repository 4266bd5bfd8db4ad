import GRDB
public import MailModel

/// What happened to an inbox's mail, from counts that are kept by the quarter of an hour.
extension Inboxes {
  /// The width of a bucket. Moments between two buckets count with the earlier one.
  private static let bucket = Span.minutes(15).microseconds
  private static let sums = """
    coalesce(sum(armed), 0), coalesce(sum(sent), 0), coalesce(sum(refused), 0), coalesce(sum(bounced), 0),
    coalesce(sum(complained), 0), coalesce(sum(replied), 0)
    """

  /// Sums from `start` on, to before `end`. Both should lie on quarters of an hour, as midnights do.
  public func tally(_ id: Inbox.ID, from start: Timestamp, to end: Timestamp) throws -> InboxTally {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: "SELECT \(Inboxes.sums) FROM inbox_tally WHERE inbox_id = $1 AND bucket >= $2 AND bucket < $3"),
      arguments: [id, Inboxes.number(start), Inboxes.number(end)])
    return row.map { Inboxes.tally($0, from: 0) } ?? InboxTally()
  }

  /// Sums between neighbouring `boundaries`, such as midnights: one less than there are boundaries.
  public func series(_ id: Inbox.ID, boundaries: [Timestamp]) throws -> [InboxTally] {
    guard let first = boundaries.first, let last = boundaries.last, boundaries.count > 1 else { return [] }
    var series = Array(repeating: InboxTally(), count: boundaries.count - 1)
    let starts = boundaries.map(Inboxes.number)
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT bucket, armed, sent, refused, bounced, complained, replied FROM inbox_tally
          WHERE inbox_id = $1 AND bucket >= $2 AND bucket < $3 ORDER BY bucket
          """), arguments: [id, Inboxes.number(first), Inboxes.number(last)])
    var place = 0
    for row in rows {
      while place + 1 < series.count, (row[0] as Int64) >= starts[place + 1] { place += 1 }
      series[place] += Inboxes.tally(row, from: 1)
    }
    return series
  }

  private static func tally(_ row: Row, from first: Int) -> InboxTally {
    InboxTally(
      armed: row[first], sent: row[first + 1], refused: row[first + 2], bounced: row[first + 3],
      complained: row[first + 4], replied: row[first + 5])
  }

  private static func number(_ moment: Timestamp) -> Int64 {
    let (quotient, remainder) = moment.microseconds.quotientAndRemainder(dividingBy: bucket)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

extension Inboxes {
  /// The inbox that a message goes out from; `nil` when it is none of ours.
  public func of(message id: Message.ID) throws -> Inbox.ID? {
    try Int64.fetchOne(db.cachedStatement(sql: "SELECT inbox_id FROM message WHERE id = $1"), arguments: [id])
  }
}
