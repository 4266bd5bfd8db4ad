import GRDB
public import MailModel

/// Which queue ids relays gave to messages of ours, as their logs tell.
public struct RelayQueue {
  let db: Database

  /// One queue id of one message.
  public struct Entry: Sendable, Equatable {
    /// The machine whose log names it.
    public var host: String
    public var queueID: String
    public var seenAt: Timestamp
  }

  /// - Returns: whether it was new.
  @discardableResult
  public func note(host: String, queueID: String, message: Message.ID, at moment: Timestamp) throws -> Bool {
    try db.cachedStatement(
      sql: """
        INSERT INTO relay_queue (host, queue_id, message_id, seen_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (host, queue_id, message_id) DO NOTHING
        """
    ).execute(arguments: [host, queueID, message, moment.microseconds])
    return db.changesCount == 1
  }

  /// The machine has given the queue id to another mail at `moment`.
  public func forget(host: String, queueID: String, before moment: Timestamp) throws {
    try db.cachedStatement(sql: "DELETE FROM relay_queue WHERE host = $1 AND queue_id = $2 AND seen_at < $3").execute(
      arguments: [host, queueID, moment.microseconds])
  }

  /// The messages of ours that a queue id stands for: one, or several recipients of one mail.
  public func messages(host: String, queueID: String) throws -> [Message.ID] {
    try Int64.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT message_id FROM relay_queue WHERE host = $1 AND queue_id = $2 ORDER BY message_id LIMIT 1000
          """),
      arguments: [host, queueID])
  }

  /// At most 20, the latest first.
  public func entries(of message: Message.ID) throws -> [Entry] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT host, queue_id, seen_at FROM relay_queue WHERE message_id = $1
          ORDER BY seen_at DESC, host, queue_id LIMIT 20
          """),
      arguments: [message]
    ).map { Entry(host: $0[0], queueID: $0[1], seenAt: Timestamp(microseconds: $0[2])) }
  }
}
