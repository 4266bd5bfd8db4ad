import GRDB
public import MailModel

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
