import GRDB
public import MailModel

/// Which accounts a table shows, and in which order.
public struct AccountQuery: Sendable, Equatable {
  /// `attention`: a review is due, restricted, flagged, then by complaints in the window and bounce rate.
  public enum Sort: String, Sendable, CaseIterable { case attention, address, complaints }

  public var standings: Set<AccountStanding>
  /// Each is found in the address or the reason; empty ones find all.
  public var texts: [String]
  public var sort: Sort
  public var isDescending: Bool
  public var position: PagePosition
  public var limit: Int

  public init(
    standings: Set<AccountStanding> = [], texts: [String] = [], sort: Sort = .attention, isDescending: Bool = true,
    position: PagePosition = .start, limit: Int = 50
  ) {
    self.standings = standings
    self.texts = texts
    self.sort = sort
    self.isDescending = isDescending
    self.position = position
    self.limit = limit
  }
}

/// Sending accounts and their standing. Addresses are lower case.
public struct Accounts {
  let db: Database

  private static let columns = """
    a.id, a.version, a.address, a.standing, a.reason, a.standing_changed_at, a.complaint_count, a.last_complaint_at,
    a.sent_count, a.bounce_count
    """

  public func getOrCreate(_ address: String, now: Timestamp) throws -> Account {
    try db.cachedStatement(
      sql: "INSERT INTO account (address, standing_changed_at) VALUES ($1, $2) ON CONFLICT (address) DO NOTHING"
    ).execute(arguments: [address.lowercased(), now.microseconds])
    guard let account = try get(address: address) else { throw StoreError.other("account \(address) was not stored") }
    return account
  }

  public func get(_ id: Account.ID) throws -> Account? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT \(Accounts.columns) FROM account a WHERE a.id = $1"), arguments: [id]
    ).map(Accounts.decode)
  }

  public func get(address: String) throws -> Account? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT \(Accounts.columns) FROM account a WHERE a.address = $1"),
      arguments: [address.lowercased()]
    ).map(Accounts.decode)
  }

  /// - Parameter version: the version that was on screen; `nil` for policy, which has just read the row.
  /// - Returns: `false` when the row has changed since.
  public func setStanding(
    _ id: Account.ID, version: Int64?, standing: AccountStanding, reason: String, now: Timestamp
  ) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE account SET standing = $1, reason = $2, standing_changed_at = $3, version = version + 1
        WHERE id = $4 AND version = coalesce($5, version)
        """
    ).execute(arguments: [standing.rawValue, reason, now.microseconds, id, version])
    return db.changesCount == 1
  }

  /// Counts one complaint against the account.
  public func noteComplaint(_ id: Account.ID, now: Timestamp) throws {
    try db.cachedStatement(
      sql: """
        UPDATE account SET complaint_count = complaint_count + 1, last_complaint_at = $1, version = version + 1
        WHERE id = $2
        """
    ).execute(arguments: [now.microseconds, id])
  }

  /// - Parameters:
  ///   - window: of the complaints that count; the figures of each row are read with it. `nil` reads none.
  public func page(_ query: AccountQuery, window: Span? = nil, now: Timestamp? = nil) throws -> Page<Account> {
    let sort =
      switch query.sort {
      case .attention: "a.attention"
      case .address: "a.address"
      case .complaints: "a.complaint_count"
      }
    var page = PageQuery(
      select: "SELECT \(Accounts.columns)/*sort*/ FROM account a", sort: sort, id: "a.id",
      isDescending: query.isDescending, position: query.position, limit: query.limit)
    page.oneOf("a.standing", query.standings.map(\.rawValue).sorted())
    for text in query.texts {
      if let few = try few(text) { page.only(few) } else { page.search(text, in: ["a.address", "a.reason"]) }
    }
    var found = try page.fetch(db) { row in
      let account = Accounts.decode(row)
      return (account.id, account)
    }
    guard let window, let now else { return found }
    for index in found.rows.indices {
      found.rows[index].figures = try figures(of: found.rows[index].id, window: window, now: now)
    }
    return found
  }

  /// More than this is no needle: then walking the table in its order finds a page soon.
  private static let needles = 2_000

  /// Those that a text finds, when they are few: looked up in two indexes that hold nothing but what is searched, instead of
  /// walking through every row. `nil` when they are many, or nothing is searched for.
  private func few(_ text: String) throws -> [Account.ID]? {
    guard !text.isEmpty else { return nil }
    let found = try Int64.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT id FROM account WHERE address LIKE $1 ESCAPE '\\'
          UNION ALL SELECT id FROM account WHERE reason <> '' AND reason LIKE $1 ESCAPE '\\'
          LIMIT $2
          """), arguments: [PageQuery.pattern(text), Accounts.needles + 1])
    return found.count > Accounts.needles ? nil : Set(found).sorted()
  }

  private static func decode(_ row: Row) -> Account {
    Account(
      id: row[0], version: row[1], address: row[2], standing: AccountStanding(rawValue: row[3]) ?? .restricted,
      reason: row[4], standingChangedAt: Timestamp(microseconds: row[5]), complaintCount: row[6],
      lastComplaintAt: (row[7] as Int64?).map(Timestamp.init(microseconds:)), sentCount: row[8], bounceCount: row[9])
  }
}
