import GRDB
public import MailModel

/// What happened to messages after a server took them, and how far each came.
public struct MessageEvents {
  let db: Database

  public func append(
    _ message: Message.ID, kind: String, at moment: Timestamp, source: String, detail: String
  ) throws {
    try db.cachedStatement(
      sql: "INSERT INTO message_event (message_id, kind, occurred_at, source, detail) VALUES ($1, $2, $3, $4, $5)"
    ).execute(arguments: [
      message, String(kind.prefix(60)), moment.microseconds, String(source.prefix(100)), String(detail.prefix(500)),
    ])
  }

  /// What a source tells once, such as a report that may be read again. Does nothing when it stands there.
  public func appendOnce(
    _ message: Message.ID, kind: String, at moment: Timestamp, source: String, detail: String
  ) throws {
    let isThere = try Bool.fetchOne(
      db.cachedStatement(
        sql: "SELECT EXISTS (SELECT 1 FROM message_event WHERE message_id = $1 AND kind = $2 AND source = $3)"),
      arguments: [message, kind, source])
    if isThere == true { return }
    try append(message, kind: kind, at: moment, source: source, detail: detail)
  }

  /// Advances the stages of messages, none of them back. - Parameter stages: the furthest of each.
  public func advance(_ stages: [Message.ID: MessageStage], now: Timestamp) throws {
    try MessageEvents.stageRows.write(stages.sorted { $0.key < $1.key }, in: db) { row, values in
      values.add(row.key)
      values.add(row.value.rawValue)
      values.add(row.value.rank)
      values.add(now.microseconds)
    }
  }

  private static let stageRows = RowWrite(
    head: "INSERT INTO message_stage (message_id, stage, rank, changed_at)", columns: 4,
    tail: """
      ON CONFLICT (message_id) DO UPDATE SET stage = excluded.stage, rank = excluded.rank,
        changed_at = excluded.changed_at WHERE excluded.rank > message_stage.rank
      """)

  /// Whether anything was heard of a message that only a server can tell who took it: a report or an answer that is
  /// proven to be about it, a provider's event, a line of a relay's log.
  public func areEvidence(of message: Message.ID) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM message_stage WHERE message_id = $1)
            OR EXISTS (SELECT 1 FROM report WHERE message_id = $1 AND kind <> 'other'
              AND correlation IN (\(Reports.proofs)))
            OR EXISTS (SELECT 1 FROM message_event WHERE message_id = $1
              AND (kind = 'send' OR substr(kind, 1, 6) = 'relay '))
          """), arguments: [message]) ?? false
  }

  /// `nil` while nothing has been heard of the message.
  public func stage(of message: Message.ID) throws -> MessageStage? {
    try String.fetchOne(
      db.cachedStatement(sql: "SELECT stage FROM message_stage WHERE message_id = $1"), arguments: [message]
    ).flatMap(MessageStage.init(rawValue:))
  }

  /// Oldest first, at most 200.
  public func list(of message: Message.ID) throws -> [MessageEvent] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT id, message_id, kind, occurred_at, source, detail FROM message_event
          WHERE message_id = $1 ORDER BY id LIMIT 200
          """),
      arguments: [message]
    ).map { row in
      MessageEvent(
        id: row[0], messageID: row[1], kind: row[2], occurredAt: Timestamp(microseconds: row[3]), source: row[4],
        detail: row[5])
    }
  }

  /// Whether an event of a provider was taken before.
  public func isKnown(identity: String) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM provider_event WHERE identity = $1)"),
      arguments: [identity]) ?? false
  }

  /// Remembers an event of a provider by its identity. - Returns: `false` when it was taken before.
  public func isNew(
    identity: String, provider: String, kind: String, occurredAt: Timestamp, now: Timestamp
  ) throws -> Bool {
    try db.cachedStatement(
      sql: """
        INSERT INTO provider_event (identity, provider, kind, occurred_at, imported_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (identity) DO NOTHING
        """
    ).execute(arguments: [identity, provider, kind, occurredAt.microseconds, now.microseconds])
    return db.changesCount == 1
  }
}
