import GRDB
public import MailModel

/// Who can be mailed. An address that is not here is active.
public struct Recipients {
  let db: Database

  public func get(_ address: String) throws -> Recipient? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT address, is_active, reason, changed_at FROM recipient WHERE address = $1"),
      arguments: [address.lowercased()]
    ).map { row in
      Recipient(address: row[0], isActive: row[1], reason: row[2], changedAt: Timestamp(microseconds: row[3]))
    }
  }

  public func setInactive(_ address: String, reason: String, now: Timestamp) throws {
    try set(address, isActive: false, reason: reason, now: now)
  }

  public func setActive(_ address: String, now: Timestamp) throws {
    try set(address, isActive: true, reason: "", now: now)
  }

  private func set(_ address: String, isActive: Bool, reason: String, now: Timestamp) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO recipient (address, is_active, reason, changed_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (address) DO UPDATE SET is_active = excluded.is_active, reason = excluded.reason,
          changed_at = excluded.changed_at
        """
    ).execute(arguments: [address.lowercased(), isActive, reason, now.microseconds])
  }
}
