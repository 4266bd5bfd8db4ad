import GRDB
public import MailModel

/// The queue by destination and by age.
public struct Destinations {
  /// Messages enqueued within this long are one cohort: ages are known as finely as this.
  public static let cohort = Span.minutes(5)

  /// How many messages of one cohort wait, queued or deferred.
  public struct Cohort: Sendable, Equatable {
    /// When its first message may have been enqueued.
    public var start: Timestamp
    public var count: Int

    public init(start: Timestamp, count: Int) {
      self.start = start
      self.count = count
    }
  }

  let db: Database

  /// The destinations that most waits for, the largest first.
  public func largest(_ limit: Int) throws -> [Destination] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT domain, sum(CASE kind WHEN 'queued' THEN value ELSE 0 END),
            sum(CASE kind WHEN 'deferred' THEN value ELSE 0 END), sum(CASE kind WHEN 'held' THEN value ELSE 0 END),
            sum(CASE kind WHEN 'uncertain' THEN value ELSE 0 END)
          FROM destination GROUP BY domain ORDER BY sum(value) DESC, domain LIMIT $1
          """),
      arguments: [limit]
    ).map { Destination(domain: $0[0], queued: $0[1], deferred: $0[2], held: $0[3], uncertain: $0[4]) }
  }

  /// What waits to be sent for each domain, by name.
  public func waiting(limit: Int) throws -> [(domain: String, count: Int)] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT domain, sum(value) FROM destination WHERE kind IN ('queued', 'deferred')
          GROUP BY domain ORDER BY domain LIMIT $1
          """),
      arguments: [limit]
    ).map { ($0[0], $0[1]) }
  }

  /// The oldest cohort of what waits to be sent for a domain.
  public func oldestCohort(domain: String) throws -> Timestamp? {
    try Int64.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT min(cohort) FROM destination_age WHERE domain = $1 AND kind IN ('queued', 'deferred') AND value > 0
          """),
      arguments: [domain]
    ).map(Timestamp.init(microseconds:))
  }

  /// All of them in one, named `TOTAL`.
  public func total() throws -> Destination {
    let rows = try Row.fetchAll(db.cachedStatement(sql: "SELECT kind, sum(value) FROM destination GROUP BY kind"))
    let sums = Dictionary(rows.map { ($0[0] as String, $0[1] as Int) }, uniquingKeysWith: +)
    return Destination(
      domain: "TOTAL", queued: sums["queued"] ?? 0, deferred: sums["deferred"] ?? 0, held: sums["held"] ?? 0,
      uncertain: sums["uncertain"] ?? 0)
  }

  /// Cohorts of what waits to be sent for a domain, or for all of them, oldest first.
  public func cohorts(domain: String? = nil) throws -> [Cohort] {
    let filter = domain == nil ? "" : "domain = $1 AND"
    return try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT cohort, sum(value) FROM destination_age WHERE \(filter) kind IN ('queued', 'deferred')
          GROUP BY cohort ORDER BY cohort
          """),
      arguments: domain.map { [$0] } ?? []
    ).map { Cohort(start: Timestamp(microseconds: $0[0]), count: $0[1]) }
  }

  /// The oldest cohort of which anything waits to be sent; `nil` when nothing does.
  public func oldestCohort() throws -> Timestamp? {
    try Int64.fetchOne(
      db.cachedStatement(
        sql: "SELECT min(cohort) FROM destination_age WHERE kind IN ('queued', 'deferred') AND value > 0")
    ).map(Timestamp.init(microseconds:))
  }

  /// Queued messages that wait no more: they were armed, many in one statement that no trigger counts.
  func left(_ messages: [LeasedMessage]) throws {
    struct Place: Hashable {
      var domain: String
      var kind: String
      var cohort: Int64
    }
    var counts: [Place: Int] = [:]
    var domains: [Place: Int] = [:]
    let width = Destinations.cohort.microseconds
    for message in messages {
      let enqueued = message.enqueuedAt.microseconds
      var place = Place(
        domain: Destination.domain(of: message.recipient), kind: message.attemptCount > 0 ? "deferred" : "queued",
        cohort: 0)
      domains[place, default: 0] += 1
      place.cohort = enqueued - enqueued % width
      counts[place, default: 0] += 1
    }
    let depth = try db.cachedStatement(
      sql: "UPDATE destination SET value = value - $1 WHERE domain = $2 AND kind = $3")
    for (place, count) in domains { try depth.execute(arguments: [count, place.domain, place.kind]) }
    let age = try db.cachedStatement(
      sql: "UPDATE destination_age SET value = value - $1 WHERE domain = $2 AND kind = $3 AND cohort = $4")
    for (place, count) in counts { try age.execute(arguments: [count, place.domain, place.kind, place.cohort]) }
  }
}
