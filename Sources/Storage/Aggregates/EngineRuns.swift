import GRDB
public import MailModel

/// How many messages one run of an engine may send (runbook "Emergency Stop Procedure": `max_emails_per_run`), and how
/// far the runs that have such a limit have come.
public struct EngineRuns {
  let db: Database

  private static let name = "max_emails_per_run"

  /// What an operator has set; it stands above the configuration.
  public struct Limit: Sendable, Equatable {
    /// 0 for no limit.
    public var most: Int
    public var setBy: String
    public var setAt: Timestamp
  }

  /// One run that has a limit.
  public struct Run: Sendable, Equatable {
    public var owner: String
    public var startedAt: Timestamp
    public var seenAt: Timestamp
    public var most: Int
    public var sent: Int

    public init(owner: String, startedAt: Timestamp, seenAt: Timestamp, most: Int, sent: Int) {
      self.owner = owner
      self.startedAt = startedAt
      self.seenAt = seenAt
      self.most = most
      self.sent = sent
    }
  }

  /// `nil` while nobody has set one.
  public func limit() throws -> Limit? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT value, changed_by, changed_at FROM setting WHERE name = $1"),
      arguments: [EngineRuns.name]
    ).flatMap { row in
      Int(row[0] as String).map { Limit(most: $0, setBy: row[1], setAt: Timestamp(microseconds: row[2])) }
    }
  }

  /// - Parameter most: 0 for no limit, `nil` for what the configuration says.
  public func setLimit(_ most: Int?, by person: String, now: Timestamp) throws {
    guard let most else {
      return try db.cachedStatement(sql: "DELETE FROM setting WHERE name = $1").execute(arguments: [EngineRuns.name])
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO setting (name, value, changed_by, changed_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_by = excluded.changed_by,
          changed_at = excluded.changed_at
        """
    ).execute(arguments: [EngineRuns.name, "\(most)", person, now.microseconds])
  }

  /// Says how far a run has come; runs that nothing was heard of for a week are forgotten.
  public func note(_ run: Run) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO engine_run (owner, started_at, seen_at, most, sent) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (owner) DO UPDATE SET seen_at = excluded.seen_at, most = excluded.most, sent = excluded.sent
        """
    ).execute(
      arguments: [run.owner, run.startedAt.microseconds, run.seenAt.microseconds, run.most, run.sent])
    try db.cachedStatement(sql: "DELETE FROM engine_run WHERE seen_at < $1")
      .execute(arguments: [(run.seenAt - .days(7)).microseconds])
  }

  /// A run that has no limit any more, or that has ended.
  public func forget(owner: String) throws {
    try db.cachedStatement(sql: "DELETE FROM engine_run WHERE owner = $1").execute(arguments: [owner])
  }

  /// A run that nothing was heard of for so long is over: its engine is dead.
  public static let patience = Span.minutes(1)

  /// The limited runs that live, the latest first, at most 20.
  public func living(now: Timestamp) throws -> [Run] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT owner, started_at, seen_at, most, sent FROM engine_run WHERE seen_at > $1
          ORDER BY started_at DESC LIMIT 20
          """), arguments: [(now - EngineRuns.patience).microseconds]
    ).map { row in
      Run(
        owner: row[0], startedAt: Timestamp(microseconds: row[1]), seenAt: Timestamp(microseconds: row[2]),
        most: row[3], sent: row[4])
    }
  }
}
