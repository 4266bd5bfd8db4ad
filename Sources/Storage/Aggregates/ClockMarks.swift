import GRDB
public import MailModel

/// The clock as it was when it was last trusted: what a jump of the machine's clock is noticed by (fault 11).
public struct ClockMarks {
  let db: Database

  public struct ClockMark: Sendable, Equatable {
    /// The boot of the machine that `sinceBoot` counts from.
    public var boot: String
    public var wall: Timestamp
    public var sinceBoot: Span
    /// Who said last that the machine's clock is right, and when.
    public var confirmedBy: String
    public var confirmedAt: Timestamp?

    public init(
      boot: String, wall: Timestamp, sinceBoot: Span, confirmedBy: String = "", confirmedAt: Timestamp? = nil
    ) {
      self.boot = boot
      self.wall = wall
      self.sinceBoot = sinceBoot
      self.confirmedBy = confirmedBy
      self.confirmedAt = confirmedAt
    }
  }

  /// `nil` before any engine ran.
  public func read() throws -> ClockMark? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: "SELECT boot, wall, since_boot, confirmed_by, confirmed_at FROM clock_watch WHERE id = 1")
    ).map { row in
      ClockMark(
        boot: row[0], wall: Timestamp(microseconds: row[1]), sinceBoot: Span(microseconds: row[2]),
        confirmedBy: row[3], confirmedAt: (row[4] as Int64?).map(Timestamp.init(microseconds:)))
    }
  }

  public func write(_ mark: ClockMark) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO clock_watch (id, boot, wall, since_boot, confirmed_by, confirmed_at) VALUES (1, $1, $2, $3, $4, $5)
        ON CONFLICT (id) DO UPDATE SET boot = excluded.boot, wall = excluded.wall, since_boot = excluded.since_boot,
          confirmed_by = excluded.confirmed_by, confirmed_at = excluded.confirmed_at
        """
    ).execute(arguments: [
      mark.boot, mark.wall.microseconds, mark.sinceBoot.microseconds, mark.confirmedBy,
      mark.confirmedAt?.microseconds,
    ])
  }

  /// Moves the ends of all leases: they mean a time from now, and the clock is set. - Returns: how many.
  public func shiftLeases(by span: Span) throws -> Int {
    try db.cachedStatement(
      sql: "UPDATE message SET lease_expires_at = lease_expires_at + $1 WHERE state IN ('leased', 'armed')"
    ).execute(arguments: [span.microseconds])
    return db.changesCount
  }

  /// Queued messages enqueued before `moment`, counted no further than 10,000.
  public func queued(before moment: Timestamp) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT count(*) FROM
            (SELECT 1 FROM message WHERE state = 'queued' AND enqueued_at < $1 LIMIT 10000) AS old
          """),
      arguments: [moment.microseconds]) ?? 0
  }
}
