import GRDB
public import MailModel

/// The database's half of the workspace's mark: a random token, and how far it has come.
public struct Mark {
  let db: Database

  /// How many attempts and audit rows there ever were: neither ever goes back.
  public struct Progress: Sendable, Equatable {
    public var attempts: Int64
    public var auditRows: Int64

    public init(attempts: Int64, auditRows: Int64) {
      self.attempts = attempts
      self.auditRows = auditRows
    }
  }

  /// `nil` before the first mark.
  public func token() throws -> String? {
    try String.fetchOne(db.cachedStatement(sql: "SELECT token FROM mark WHERE id = 1"))
  }

  public func replace(token: String) throws {
    try db.cachedStatement(
      sql: "INSERT INTO mark (id, token) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET token = excluded.token"
    ).execute(arguments: [token])
  }

  /// What a restored store has lost, at the most, where the clock does not tell.
  private static let mostLostMessages = 10_000_000
  /// Midnight of 2026-01-01, UTC: ids counted in milliseconds from here have eleven digits.
  private static let start = Timestamp(microseconds: 1_767_225_600_000_000)

  /// The id of the next message, for an INSERT.
  static let nextMessageID = """
    (SELECT max(coalesce((SELECT max(id) FROM message), 0) + 1, coalesce((SELECT next_message_id FROM mark), 1)))
    """

  /// Messages to come get ids that no message has had which is lost: reports about those may still arrive, signed by us,
  /// and would be taken for proof about another. There must be a mark.
  ///
  /// The time decides, which does not go back with the store: the same backup may be restored twice, with mail sent in
  /// between, up to a thousand a second.
  public func passOverLostMessages(at now: Timestamp) throws {
    try db.execute(
      sql: "UPDATE mark SET next_message_id = max(\(Mark.nextMessageID) + $1, $2)",
      arguments: [Mark.mostLostMessages, (now - Mark.start).microseconds / 1_000])
  }

  /// Whether the store was restored after this message was enqueued: what followed from it since may be lost.
  public func wasRestored(after message: Message.ID) throws -> Bool {
    let first = try Int64.fetchOne(db.cachedStatement(sql: "SELECT next_message_id FROM mark WHERE id = 1"))
    return message < first ?? 1
  }

  public func progress() throws -> Progress {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT name, seq FROM sqlite_sequence WHERE name IN ('attempt', 'audit')"))
    let values = Dictionary(rows.map { ($0[0] as String, $0[1] as Int64) }, uniquingKeysWith: max)
    return Progress(attempts: values["attempt"] ?? 0, auditRows: values["audit"] ?? 0)
  }
}
