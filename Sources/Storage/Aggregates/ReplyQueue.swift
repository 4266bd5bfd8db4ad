import GRDB
public import MailModel

/// Queue ids from relays' replies; kept up with the attempts by whoever needs them.
public struct ReplyQueue {
  /// Older replies are of no use: no relay keeps a message that long.
  public static let memory = Span.days(30)

  public struct Entry: Sendable, Equatable {
    public var message: Message.ID
    /// `host:port`.
    public var relay: String
    public var repliedAt: Timestamp
  }

  let db: Database

  /// Reads up to `limit` further attempts.
  ///
  /// - Parameter queueID: what a reply names, if anything.
  /// - Returns: whether there are more.
  public func catchUp(limit: Int, now: Timestamp, queueID: (String) -> String?) throws -> Bool {
    let place = try Int64.fetchOne(db.cachedStatement(sql: "SELECT attempt_id FROM reply_queue_place")) ?? 0
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT id, message_id, relay, replied_at, outcome, text FROM attempt WHERE id > $1 ORDER BY id LIMIT $2
          """),
      arguments: [place, limit])
    let oldest = now - ReplyQueue.memory
    let insert = try db.cachedStatement(
      sql: """
        INSERT INTO reply_queue (queue_id, message_id, relay, replied_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (queue_id, message_id, replied_at) DO NOTHING
        """)
    for row in rows {
      guard row[4] as String == "accepted", let repliedAt = row[3] as Int64?, repliedAt >= oldest.microseconds,
        let id = queueID(row[5])
      else { continue }
      try insert.execute(arguments: [id, row[1] as Int64, row[2] as String, repliedAt])
    }
    guard let last = rows.last else { return false }
    try db.cachedStatement(sql: "UPDATE reply_queue_place SET attempt_id = $1").execute(arguments: [last[0] as Int64])
    try db.cachedStatement(sql: "DELETE FROM reply_queue WHERE replied_at < $1").execute(
      arguments: [oldest.microseconds])
    return rows.count == limit
  }

  /// Whether there are attempts that were not read yet.
  public func isBehind() throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: "SELECT EXISTS (SELECT 1 FROM attempt WHERE id > (SELECT attempt_id FROM reply_queue_place))")) ?? false
  }

  /// The messages that some relay took under this queue id, the latest first, at most 100.
  public func entries(queueID: String) throws -> [Entry] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT message_id, relay, replied_at FROM reply_queue WHERE queue_id = $1
          ORDER BY replied_at DESC, message_id LIMIT 100
          """),
      arguments: [queueID]
    ).map { Entry(message: $0[0], relay: $0[1], repliedAt: Timestamp(microseconds: $0[2])) }
  }

  /// The relays whose replies named the queue ids that this machine's log ties to the same messages.
  public func relays(ofLogsBy host: String) throws -> Set<String> {
    try String.fetchSet(
      db.cachedStatement(
        sql: """
          SELECT DISTINCT r.relay FROM (SELECT queue_id, message_id FROM relay_queue WHERE host = $1 LIMIT 1000) AS q
          JOIN reply_queue r ON r.queue_id = q.queue_id AND r.message_id = q.message_id
          """),
      arguments: [host])
  }
}
