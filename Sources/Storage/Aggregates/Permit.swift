import GRDB
public import MailModel

/// The send permit: one row, read inside every arm transaction.
public struct Permit {
  let db: Database

  /// - Throws: `StoreError.noPermit` when the row is missing or does not say a state we know.
  public func read() throws -> SendPermit {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT state, generation, changed_at, changed_by, reason, armed_at_stop, rung, accepted_on_rung,
            refused_on_rung, last_accepted_at FROM permit WHERE id = 1
          """))
    guard let row, let state = SendPermit.State(rawValue: row[0]) else { throw StoreError.noPermit }
    return SendPermit(
      state: state, generation: row[1], changedAt: Timestamp(microseconds: row[2]), changedBy: row[3], reason: row[4],
      armedAtStop: row[5], rung: row[6], acceptedOnRung: row[7], refusedOnRung: row[8],
      lastAcceptedAt: (row[9] as Int64?).map(Timestamp.init(microseconds:)))
  }

  /// As `read`; `nil` when there is no row that can be read.
  public func readable() throws -> SendPermit? {
    do { return try read() } catch StoreError.noPermit { return nil }
  }

  /// Writes a new generation, greater than any that the row has had.
  ///
  /// - Parameter expectedGeneration: the generation that was read; `nil` when no row could be read: whatever it says
  ///   then is replaced.
  /// - Returns: `false` when somebody else was first.
  public func replace(_ permit: SendPermit, expectedGeneration: Int64?) throws -> Bool {
    try db.cachedStatement(
      sql: """
        INSERT INTO permit (id, state, generation, changed_at, changed_by, reason, armed_at_stop, rung, accepted_on_rung,
          refused_on_rung, last_accepted_at)
        VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (id) DO UPDATE SET state = excluded.state,
          generation = max(excluded.generation, permit.generation + 1),
          changed_at = excluded.changed_at, changed_by = excluded.changed_by, reason = excluded.reason,
          armed_at_stop = excluded.armed_at_stop, rung = excluded.rung, accepted_on_rung = excluded.accepted_on_rung,
          refused_on_rung = excluded.refused_on_rung, last_accepted_at = excluded.last_accepted_at
        WHERE $11 IS NULL OR permit.generation = $11
        """
    ).execute(arguments: [
      permit.state.rawValue, permit.generation, permit.changedAt.microseconds, permit.changedBy, permit.reason,
      permit.armedAtStop, permit.rung, permit.acceptedOnRung, permit.refusedOnRung, permit.lastAcceptedAt?.microseconds,
      expectedGeneration,
    ])
    return db.changesCount == 1
  }

  /// Counts definite replies; no new generation.
  public func noteOutcome(accepted: Int, refused: Int, now: Timestamp) throws {
    try db.cachedStatement(
      sql: """
        UPDATE permit SET accepted_on_rung = accepted_on_rung + $1, refused_on_rung = refused_on_rung + $2,
          last_accepted_at = CASE WHEN $1 > 0 THEN $3 ELSE last_accepted_at END
        WHERE id = 1
        """
    ).execute(arguments: [accepted, refused, now.microseconds])
  }
}
