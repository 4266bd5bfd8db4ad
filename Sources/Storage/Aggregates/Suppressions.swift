import GRDB
public import MailModel

/// The suppression list. Addresses are compared in lower case.
///
/// An entry is for everybody or for one account, for ever or until a moment. What expired stays on the list, to be
/// seen, and suppresses nothing.
public struct Suppressions {
  let db: Database

  /// Whether the address is on the list in any way, expired or for one account only.
  public func contains(_ address: String) throws -> Bool { try !list(address).isEmpty }

  /// The entry for everybody, else the oldest.
  public func get(_ address: String) throws -> Suppression? { try list(address).first }

  /// All entries of an address, that for everybody first.
  public func list(_ address: String) throws -> [Suppression] {
    try Row.fetchAll(
      db.cachedStatement(sql: "\(Suppressions.select) WHERE s.address = $1 ORDER BY s.scope LIMIT 1000"),
      arguments: [address.lowercased()]
    ).map(Suppressions.decode)
  }

  /// What keeps mail of an account from this address now; `nil` when nothing does.
  /// - Parameter account: `nil` when only entries for everybody matter.
  public func active(_ address: String, account: Account.ID?, now: Timestamp) throws -> Suppression? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          \(Suppressions.select) WHERE s.address = $1 AND s.scope IN (0, $2)
          AND (s.expires_at IS NULL OR s.expires_at > $3) ORDER BY s.scope LIMIT 1
          """),
      arguments: [address.lowercased(), account ?? 0, now.microseconds]
    ).map(Suppressions.decode)
  }

  /// - Parameters:
  ///   - account: only its mail; `nil` for everybody's.
  ///   - expiresAt: `nil` for never.
  /// - Returns: `false` when it is on the list already for at least as long; the first reason stays then.
  @discardableResult
  public func add(
    _ address: String, reason: String, source: String, now: Timestamp, account: Account.ID? = nil,
    expiresAt: Timestamp? = nil
  ) throws -> Bool {
    try db.cachedStatement(
      sql: """
        INSERT INTO suppression (address, scope, reason, source, added_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (address, scope) DO UPDATE SET reason = excluded.reason, source = excluded.source,
          added_at = excluded.added_at, expires_at = excluded.expires_at
        WHERE suppression.expires_at IS NOT NULL
          AND (excluded.expires_at IS NULL OR excluded.expires_at > suppression.expires_at)
        """
    ).execute(arguments: [
      address.lowercased(), account ?? 0, String(reason.prefix(200)), String(source.prefix(500)), now.microseconds,
      expiresAt?.microseconds,
    ])
    return db.changesCount == 1
  }

  /// Takes an address off the list, for everybody and for every account.
  @discardableResult
  public func remove(_ address: String) throws -> Bool {
    try db.cachedStatement(sql: "DELETE FROM suppression WHERE address = $1").execute(arguments: [address.lowercased()])
    return db.changesCount > 0
  }

  /// Newest first.
  public func page(
    text: String = "", isDescending: Bool = true, sortsByAddress: Bool = false, position: PagePosition = .start,
    limit: Int = 50
  ) throws -> Page<Suppression> {
    var page = PageQuery(
      select: "SELECT \(Suppressions.columns)/*sort*/ \(Suppressions.from)",
      sort: sortsByAddress ? "s.address" : "s.id", id: "s.id", isDescending: isDescending, position: position,
      limit: limit)
    page.search(text, in: ["s.address", "s.reason", "s.source"])
    return try page.fetch(db) { row in
      let suppression = Suppressions.decode(row)
      return (suppression.id, suppression)
    }
  }

  private static let columns = """
    s.id, s.address, s.reason, s.source, s.added_at, nullif(s.scope, 0), a.address, s.expires_at
    """
  private static let from = "FROM suppression s LEFT JOIN account a ON a.id = s.scope"
  private static let select = "SELECT \(columns) \(from)"

  private static func decode(_ row: Row) -> Suppression {
    Suppression(
      id: row[0], address: row[1], reason: row[2], source: row[3], addedAt: Timestamp(microseconds: row[4]),
      accountID: row[5], accountAddress: row[6], expiresAt: (row[7] as Int64?).map(Timestamp.init(microseconds:)))
  }
}

extension Suppressions {
  /// Conditions under which an entry `s` suppresses a message: the one form that every query uses, so that the index
  /// on (address, scope) answers it.
  static func applies(to message: String, now: String) -> String {
    """
    s.address = lower(\(message).recipient) AND s.scope IN (0, \(message).account_id)
    AND (s.expires_at IS NULL OR s.expires_at > \(now))
    """
  }
}
