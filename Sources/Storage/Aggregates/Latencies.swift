import GRDB
public import MailModel

/// How long deliveries took: a histogram for each ten minutes, so that an hour or a day is a sum and no scan.
public struct Latencies {
  let db: Database

  /// - Parameters:
  ///   - stage: which part of the way, such as `reply`.
  ///   - bin: which class of duration; the policy knows its bounds.
  public func add(stage: String, bin: Int, count: Int, at moment: Timestamp) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO latency (bucket, stage, bin, value) VALUES ($1, $2, $3, $4)
        ON CONFLICT (bucket, stage, bin) DO UPDATE SET value = value + excluded.value
        """
    ).execute(arguments: [Tallies.start(of: moment), stage, bin, count])
  }

  /// Counts by stage and bin since the start of the ten minutes that `moment` lies in.
  public func histograms(since moment: Timestamp) throws -> [String: [Int: Int]] {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT stage, bin, sum(value) FROM latency WHERE bucket >= $1 GROUP BY stage, bin"),
      arguments: [Tallies.start(of: moment)])
    var histograms: [String: [Int: Int]] = [:]
    for row in rows { histograms[row[0], default: [:]][row[1]] = row[2] }
    return histograms
  }
}

/// Why deliveries did not succeed, counted by destination, reply and the shape of its text.
public struct DeliveryReasons {
  /// The width of a bucket.
  static let bucket = Span.hours(1)

  let db: Database

  public func add(_ reason: DeliveryReason, count: Int, at moment: Timestamp) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO delivery_reason (bucket, domain, outcome, reply_code, enhanced_status, shape, value, last_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (bucket, domain, outcome, reply_code, enhanced_status, shape)
          DO UPDATE SET value = value + excluded.value, last_at = excluded.last_at
        """
    ).execute(arguments: [
      DeliveryReasons.start(of: moment), reason.domain, reason.outcome, reason.replyCode ?? 0, reason.enhancedStatus,
      reason.shape, count, moment.microseconds,
    ])
  }

  /// The most frequent reasons since the start of the hour that `moment` lies in.
  public func top(since moment: Timestamp, domain: String? = nil, limit: Int) throws -> [DeliveryReasonCount] {
    // Numbered in order of first use.
    let filter = domain == nil ? "" : "AND domain = $2"
    let start = DeliveryReasons.start(of: moment)
    return try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT domain, outcome, reply_code, enhanced_status, shape, sum(value), max(last_at) FROM delivery_reason
          WHERE bucket >= $1 \(filter) GROUP BY domain, outcome, reply_code, enhanced_status, shape
          ORDER BY sum(value) DESC, max(last_at) DESC LIMIT \(domain == nil ? "$2" : "$3")
          """),
      arguments: domain.map { [start, $0, limit] } ?? [start, limit]
    ).map { row in
      let code: Int = row[2]
      return DeliveryReasonCount(
        reason: DeliveryReason(
          domain: row[0], outcome: row[1], replyCode: code == 0 ? nil : code, enhancedStatus: row[3], shape: row[4]),
        count: row[5], lastAt: Timestamp(microseconds: row[6]))
    }
  }

  /// Forgets histograms and reasons that began before `moment`; attempts stay.
  /// - Returns: rows removed.
  public func forget(before moment: Timestamp) throws -> Int {
    try db.cachedStatement(sql: "DELETE FROM delivery_reason WHERE bucket < $1").execute(arguments: [
      moment.microseconds
    ])
    let reasons = db.changesCount
    try db.cachedStatement(sql: "DELETE FROM latency WHERE bucket < $1").execute(arguments: [moment.microseconds])
    return reasons + db.changesCount
  }

  /// Whether there is anything to forget; costs two rows.
  public func hasAny(before moment: Timestamp) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM delivery_reason WHERE bucket < $1)
            OR EXISTS (SELECT 1 FROM latency WHERE bucket < $1)
          """),
      arguments: [moment.microseconds]) ?? false
  }

  private static func start(of moment: Timestamp) -> Int64 {
    moment.floored(to: bucket).microseconds
  }
}
