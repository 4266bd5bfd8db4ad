import GRDB
public import MailModel

/// Counts that triggers keep, so that no screen ever counts rows.
public struct Counters {
  let db: Database

  /// All of them, such as `message.queued`, `suppression`, `report.unmatched`.
  public func all() throws -> [String: Int] {
    let rows = try Row.fetchAll(db.cachedStatement(sql: "SELECT name, value FROM counter"))
    return Dictionary(rows.map { ($0[0], $0[1]) }, uniquingKeysWith: { first, _ in first })
  }
}

extension Counters {
  /// Messages that moved along an arrow whose rows no trigger counts, because it is taken by many at once: queued to
  /// armed and armed to sent.
  func moved(_ source: MessageState, to target: MessageState, count: Int) throws {
    try add("message.\(source.rawValue)", -count)
    try add("message.\(target.rawValue)", count)
  }

  /// Rows that no trigger counts, because many are written at once (`IntakeSchema`, `TransitionSchema`).
  func add(_ name: String, _ count: Int) throws {
    guard count != 0 else { return }
    try db.cachedStatement(sql: "UPDATE counter SET value = value + $1 WHERE name = $2")
      .execute(arguments: [count, name])
  }
}

/// Events in ten-minute buckets: what rates are made of.
public struct Tallies {
  /// The width of a bucket.
  public static let bucket = Span.minutes(10)

  let db: Database

  public func add(_ name: String, count: Int, at moment: Timestamp) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO tally (name, bucket, value) VALUES ($1, $2, $3)
        ON CONFLICT (name, bucket) DO UPDATE SET value = tally.value + excluded.value
        """
    ).execute(arguments: [name, Tallies.start(of: moment), count])
  }

  /// Events since the start of the bucket that `moment` lies in.
  public func sum(_ name: String, since moment: Timestamp) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(sql: "SELECT coalesce(sum(value), 0) FROM tally WHERE name = $1 AND bucket >= $2"),
      arguments: [name, Tallies.start(of: moment)]) ?? 0
  }

  /// Events of each ten minutes since `moment`, by the start of the ten minutes; those without events are left out.
  public func series(_ name: String, since moment: Timestamp) throws -> [Timestamp: Int] {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT bucket, value FROM tally WHERE name = $1 AND bucket >= $2"),
      arguments: [name, Tallies.start(of: moment)])
    return Dictionary(
      rows.map { (Timestamp(microseconds: $0[0]), $0[1] as Int) }, uniquingKeysWith: { first, _ in first })
  }

  /// When the ten minutes began that `moment` lies in, in microseconds.
  static func start(of moment: Timestamp) -> Int64 {
    moment.floored(to: bucket).microseconds
  }
}

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

  public func pause(_ name: String, until: Timestamp, reason: String, now: Timestamp) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO relay (name, paused_until, reason, consecutive_failures, changed_at) VALUES ($1, $2, $3, 1, $4)
        ON CONFLICT (name) DO UPDATE SET paused_until = excluded.paused_until, reason = excluded.reason,
          consecutive_failures = relay.consecutive_failures + 1, changed_at = excluded.changed_at
        """
    ).execute(arguments: [name, until.microseconds, String(reason.prefix(1_000)), now.microseconds])
  }

  public func clear(_ name: String) throws {
    try db.cachedStatement(
      sql: "UPDATE relay SET paused_until = NULL, reason = '', consecutive_failures = 0 WHERE name = $1"
    ).execute(arguments: [name])
  }
}
