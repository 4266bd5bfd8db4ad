import GRDB
public import MailModel

/// What decides whether an operator's change applies to a message.
public struct MessageFacts: Sendable, Hashable {
  public var state: MessageState
  /// Queued, and due only later.
  public var isDeferred: Bool
  /// Held, of a restricted account.
  public var isRestricted: Bool
  /// Held or over without having arrived, to a suppressed recipient.
  public var isSuppressed: Bool
  /// Sent, and provenly bounced.
  public var isBounced: Bool
  /// Over, and enqueued anew as another message.
  public var hasSuccessor: Bool
  /// Over without having arrived, as far as is known: its final dot went out once, and no reply to it came.
  public var wasInDoubt: Bool

  public init(
    state: MessageState, isDeferred: Bool = false, isRestricted: Bool = false, isSuppressed: Bool = false,
    isBounced: Bool = false, hasSuccessor: Bool = false, wasInDoubt: Bool = false
  ) {
    self.isBounced = isBounced
    self.hasSuccessor = hasSuccessor
    self.wasInDoubt = wasInDoubt
    self.state = state
    self.isDeferred = isDeferred
    self.isRestricted = isRestricted
    self.isSuppressed = isSuppressed
  }
}

/// Messages of the same facts.
public struct MessageCensus: Sendable, Equatable {
  public var facts: MessageFacts
  public var count: Int
}

extension Messages {
  /// The source of messages that were made of others; their key is the other's number, so that there is one at most.
  public static let anewSource = "anew"

  private static func facts(now: String) -> String {
    """
    m.state, m.state = 'queued' AND m.next_attempt_at > \(now), m.state = 'held' AND a.standing = 'restricted',
    (m.state = 'held' OR \(over))
      AND EXISTS (SELECT 1 FROM suppression s WHERE \(Suppressions.applies(to: "m", now: now))),
    \(bounced),
    \(over) AND EXISTS (SELECT 1 FROM message n
      WHERE n.source = '\(anewSource)' AND n.idempotency_key = CAST(m.id AS TEXT)),
    \(over) AND EXISTS (SELECT 1 FROM attempt t WHERE t.message_id = m.id AND t.outcome = 'uncertain')
    """
  }

  private static let bounced = """
    (m.state = 'sent'
      AND EXISTS (SELECT 1 FROM message_stage g WHERE g.message_id = m.id AND g.stage = 'bounced'))
    """
  /// Without having arrived, as far as is known.
  private static let over = "(m.state IN ('failed', 'expired', 'cancelled', 'suppressed') OR \(bounced))"

  /// How many messages that match have which facts. Reads all of them: for a preview, not for a screen.
  ///
  /// - Parameter last: newer messages are not counted.
  public func census(_ query: MessageQuery, upTo last: Message.ID, now: Timestamp) throws -> [MessageCensus] {
    var page = PageQuery(
      select: "", sort: "m.id", id: "m.id", isDescending: false, position: .start, limit: 1)
    Messages.filter(&page, by: query)
    page.filter("m.id <= ?", last)
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT \(Messages.facts(now: "$1")), count(*) FROM message m JOIN account a ON a.id = m.account_id
        WHERE \(page.conditions.joined(separator: " AND ")) GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY count(*) DESC
        """,
      arguments: StatementArguments([now.microseconds]) + StatementArguments(page.arguments))
    return rows.map { MessageCensus(facts: Messages.facts($0), count: $0[7]) }
  }

  /// What decides about one message; `nil` when there is none.
  public func facts(of id: Message.ID, now: Timestamp) throws -> MessageFacts? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT \(Messages.facts(now: "$1")) FROM message m JOIN account a ON a.id = m.account_id WHERE m.id = $2
          """),
      arguments: [now.microseconds, id]
    ).map(Messages.facts)
  }

  public func state(of id: Message.ID) throws -> MessageState? {
    try String.fetchOne(db.cachedStatement(sql: "SELECT state FROM message WHERE id = $1"), arguments: [id])
      .flatMap(MessageState.init(rawValue:))
  }

  /// The newest message's number; 0 when there is none.
  public func lastID() throws -> Message.ID {
    try Message.ID.fetchOne(db.cachedStatement(sql: "SELECT max(id) FROM message")) ?? 0
  }

  private static func facts(_ row: Row) -> MessageFacts {
    MessageFacts(
      state: MessageState(rawValue: row[0]) ?? .uncertain, isDeferred: row[1], isRestricted: row[2],
      isSuppressed: row[3], isBounced: row[4], hasSuccessor: row[5], wasInDoubt: row[6])
  }

  /// Makes a new message of one that is over: the same bytes, Message-ID and recipient, a life of its own.
  ///
  /// - Parameters:
  ///   - state: `.queued`, or `.held` when policy says so at once.
  ///   - due: not attempted before this moment.
  /// - Returns: its id; `nil` when the row has changed since, or has one already.
  public func enqueueAnew(
    _ id: Message.ID, version: Int64, state: MessageState, reason: String, due: Timestamp, now: Timestamp
  ) throws -> Message.ID? {
    try db.cachedStatement(
      sql: """
        INSERT INTO message (id, state, source, idempotency_key, account_id, envelope_sender, recipient, message_id,
          subject, size, enqueued_at, next_attempt_at, state_changed_at, state_reason, inbox_id, campaign)
        SELECT \(Mark.nextMessageID), $1, '\(Messages.anewSource)', CAST(id AS TEXT), account_id, envelope_sender, recipient, message_id, subject,
          size, $2, $3, $2, $4, inbox_id, campaign
        FROM message WHERE id = $5 AND version = $6 AND state IN ('sent', 'failed', 'expired', 'cancelled', 'suppressed')
        ON CONFLICT (source, idempotency_key) DO NOTHING
        """
    ).execute(arguments: [state.rawValue, now.microseconds, due.microseconds, reason, id, version])
    guard db.changesCount == 1 else { return nil }
    let new = db.lastInsertedRowID
    try db.cachedStatement(
      sql: "INSERT INTO body (message_id, hash, bytes) SELECT $1, hash, bytes FROM body WHERE message_id = $2"
    ).execute(arguments: [new, id])
    return new
  }

  /// The message that was made of this one; `nil` for none.
  public func successor(of id: Message.ID) throws -> Message.ID? {
    try Message.ID.fetchOne(
      db.cachedStatement(
        sql: "SELECT id FROM message WHERE source = '\(Messages.anewSource)' AND idempotency_key = $1"),
      arguments: [String(id)])
  }

  /// Chooses the relay of a waiting message, or leaves the choice to the engine again. What is held keeps the reason why
  /// it is held: whoever ends that finds it by the reason.
  /// - Returns: `false` when the row has changed since.
  public func reroute(_ id: Message.ID, version: Int64, to relay: String?, reason: String) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE message SET relay = $1, version = version + 1,
          state_reason = CASE state WHEN 'held' THEN state_reason ELSE $2 END
        WHERE id = $3 AND version = $4 AND state IN ('queued', 'held')
        """
    ).execute(arguments: [relay, reason, id, version])
    return db.changesCount == 1
  }
}
