import GRDB
public import MailModel

/// Which notices a table shows. Newest first unless turned around.
public struct NoticeQuery: Sendable, Equatable {
  public var states: Set<NoticeState>
  public var account: Account.ID?
  public var caseID: Int64?
  public var text: String
  public var isDescending: Bool
  public var position: PagePosition
  public var limit: Int

  public init(
    states: Set<NoticeState> = [], account: Account.ID? = nil, caseID: Int64? = nil, text: String = "",
    isDescending: Bool = true, position: PagePosition = .start, limit: Int = 50
  ) {
    self.states = states
    self.account = account
    self.caseID = caseID
    self.text = text
    self.isDescending = isDescending
    self.position = position
    self.limit = limit
  }
}

/// Notices and what became of them.
public struct Notices {
  let db: Database

  public struct Draft: Sendable, Equatable {
    public var kind: String
    public var channel: NoticeChannel
    public var target: String
    public var account: Account.ID?
    public var caseID: Int64?
    public var subject: String
    public var body: String

    public init(
      kind: String, channel: NoticeChannel, target: String, account: Account.ID?, caseID: Int64?, subject: String,
      body: String
    ) {
      self.kind = kind
      self.channel = channel
      self.target = target
      self.account = account
      self.caseID = caseID
      self.subject = subject
      self.body = body
    }
  }

  /// Stores a notice that is due at once, or that was found `suppressed`.
  public func insert(
    _ draft: Draft, state: NoticeState = .queued, lastError: String = "", by person: String, now: Timestamp
  ) throws -> Notice {
    try db.cachedStatement(
      sql: """
        INSERT INTO notice (state, kind, channel, target, account_id, case_id, subject, body, next_attempt_at,
          last_error, created_at, created_by, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """
    ).execute(arguments: [
      state.rawValue, draft.kind, draft.channel.rawValue, draft.target, draft.account, draft.caseID, draft.subject,
      draft.body, now.microseconds, lastError, now.microseconds, person, now.microseconds,
    ])
    guard let notice = try get(db.lastInsertedRowID) else { throw StoreError.other("the notice was not stored") }
    return notice
  }

  public func get(_ id: Int64) throws -> Notice? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT \(Notices.columns) FROM notice n WHERE n.id = $1"), arguments: [id]
    ).map(Notices.decode)
  }

  /// Names the message that carries it.
  public func bind(_ id: Int64, to message: Message.ID) throws {
    try db.cachedStatement(sql: "UPDATE notice SET message_id = $1, attempts = attempts + 1 WHERE id = $2")
      .execute(arguments: [message, id])
  }

  /// Web hooks that are due, taken by nobody else until `until`: an engine that dies leaves them to the next.
  public func claimDue(now: Timestamp, until: Timestamp, limit: Int) throws -> [Notice] {
    let due = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT \(Notices.columns) FROM notice n
          WHERE n.state = 'queued' AND n.channel = 'webhook' AND n.next_attempt_at <= $1
          ORDER BY n.next_attempt_at, n.id LIMIT $2
          """), arguments: [now.microseconds, limit]
    ).map(Notices.decode)
    return try due.map { notice in
      try db.cachedStatement(sql: "UPDATE notice SET next_attempt_at = $1, version = version + 1 WHERE id = $2")
        .execute(arguments: [until.microseconds, notice.id])
      var claimed = notice
      claimed.version += 1
      claimed.nextAttemptAt = until
      return claimed
    }
  }

  /// Whether any web hook is due.
  public func isAnyDue(now: Timestamp) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM notice n
            WHERE n.state = 'queued' AND n.channel = 'webhook' AND n.next_attempt_at <= $1)
          """), arguments: [now.microseconds]) ?? false
  }

  /// E-mail notices that wait for news, each with the state of the message that carries it and the reason of that
  /// state; oldest first, after `id`.
  public func waitingMail(after id: Int64, limit: Int) throws -> [(notice: Notice, state: MessageState, reason: String)]
  {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT \(Notices.columns), m.state, m.state_reason FROM notice n JOIN message m ON m.id = n.message_id
          WHERE n.state = 'queued' AND n.channel = 'email' AND n.id > $1 ORDER BY n.id LIMIT $2
          """), arguments: [id, limit])
    return rows.compactMap { row in
      MessageState(rawValue: row[17]).map { (Notices.decode(row), $0, row[18]) }
    }
  }

  /// What came of an attempt, compared with the version that was claimed.
  ///
  /// - Parameter nextAttemptAt: for `queued`, when to try again.
  /// - Returns: `false` when it changed since.
  public func settle(
    _ notice: Notice, state: NoticeState, lastError: String, nextAttemptAt: Timestamp, countsAttempt: Bool,
    now: Timestamp
  ) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE notice SET state = $1, last_error = $2, next_attempt_at = $3, attempts = attempts + $4, changed_at = $5,
          version = version + 1
        WHERE id = $6 AND version = $7
        """
    ).execute(arguments: [
      state.rawValue, String(lastError.prefix(1_000)), nextAttemptAt.microseconds, countsAttempt ? 1 : 0,
      now.microseconds, notice.id, notice.version,
    ])
    return db.changesCount == 1
  }

  public func page(_ query: NoticeQuery) throws -> Page<Notice> {
    var page = PageQuery(
      select: "SELECT \(Notices.columns)/*sort*/ FROM notice n", sort: "n.id", id: "n.id",
      isDescending: query.isDescending,
      position: query.position, limit: query.limit)
    page.oneOf("n.state", query.states.map(\.rawValue).sorted())
    if let account = query.account { page.filter("n.account_id = ?", account) }
    if let caseID = query.caseID { page.filter("n.case_id = ?", caseID) }
    page.search(query.text, in: ["n.kind", "n.target", "n.subject", "n.last_error"])
    return try page.fetch(db) { row in
      let notice = Notices.decode(row)
      return (notice.id, notice)
    }
  }

  private static let columns = """
    n.id, n.version, n.state, n.kind, n.channel, n.target, n.account_id, n.case_id, n.subject, n.body, n.message_id,
    n.attempts, n.next_attempt_at, n.last_error, n.created_at, n.created_by, n.changed_at
    """

  private static func decode(_ row: Row) -> Notice {
    Notice(
      id: row[0], version: row[1], state: NoticeState(rawValue: row[2]) ?? .failed, kind: row[3],
      channel: NoticeChannel(rawValue: row[4]) ?? .webhook, target: row[5], account: row[6], caseID: row[7],
      subject: row[8], body: row[9], messageID: row[10], attempts: row[11],
      nextAttemptAt: Timestamp(microseconds: row[12]), lastError: row[13], createdAt: Timestamp(microseconds: row[14]),
      createdBy: row[15], changedAt: Timestamp(microseconds: row[16]))
  }
}
