import GRDB
public import MailModel

/// An entry for the suppression list.
public struct NewSuppression: Sendable {
  /// What an entry is known by.
  public struct Key: Hashable, Sendable {
    /// In lower case.
    public var address: String
    /// The account, or 0 for everybody.
    public var scope: Int64
  }

  public let key: Key
  public let reason: String
  public let source: String
  public let expiresAt: Timestamp?

  /// - Parameters:
  ///   - account: only its mail; `nil` for everybody's.
  ///   - expiresAt: `nil` for never.
  public init(
    _ address: String, reason: String, source: String, account: Account.ID? = nil, expiresAt: Timestamp? = nil
  ) {
    key = Key(address: address.lowercased(), scope: account ?? 0)
    self.reason = reason
    self.source = source
    self.expiresAt = expiresAt
  }
}

/// The suppression list. Addresses are compared in lower case.
///
/// An entry is for everybody or for one account, for ever or until a moment. What expired stays on the list, to be
/// seen, and suppresses nothing.
public struct Suppressions {
  let db: Database

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
    let entry = NewSuppression(address, reason: reason, source: source, account: account, expiresAt: expiresAt)
    return !(try add([entry], now: now)).isEmpty
  }

  /// Adds many at a time, each under the rule of ``add(_:reason:source:now:account:expiresAt:)``.
  /// - Parameter entries: no address twice for the same account.
  /// - Returns: the keys of those that were added or last longer now.
  public func add(_ entries: [NewSuppression], now: Timestamp) throws -> Set<NewSuppression.Key> {
    let last = try Int64.fetchOne(db.cachedStatement(sql: "SELECT coalesce(max(id), 0) FROM suppression")) ?? 0
    var added: Set<NewSuppression.Key> = []
    var new = 0
    try Suppressions.rows.write(
      entries, in: db,
      returned: { row in
        added.insert(NewSuppression.Key(address: row.text(0), scope: row.integer(1)))
        if row.integer(2) > last { new += 1 }
      },
      bind: { entry, values in
        values.add(entry.key.address)
        values.add(entry.key.scope)
        values.add(entry.reason.bounded(200))
        values.add(entry.source.bounded(500))
        values.add(now.microseconds)
        values.add(entry.expiresAt?.microseconds)
      })
    try Counters(db: db).add("suppression", new)
    return added
  }

  private static let rows = RowWrite(
    head: "INSERT INTO suppression (address, scope, reason, source, added_at, expires_at)", columns: 6,
    tail: """
      ON CONFLICT (address, scope) DO UPDATE SET reason = excluded.reason, source = excluded.source,
        added_at = excluded.added_at, expires_at = excluded.expires_at
      WHERE suppression.expires_at IS NOT NULL
        AND (excluded.expires_at IS NULL OR excluded.expires_at > suppression.expires_at)
      RETURNING address, scope, id
      """)

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
    page.search(text, in: ["s.address", "s.reason", "s.source", "a.address"])
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
