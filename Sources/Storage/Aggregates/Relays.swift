import GRDB
public import MailModel

/// What is known about each relay.
public struct Relays {
  let db: Database

  public struct State: Sendable, Equatable {
    public var name: String
    public var pausedUntil: Timestamp?
    public var reason: String
    public var consecutiveFailures: Int
  }

  public func get(_ name: String) throws -> State? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT name, paused_until, reason, consecutive_failures FROM relay WHERE name = $1"),
      arguments: [name]
    ).map { row in
      State(
        name: row[0], pausedUntil: (row[1] as Int64?).map(Timestamp.init(microseconds:)), reason: row[2],
        consecutiveFailures: row[3])
    }
  }

  /// - Parameter failures: in a row; connections that fail together are one.
  public func pause(_ name: String, until: Timestamp, reason: String, failures: Int, now: Timestamp) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO relay (name, paused_until, reason, consecutive_failures, changed_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (name) DO UPDATE SET paused_until = excluded.paused_until, reason = excluded.reason,
          consecutive_failures = excluded.consecutive_failures, changed_at = excluded.changed_at
        """
    ).execute(arguments: [name, until.microseconds, String(reason.prefix(1_000)), failures, now.microseconds])
  }

  /// Names of those that failed so many times in a row, or more, and were tried after `moment`; at most 1,000.
  public func failing(_ failures: Int, since moment: Timestamp) throws -> [String] {
    try String.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT name FROM relay WHERE consecutive_failures >= $1 AND changed_at >= $2 ORDER BY name LIMIT 1000
          """),
      arguments: [failures, moment.microseconds])
  }

  public func clear(_ name: String) throws {
    try db.cachedStatement(
      sql: "UPDATE relay SET paused_until = NULL, reason = '', consecutive_failures = 0 WHERE name = $1"
    ).execute(arguments: [name])
  }
}
