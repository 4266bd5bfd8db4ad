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
    try setInactive([address: reason], now: now)
  }

  /// - Parameter reasons: by address.
  public func setInactive(_ reasons: [String: String], now: Timestamp) throws {
    let lower = Dictionary(reasons.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { _, last in last })
    try set(lower.sorted { $0.key < $1.key }, isActive: false, now: now)
  }

  public func setActive(_ address: String, now: Timestamp) throws {
    try set([(address.lowercased(), "")], isActive: true, now: now)
  }

  private func set(_ rows: [(key: String, value: String)], isActive: Bool, now: Timestamp) throws {
    try Recipients.rows.write(rows, in: db) { row, values in
      values.add(row.key)
      values.add(isActive)
      values.add(row.value)
      values.add(now.microseconds)
    }
  }

  private static let rows = RowWrite(
    head: "INSERT INTO recipient (address, is_active, reason, changed_at)", columns: 4,
    tail: """
      ON CONFLICT (address) DO UPDATE SET is_active = excluded.is_active, reason = excluded.reason,
        changed_at = excluded.changed_at
      """)
}
