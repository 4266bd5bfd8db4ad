import GRDB
public import MailModel

/// How far each mailbox was read, and how its last scan went.
public struct Mailboxes {
  let db: Database

  public struct Checkpoint: Sendable, Equatable {
    public var uidValidity: UInt32
    public var lastUID: UInt32
    /// Up to here the server has flagged every mail that is stored; never beyond ``lastUID``.
    public var flaggedUID: UInt32
    /// When a scan came to its end the last time, under whatever UIDVALIDITY.
    public var readAt: Timestamp?
  }

  public struct LastScan: Sendable, Equatable {
    public var at: Timestamp
    public var fetched: Int
    public var error: String?
    /// The first of the failed scans since the last good one; `nil` after a good one.
    public var failingSince: Timestamp?
  }

  public func checkpoint(_ mailbox: String) throws -> Checkpoint? {
    try Row.fetchOne(
      db,
      sql: "SELECT uid_validity, last_uid, flagged_uid, read_at FROM mailbox WHERE name = $1 AND last_uid IS NOT NULL",
      arguments: [mailbox]
    ).map { row in
      Checkpoint(
        uidValidity: UInt32(clamping: row[0] as Int64), lastUID: UInt32(clamping: row[1] as Int64),
        flaggedUID: UInt32(clamping: row[2] as Int64),
        readAt: (row[3] as Int64?).map { Timestamp(microseconds: $0) })
    }
  }

  /// Everything up to `lastUID` is stored. Says nothing about when a scan came to its end: one that is cut off did not.
  /// Never back, whichever of two scanners comes last. Under another UIDVALIDITY it begins anew, and nothing counts as flagged.
  public func advance(_ mailbox: String, uidValidity: UInt32, lastUID: UInt32) throws {
    try db.execute(
      sql: """
        INSERT INTO mailbox (name, uid_validity, last_uid) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET uid_validity = excluded.uid_validity,
          last_uid = iif(uid_validity = excluded.uid_validity, max(last_uid, excluded.last_uid), excluded.last_uid),
          flagged_uid = iif(uid_validity = excluded.uid_validity, flagged_uid, 0)
        """, arguments: [mailbox, Int64(uidValidity), Int64(lastUID)])
  }

  /// The server has flagged everything that is stored up to a UID, which ``advance(_:uidValidity:lastUID:)`` has reached.
  public func noteFlagged(_ mailbox: String, uidValidity: UInt32, upTo uid: UInt32) throws {
    try db.execute(
      sql: """
        UPDATE mailbox SET flagged_uid = max(flagged_uid, min($1, last_uid)) WHERE name = $2 AND uid_validity = $3
        """, arguments: [Int64(uid), mailbox, Int64(uidValidity)])
  }

  public func noteScan(_ mailbox: String, at now: Timestamp, fetched: Int, error: String?) throws {
    try db.execute(
      sql: """
        INSERT INTO mailbox (name, scanned_at, fetched, error, failing_since, read_at)
        VALUES ($1, $2, $3, $4, $5, iif($4 IS NULL, $2, NULL))
        ON CONFLICT (name) DO UPDATE SET scanned_at = excluded.scanned_at, fetched = excluded.fetched,
          error = excluded.error, read_at = coalesce(excluded.read_at, read_at),
          failing_since = iif(excluded.error IS NULL, NULL, coalesce(failing_since, excluded.failing_since))
        """,
      arguments: [
        mailbox, now.microseconds, fetched, error.map { String($0.prefix(500)) }, error.map { _ in now.microseconds },
      ])
  }

  /// Names of those whose last scan failed or that hold mails that cannot be read, at most 1,000.
  public func troubled() throws -> [String] {
    try String.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT name FROM mailbox
          WHERE failing_since IS NOT NULL OR name IN (SELECT mailbox FROM unreadable_mail)
          ORDER BY name LIMIT 1000
          """))
  }

  public func lastScan(_ mailbox: String) throws -> LastScan? {
    try Row.fetchOne(
      db,
      sql: "SELECT scanned_at, fetched, error, failing_since FROM mailbox WHERE name = $1 AND scanned_at IS NOT NULL",
      arguments: [mailbox]
    ).map { row in
      LastScan(
        at: Timestamp(microseconds: row[0]), fetched: row[1], error: row[2],
        failingSince: (row[3] as Int64?).map { Timestamp(microseconds: $0) })
    }
  }
}
