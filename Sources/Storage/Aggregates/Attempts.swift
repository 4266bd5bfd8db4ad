import GRDB
public import MailModel

/// Every try to deliver, kept for good.
public struct Attempts {
  let db: Database

  /// Appends; the attempt's own `id` is not used.
  public func append(_ attempt: Attempt) throws { try append([attempt]) }

  /// Appends them in order; their own `id`s are not used.
  public func append(_ attempts: [Attempt]) throws {
    try Attempts.rows.write(attempts, in: db) { attempt, values in
      values.add(attempt.messageID)
      values.add(attempt.epoch)
      values.add(attempt.relay)
      values.add(attempt.outcome)
      values.add(attempt.stage?.rawValue)
      values.add(attempt.replyCode.map(Int64.init))
      values.add(attempt.enhancedStatus?.description)
      values.add(attempt.text.bounded(4_000))
      values.add(attempt.renderedAt?.microseconds)
      values.add(attempt.armedAt?.microseconds)
      values.add(attempt.repliedAt?.microseconds)
      values.add(attempt.peer.bounded(100))
    }
  }

  /// The next attempt has a number above `id`; never below what was given out already.
  public func numberOn(from id: Int64) throws {
    try db.execute(sql: "UPDATE sqlite_sequence SET seq = $1 WHERE name = 'attempt' AND seq < $1", arguments: [id])
    try db.execute(
      sql: """
        INSERT INTO sqlite_sequence (name, seq)
          SELECT 'attempt', $1 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'attempt')
        """, arguments: [id])
  }

  private static let rows = RowWrite(
    head: """
      INSERT INTO attempt (message_id, epoch, relay, outcome, stage, reply_code, enhanced_status, text, rendered_at,
        armed_at, replied_at, peer)
      """, columns: 12)

  /// A message's attempts, oldest first, at most 200.
  public func list(of message: Message.ID) throws -> [Attempt] {
    try RowRead.all(
      "\(Attempts.select) WHERE t.message_id = $1 ORDER BY t.id LIMIT 200", in: db,
      constants: { values in values.add(message) }, decode: Attempts.decode)
  }

  /// Whether no reply to the final dot of any of a message's attempts came in time to be known.
  public func wereInDoubt(of message: Message.ID) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: "SELECT EXISTS (SELECT 1 FROM attempt WHERE message_id = $1 AND outcome = 'uncertain')"),
      arguments: [message]) ?? false
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
    try RowRead.all(
      Attempts.loggedRows, in: db,
      constants: { values in
        values.add(id)
        values.add(limit)
      },
      decode: { row in
        Logged(
          attempt: Attempts.decode(row), recipient: row.text(13), account: row.text(14), messageID: row.text(15),
          source: row.text(16))
      })
  }

  private static let loggedRows = """
    SELECT \(Attempts.columns), m.recipient, a.address, m.message_id, m.source
    FROM attempt t JOIN message m ON m.id = t.message_id JOIN account a ON a.id = m.account_id
    WHERE t.id > $1 ORDER BY t.id LIMIT $2
    """

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

  private static func decode(_ row: ReturnedRow) -> Attempt {
    Attempt(
      id: row.integer(0), messageID: row.integer(1), epoch: row.integer(2), relay: row.text(3), outcome: row.text(4),
      stage: row.optionalText(5).flatMap(DeliveryStage.init(rawValue:)),
      replyCode: row.optionalInteger(6).map(Int.init),
      enhancedStatus: row.optionalText(7).flatMap { EnhancedStatus($0) }, text: row.text(8),
      renderedAt: row.optionalInteger(9).map(Timestamp.init(microseconds:)),
      armedAt: row.optionalInteger(10).map(Timestamp.init(microseconds:)),
      repliedAt: row.optionalInteger(11).map(Timestamp.init(microseconds:)), peer: row.text(12))
  }
}
