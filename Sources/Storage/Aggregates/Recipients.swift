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

/// The suppression list. Addresses are compared in lower case.
public struct Suppressions {
  let db: Database

  public func contains(_ address: String) throws -> Bool { try get(address) != nil }

  public func get(_ address: String) throws -> Suppression? {
    try Row.fetchOne(
      db.cachedStatement(sql: "\(Suppressions.select) WHERE s.address = $1"), arguments: [address.lowercased()]
    ).map(Suppressions.decode)
  }

  /// - Returns: `false` when it is on the list already; the first reason stays.
  public func add(_ address: String, reason: String, source: String, now: Timestamp) throws -> Bool {
    try db.cachedStatement(
      sql: """
        INSERT INTO suppression (address, reason, source, added_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (address) DO NOTHING
        """
    ).execute(arguments: [address.lowercased(), reason, source, now.microseconds])
    return db.changesCount == 1
  }

  public func remove(_ address: String) throws -> Bool {
    try db.cachedStatement(sql: "DELETE FROM suppression WHERE address = $1").execute(arguments: [address.lowercased()])
    return db.changesCount == 1
  }

  /// Newest first.
  public func page(text: String = "", position: PagePosition = .start, limit: Int = 50) throws -> Page<Suppression> {
    var page = PageQuery(
      select: "SELECT s.id, s.address, s.reason, s.source, s.added_at/*sort*/ FROM suppression s", sort: "s.id",
      id: "s.id",
      isDescending: true, position: position, limit: limit)
    page.search(text, in: ["s.address", "s.reason", "s.source"])
    return try page.fetch(db) { row in
      let suppression = Suppressions.decode(row)
      return (suppression.id, suppression)
    }
  }

  private static let select = "SELECT s.id, s.address, s.reason, s.source, s.added_at FROM suppression s"

  private static func decode(_ row: Row) -> Suppression {
    Suppression(
      id: row[0], address: row[1], reason: row[2], source: row[3], addedAt: Timestamp(microseconds: row[4]))
  }
}
