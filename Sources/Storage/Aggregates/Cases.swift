import GRDB
public import MailModel

/// Which cases a table shows, newest first.
public struct CaseQuery: Sendable, Equatable {
  /// Empty for all.
  public var states: Set<CaseState>
  public var account: Account.ID?
  /// A substring of the account's address.
  public var text: String
  public var position: PagePosition
  public var limit: Int

  public init(
    states: Set<CaseState> = [], account: Account.ID? = nil, text: String = "", position: PagePosition = .start,
    limit: Int = 50
  ) {
    self.states = states
    self.account = account
    self.text = text
    self.position = position
    self.limit = limit
  }
}

/// Cases and their timelines. An account has at most one that is not closed; the schema sees to it.
public struct Cases {
  let db: Database

  /// - Throws: `StoreError` when the account has a case already.
  public func open(
    account: Account.ID, as opening: CaseOpening, state: CaseState, by person: String, steps: [String], now: Timestamp
  ) throws -> AbuseCase {
    try db.cachedStatement(
      sql: """
        INSERT INTO abuse_case (account_id, state, opening, opened_by, opened_at, restricted_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """
    ).execute(arguments: [
      account, state.rawValue, opening.rawValue, person, now.microseconds,
      state == .restricted ? now.microseconds : nil,
    ])
    let id = db.lastInsertedRowID
    for step in steps {
      try db.cachedStatement(sql: "INSERT INTO case_step (case_id, step) VALUES ($1, $2)")
        .execute(arguments: [id, step])
    }
    guard let opened = try get(id) else { throw StoreError.other("the case was not stored") }
    return opened
  }

  public func get(_ id: Int64) throws -> AbuseCase? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT \(Cases.columns) FROM abuse_case k WHERE k.id = $1"), arguments: [id]
    ).map(Cases.decode)
  }

  /// The account's case that is not closed.
  public func current(of account: Account.ID) throws -> AbuseCase? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: "SELECT \(Cases.columns) FROM abuse_case k WHERE k.account_id = $1 AND k.state <> 'closed'"),
      arguments: [account]
    ).map(Cases.decode)
  }

  /// The account's newest case, closed or not.
  public func latest(of account: Account.ID) throws -> Int64? {
    try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT id FROM abuse_case WHERE account_id = $1 ORDER BY id DESC LIMIT 1"),
      arguments: [account])
  }

  /// Closed cases of the account, newest first, at most 20.
  public func earlier(of account: Account.ID) throws -> [AbuseCase] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT \(Cases.columns) FROM abuse_case k WHERE k.account_id = $1 AND k.state = 'closed'
          ORDER BY k.id DESC LIMIT 20
          """), arguments: [account]
    ).map(Cases.decode)
  }

  /// Writes state, next review, level, the restriction's beginning and who restricted, compared with the version that was read.
  /// - Returns: `false` when it changed since.
  public func update(_ changed: AbuseCase) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE abuse_case SET state = $1, next_review = $2, level = $3, restricted_at = $4, closed_at = $5,
          restricted_by = $6, version = version + 1
        WHERE id = $7 AND version = $8
        """
    ).execute(arguments: [
      changed.state.rawValue, changed.nextReview?.microseconds, changed.level, changed.restrictedAt?.microseconds,
      changed.closedAt?.microseconds, changed.restrictedBy?.rawValue, changed.id, changed.version,
    ])
    return db.changesCount == 1
  }

  public func append(
    _ kind: CaseEvent.Kind, to id: Int64, by person: String, text: String, now: Timestamp
  ) throws {
    try db.cachedStatement(
      sql: "INSERT INTO case_event (case_id, at, kind, actor, text) VALUES ($1, $2, $3, $4, $5)"
    ).execute(arguments: [id, now.microseconds, kind.rawValue, person, String(text.prefix(4_000))])
  }

  /// The timeline, newest first.
  public func events(of id: Int64, limit: Int) throws -> [CaseEvent] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: "SELECT id, case_id, at, kind, actor, text FROM case_event WHERE case_id = $1 ORDER BY id DESC LIMIT $2"),
      arguments: [id, limit]
    ).map { row in
      CaseEvent(
        id: row[0], caseID: row[1], at: Timestamp(microseconds: row[2]),
        kind: CaseEvent.Kind(rawValue: row[3]) ?? .note,
        actor: row[4], text: row[5])
    }
  }

  /// When the case came to the level it is on: the last escalation, else its beginning.
  public func escalatedAt(_ found: AbuseCase) throws -> Timestamp {
    let last = try Int64.fetchOne(
      db.cachedStatement(
        sql: "SELECT at FROM case_event WHERE case_id = $1 AND kind = 'escalation' ORDER BY id DESC LIMIT 1"),
      arguments: [found.id])
    return last.map(Timestamp.init(microseconds:)) ?? found.openedAt
  }

  public func steps(of id: Int64) throws -> [CaseStep] {
    try Row.fetchAll(
      db.cachedStatement(sql: "SELECT case_id, step, version, state, by, at, reason FROM case_step WHERE case_id = $1"),
      arguments: [id]
    ).map { row in
      CaseStep(
        caseID: row[0], step: row[1], version: row[2], state: CaseStep.State(rawValue: row[3]) ?? .open, by: row[4],
        at: (row[5] as Int64?).map(Timestamp.init(microseconds:)), reason: row[6])
    }
  }

  /// Nothing is recorded about a step before somebody does something about it: one that came to the checklist after the case
  /// was opened is at version 0.
  ///
  /// - Parameter version: `nil` for what a decision ticks by itself.
  /// - Returns: `false` when the step changed since.
  public func setStep(
    _ step: String, of id: Int64, version: Int64?, state: CaseStep.State, by person: String, reason: String,
    now: Timestamp
  ) throws -> Bool {
    let isOpen = state == .open
    try db.cachedStatement(
      sql: "INSERT INTO case_step (case_id, step, version) VALUES ($1, $2, 0) ON CONFLICT (case_id, step) DO NOTHING"
    ).execute(arguments: [id, step])
    try db.cachedStatement(
      sql: """
        UPDATE case_step SET state = $1, by = $2, at = $3, reason = $4, version = version + 1
        WHERE case_id = $5 AND step = $6 AND version = coalesce($7, version)
        """
    ).execute(arguments: [
      state.rawValue, isOpen ? nil : person, isOpen ? nil : now.microseconds, String(reason.prefix(2_000)), id, step,
      version,
    ])
    return db.changesCount == 1
  }

  /// Ticks of an earlier round do not stand for the next one. What was skipped stays skipped.
  public func reopenSteps(_ steps: [String], of id: Int64) throws {
    for step in steps {
      try db.cachedStatement(
        sql: """
          UPDATE case_step SET state = 'open', by = NULL, at = NULL, version = version + 1
          WHERE case_id = $1 AND step = $2 AND state = 'ticked'
          """
      ).execute(arguments: [id, step])
    }
  }

  /// The cases of a table with the addresses of their accounts.
  public func page(_ query: CaseQuery) throws -> Page<(abuseCase: AbuseCase, address: String)> {
    var page = PageQuery(
      select:
        "SELECT \(Cases.columns), a.address/*sort*/ FROM abuse_case k JOIN account a ON a.id = k.account_id",
      sort: "k.id", id: "k.id", isDescending: true, position: query.position, limit: query.limit)
    page.oneOf("k.state", query.states.map(\.rawValue).sorted())
    if !query.states.isEmpty, !query.states.contains(.closed) { page.filter("k.state <> 'closed'") }
    if let account = query.account { page.filter("k.account_id = ?", account) }
    page.search(query.text, in: ["a.address"])
    return try page.fetch(db) { row in
      let found = Cases.decode(row)
      return (found.id, (found, row[12]))
    }
  }

  static let columns = """
    k.id, k.version, k.account_id, k.state, k.opening, k.opened_by, k.opened_at, k.closed_at, k.next_review, k.level,
    k.restricted_at, k.restricted_by
    """

  static func decode(_ row: Row) -> AbuseCase {
    func moment(_ index: Int) -> Timestamp? { (row[index] as Int64?).map(Timestamp.init(microseconds:)) }
    return AbuseCase(
      id: row[0], version: row[1], accountID: row[2], state: CaseState(rawValue: row[3]) ?? .open,
      opening: CaseOpening(rawValue: row[4]) ?? .byHand, openedBy: row[5], openedAt: Timestamp(microseconds: row[6]),
      closedAt: moment(7), nextReview: moment(8), level: row[9], restrictedAt: moment(10),
      restrictedBy: (row[11] as String?).flatMap(RestrictionOrigin.init(rawValue:)))
  }
}
