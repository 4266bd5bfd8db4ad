import GRDB
public import MailModel

/// Bounces by domain, code, sender and reason, in hourly buckets: maintained as bounces come, never counted later.
public struct BouncePatterns {
  static let bucket = Span.hours(1)

  let db: Database

  /// What is counted.
  public struct Key: Hashable, Sendable {
    public var dimension: BouncePattern.Dimension
    public var value: String
    public var bounceClass: BounceClass

    public init(dimension: BouncePattern.Dimension, value: String, bounceClass: BounceClass) {
      self.dimension = dimension
      self.value = value
      self.bounceClass = bounceClass
    }
  }

  /// Counts proven bounces.
  public func add(_ counts: [Key: Int], at moment: Timestamp) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO bounce_pattern (dimension, bucket, value, bounce_class, count) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (dimension, bucket, value, bounce_class) DO UPDATE SET count = bounce_pattern.count + excluded.count
        """)
    for (key, count) in counts {
      try statement.execute(arguments: [
        key.dimension.rawValue, BouncePatterns.start(of: moment), String(key.value.prefix(255)),
        key.bounceClass.rawValue, count,
      ])
    }
  }

  /// What bounced most since the start of the hour that `moment` lies in, most first.
  public func top(_ dimension: BouncePattern.Dimension, since moment: Timestamp, limit: Int) throws -> [BouncePattern] {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT value, sum(count), max(bucket),
            sum(count) FILTER (WHERE bounce_class = 'hard'), sum(count) FILTER (WHERE bounce_class = 'soft'),
            sum(count) FILTER (WHERE bounce_class = 'block'), sum(count) FILTER (WHERE bounce_class = 'unknown')
          FROM bounce_pattern WHERE dimension = $1 AND bucket >= $2
          GROUP BY value ORDER BY sum(count) DESC, value LIMIT $3
          """),
      arguments: [dimension.rawValue, BouncePatterns.start(of: moment), min(max(limit, 1), 1_000)])
    return rows.map { row in
      let counts: [(BounceClass, Int?)] = [(.hard, row[3]), (.soft, row[4]), (.block, row[5]), (.unknown, row[6])]
      return BouncePattern(
        dimension: dimension, value: row[0], count: row[1],
        classes: Dictionary(uniqueKeysWithValues: counts.compactMap { name, count in count.map { (name, $0) } }),
        lastAt: Timestamp(microseconds: row[2]))
    }
  }

  private static func start(of moment: Timestamp) -> Int64 {
    moment.floored(to: bucket).microseconds
  }
}
