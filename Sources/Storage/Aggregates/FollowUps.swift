import GRDB
public import MailModel

/// Which open follow-ups a table shows, the longest overdue first.
public struct FollowUpQuery: Sendable, Equatable {
  /// Those that are due then; `nil` for all that are open.
  public var dueBy: Timestamp?
  /// A substring of the account's address or of the text.
  public var text: String
  public var position: PagePosition
  public var limit: Int

  public init(dueBy: Timestamp?, text: String = "", position: PagePosition = .start, limit: Int = 50) {
    self.dueBy = dueBy
    self.text = text
    self.position = position
    self.limit = limit
  }
}

/// What has to be looked at again, and when.
public struct FollowUps {
  let db: Database

  @discardableResult
  public func add(case id: Int64, dueAt: Timestamp, text: String, by person: String) throws -> Int64 {
    try db.cachedStatement(sql: "INSERT INTO follow_up (case_id, due_at, text, created_by) VALUES ($1, $2, $3, $4)")
      .execute(arguments: [id, dueAt.microseconds, String(text.prefix(2_000)), person])
    return db.lastInsertedRowID
  }

  public func get(_ id: Int64) throws -> FollowUp? {
    try Row.fetchOne(db.cachedStatement(sql: "\(FollowUps.select) WHERE f.id = $1"), arguments: [id])
      .map(FollowUps.decode)
  }

  /// - Parameter version: `nil` for what a decision settles by itself.
  /// - Returns: `false` when it is done already or has changed since.
  public func done(_ id: Int64, version: Int64?, by person: String, now: Timestamp) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE follow_up SET done_at = $1, done_by = $2, version = version + 1
        WHERE id = $3 AND version = coalesce($4, version) AND done_at IS NULL
        """
    ).execute(arguments: [now.microseconds, person, id, version])
    return db.changesCount == 1
  }

  /// All that is left of a case is done with.
  ///
  /// - Parameter text: only those that say so; `nil` for all.
  /// - Returns: how many.
  public func settle(case id: Int64, text: String? = nil, by person: String, now: Timestamp) throws -> Int {
    try db.cachedStatement(
      sql: """
        UPDATE follow_up SET done_at = $1, done_by = $2, version = version + 1
        WHERE case_id = $3 AND done_at IS NULL AND ($4 IS NULL OR text = $4)
        """
    ).execute(arguments: [now.microseconds, person, id, text])
    return db.changesCount
  }

  /// Open ones first, then the earliest due; at most 100.
  public func list(case id: Int64) throws -> [FollowUp] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: "\(FollowUps.select) WHERE f.case_id = $1 ORDER BY f.done_at IS NOT NULL, f.due_at, f.id LIMIT 100"),
      arguments: [id]
    ).map(FollowUps.decode)
  }

  /// Those whose day has come, the longest overdue first.
  public func due(now: Timestamp, limit: Int) throws -> [FollowUp] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          \(FollowUps.select) WHERE f.done_at IS NULL AND f.due_at <= $1 ORDER BY f.due_at, f.id LIMIT $2
          """), arguments: [now.microseconds, limit]
    ).map(FollowUps.decode)
  }

  /// Open ones of all cases.
  public func page(_ query: FollowUpQuery) throws -> Page<FollowUp> {
    var page = PageQuery(
      select: "SELECT \(FollowUps.columns)/*sort*/ \(FollowUps.tables)", sort: "f.due_at", id: "f.id",
      isDescending: false, position: query.position, limit: query.limit)
    page.filter("f.done_at IS NULL")
    if let moment = query.dueBy { page.filter("f.due_at <= ?", moment.microseconds) }
    page.search(query.text, in: ["a.address", "f.text"])
    return try page.fetch(db) { row in
      let found = FollowUps.decode(row)
      return (found.id, found)
    }
  }

  private static let columns = """
    f.id, f.version, f.case_id, k.account_id, a.address, f.due_at, f.text, f.created_by, f.done_at, f.done_by
    """
  private static let tables = """
    FROM follow_up f JOIN abuse_case k ON k.id = f.case_id JOIN account a ON a.id = k.account_id
    """
  private static let select = "SELECT \(columns) \(tables)"

  private static func decode(_ row: Row) -> FollowUp {
    FollowUp(
      id: row[0], version: row[1], caseID: row[2], accountID: row[3], accountAddress: row[4],
      dueAt: Timestamp(microseconds: row[5]), text: row[6], createdBy: row[7],
      doneAt: (row[8] as Int64?).map(Timestamp.init(microseconds:)), doneBy: row[9])
  }
}
