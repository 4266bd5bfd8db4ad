import GRDB
public import MailModel

/// Which approvals a table shows: what is still open first, then newest first.
public struct ApprovalQuery: Sendable, Equatable {
  public var states: Set<ApprovalState>
  public var text: String
  public var position: PagePosition
  public var limit: Int

  public init(
    states: Set<ApprovalState> = [], text: String = "", position: PagePosition = .start, limit: Int = 50
  ) {
    self.states = states
    self.text = text
    self.position = position
    self.limit = limit
  }
}

/// Requests for a second person.
public struct Approvals {
  let db: Database

  /// What is asked for; see `Approval`.
  public struct Draft: Sendable {
    public var operation: String
    public var request: String
    public var preview: String
    public var why: String
    public var reason: String

    public init(operation: String, request: String, preview: String, why: String, reason: String) {
      self.operation = operation
      self.request = request
      self.preview = preview
      self.why = why
      self.reason = reason
    }
  }

  /// - Parameter state: `pending`, or `alone` for what was done already.
  public func insert(
    _ draft: Draft, state: ApprovalState, by actor: Actor, now: Timestamp, expiresAt: Timestamp
  ) throws -> Approval {
    try db.cachedStatement(
      sql: """
        INSERT INTO approval (state, operation, request, preview, why, reason, requested_by, requested_role,
          requested_from, requested_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """
    ).execute(arguments: [
      state.rawValue, draft.operation, draft.request, draft.preview, draft.why, draft.reason, actor.name,
      actor.role.name, actor.origin, now.microseconds, expiresAt.microseconds,
    ])
    guard let approval = try get(db.lastInsertedRowID) else { throw StoreError.other("the approval was not stored") }
    return approval
  }

  public func get(_ id: Int64) throws -> Approval? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT \(Approvals.columns) FROM approval p WHERE p.id = $1"), arguments: [id]
    ).map(Approvals.decode)
  }

  /// Settles an open approval, compared with the version that was read.
  ///
  /// - Returns: `false` when it changed since.
  /// - Throws: `StoreError.refused` when it was decided already, or by the person who asked.
  public func decide(
    _ approval: Approval, state: ApprovalState, by person: String, words: String, now: Timestamp
  ) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE approval SET state = $1, decided_by = $2, decided_at = $3, decision = $4, version = version + 1
        WHERE id = $5 AND version = $6
        """
    ).execute(arguments: [state.rawValue, person, now.microseconds, words, approval.id, approval.version])
    return db.changesCount == 1
  }

  /// Pending requests for one operation, oldest first, at most 100.
  public func pending(operation: String) throws -> [Approval] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT \(Approvals.columns) FROM approval p WHERE p.state = 'pending' AND p.operation = $1
          ORDER BY p.id LIMIT 100
          """), arguments: [operation]
    ).map(Approvals.decode)
  }

  /// Pending requests whose time is over, oldest first, at most 100.
  public func overdue(now: Timestamp) throws -> [Approval] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT \(Approvals.columns) FROM approval p WHERE p.state = 'pending' AND p.expires_at <= $1
          ORDER BY p.expires_at LIMIT 100
          """), arguments: [now.microseconds]
    ).map(Approvals.decode)
  }

  public func page(_ query: ApprovalQuery) throws -> Page<Approval> {
    var page = PageQuery(
      select: "SELECT \(Approvals.columns)/*sort*/ FROM approval p", sort: "p.is_open", id: "p.id", isDescending: true,
      position: query.position, limit: query.limit)
    page.oneOf("p.state", query.states.map(\.rawValue).sorted())
    page.search(
      query.text, in: ["p.operation", "p.preview", "p.why", "p.reason", "p.requested_by", "p.decided_by", "p.decision"])
    return try page.fetch(db) { row in
      let approval = Approvals.decode(row)
      return (approval.id, approval)
    }
  }

  private static let columns = """
    p.id, p.version, p.state, p.operation, p.request, p.preview, p.why, p.reason, p.requested_by, p.requested_role,
    p.requested_from, p.requested_at, p.expires_at, p.decided_by, p.decided_at, p.decision
    """

  private static func decode(_ row: Row) -> Approval {
    Approval(
      id: row[0], version: row[1], state: ApprovalState(rawValue: row[2]) ?? .pending, operation: row[3],
      request: row[4], preview: row[5], why: row[6], reason: row[7], requestedBy: row[8], requestedRole: row[9],
      requestedFrom: row[10], requestedAt: Timestamp(microseconds: row[11]),
      expiresAt: Timestamp(microseconds: row[12]), decidedBy: row[13],
      decidedAt: (row[14] as Int64?).map(Timestamp.init(microseconds:)), decision: row[15])
  }
}

/// Who may act alone now, and who did.
public struct BreakGlasses {
  let db: Database

  public func open(by person: String, reason: String, now: Timestamp, until end: Timestamp) throws -> BreakGlass {
    try db.cachedStatement(
      sql: "INSERT INTO break_glass (person, opened_at, expires_at, reason) VALUES ($1, $2, $3, $4)"
    ).execute(arguments: [person, now.microseconds, end.microseconds, reason])
    return BreakGlass(id: db.lastInsertedRowID, person: person, openedAt: now, expiresAt: end, reason: reason)
  }

  /// Everybody's that is neither closed nor expired.
  public func current(now: Timestamp) throws -> [BreakGlass] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT id, person, opened_at, expires_at, reason, closed_at FROM break_glass
          WHERE closed_at IS NULL AND expires_at > $1 ORDER BY id
          """), arguments: [now.microseconds]
    ).map { row in
      BreakGlass(
        id: row[0], person: row[1], openedAt: Timestamp(microseconds: row[2]),
        expiresAt: Timestamp(microseconds: row[3]), reason: row[4],
        closedAt: (row[5] as Int64?).map(Timestamp.init(microseconds:)))
    }
  }

  /// - Returns: how many of this person's were open.
  public func close(by person: String, now: Timestamp) throws -> Int {
    try db.cachedStatement(
      sql: "UPDATE break_glass SET closed_at = $1 WHERE person = $2 AND closed_at IS NULL AND expires_at > $1"
    ).execute(arguments: [now.microseconds, person])
    return db.changesCount
  }
}
