import GRDB
public import MailModel

/// Every try to deliver, kept for good.
public struct Attempts {
  let db: Database

  /// Appends; the attempt's own `id` is not used.
  public func append(_ attempt: Attempt) throws { try append([attempt]) }

  /// Appends them in order; their own `id`s are not used.
  public func append(_ attempts: [Attempt]) throws {
    for chunk in Rows.chunks(of: attempts) {
      try db.cachedStatement(
        sql: """
          INSERT INTO attempt (message_id, epoch, relay, outcome, stage, reply_code, enhanced_status, text, rendered_at,
            armed_at, replied_at, peer)
          VALUES \(Rows.placeholders(rows: chunk.count, columns: 12))
          """
      ).execute(arguments: StatementArguments(chunk.flatMap(Attempts.arguments)))
    }
  }

  private static func arguments(_ attempt: Attempt) -> [(any DatabaseValueConvertible)?] {
    [
      attempt.messageID, attempt.epoch, attempt.relay, attempt.outcome, attempt.stage?.rawValue, attempt.replyCode,
      attempt.enhancedStatus?.description, String(attempt.text.prefix(4_000)), attempt.renderedAt?.microseconds,
      attempt.armedAt?.microseconds, attempt.repliedAt?.microseconds,
      String(attempt.peer.prefix(100)),
    ]
  }

  /// A message's attempts, oldest first, at most 200.
  public func list(of message: Message.ID) throws -> [Attempt] {
    try Row.fetchAll(
      db.cachedStatement(sql: "\(Attempts.select) WHERE t.message_id = $1 ORDER BY t.id LIMIT 200"),
      arguments: [message]
    ).map(Attempts.decode)
  }

  /// One attempt with what the send log says of its message.
  public struct Logged: Sendable, Equatable {
    public var attempt: Attempt
    public var recipient: String
    public var account: String
    public var messageID: String
    public var source: String
  }

  /// Attempts after `id`, in order: what the send log has not written yet.
  public func after(_ id: Int64, limit: Int) throws -> [Logged] {
    let cursor = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT \(Attempts.columns), m.recipient, a.address, m.message_id, m.source
          FROM attempt t JOIN message m ON m.id = t.message_id JOIN account a ON a.id = m.account_id
          WHERE t.id > $1 ORDER BY t.id LIMIT $2
          """),
      arguments: [id, limit])
    return try Array(
      cursor.map { row in
        Logged(attempt: Attempts.decode(row), recipient: row[13], account: row[14], messageID: row[15], source: row[16])
      })
  }

  /// What was accepted lately, among the last thousand attempts: how many, and the first of them.
  public func accepted(since moment: Timestamp) throws -> (count: Int, first: Timestamp?) {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT count(*), min(replied_at) FROM
            (SELECT outcome, replied_at FROM attempt ORDER BY id DESC LIMIT 1000) AS latest
          WHERE outcome = 'accepted' AND replied_at >= $1
          """),
      arguments: [moment.microseconds])
    return (row?[0] ?? 0, (row?[1] as Int64?).map(Timestamp.init(microseconds:)))
  }

  private static let columns = """
    t.id, t.message_id, t.epoch, t.relay, t.outcome, t.stage, t.reply_code, t.enhanced_status, t.text, t.rendered_at,
    t.armed_at, t.replied_at, t.peer
    """
  private static let select = "SELECT \(columns) FROM attempt t"

  private static func decode(_ row: Row) -> Attempt {
    Attempt(
      id: row[0], messageID: row[1], epoch: row[2], relay: row[3], outcome: row[4],
      stage: (row[5] as String?).flatMap(DeliveryStage.init(rawValue:)), replyCode: row[6],
      enhancedStatus: (row[7] as String?).flatMap { EnhancedStatus($0) }, text: row[8],
      renderedAt: (row[9] as Int64?).map(Timestamp.init(microseconds:)),
      armedAt: (row[10] as Int64?).map(Timestamp.init(microseconds:)),
      repliedAt: (row[11] as Int64?).map(Timestamp.init(microseconds:)), peer: row[12])
  }
}
