import GRDB
public import MailModel

/// What the store itself writes down of each message, by a trigger: whoever changes a state leaves a trace.
public struct MessageTraces {
  let db: Database

  /// Oldest first, the last 200.
  public func list(of message: Message.ID) throws -> [MessageTrace] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT id, message_id, at, epoch, source, target, reason, next_attempt_at FROM message_trace
          WHERE message_id = $1 ORDER BY id DESC LIMIT 200
          """),
      arguments: [message]
    ).reversed().compactMap { row in
      guard let source = MessageState(rawValue: row[4]), let target = MessageState(rawValue: row[5]) else { return nil }
      return MessageTrace(
        id: row[0], messageID: row[1], at: Timestamp(microseconds: row[2]), epoch: row[3], source: source,
        target: target, reason: row[6], nextAttemptAt: Timestamp(microseconds: row[7]))
    }
  }
}
