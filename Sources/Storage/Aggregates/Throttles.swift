import GRDB
public import MailModel

/// Token buckets, slow-downs and pauses by scope; shared by every engine of the workspace.
public struct Throttles {
  let db: Database

  /// What the store keeps of one scope.
  public struct State: Sendable, Equatable {
    public var fullAt = Timestamp(microseconds: 0)
    /// Messages that wait have been given moments up to here.
    public var toldUntil = Timestamp(microseconds: 0)
    public var slowedUntil: Timestamp?
    public var slowedReason = ""
    public var slowedTimes = 0
    /// `100/min` as an operator set it.
    public var rate: String?
    /// Connections at once as an operator set it; only of relays.
    public var connections: Int?

    public init() {}
  }

  public func get(_ scope: ShapingScope) throws -> State {
    try Row.fetchOne(
      db.cachedStatement(sql: "\(Throttles.select) WHERE scope = $1"), arguments: [scope.description]
    ).map(Throttles.decode) ?? State()
  }

  /// Every scope that anything is known of, by name, at most 1,000.
  public func all() throws -> [(scope: ShapingScope, state: State)] {
    try Row.fetchAll(db.cachedStatement(sql: "\(Throttles.select) ORDER BY scope LIMIT 1000")).compactMap { row in
      ShapingScope(row[0] as String).map { ($0, Throttles.decode(row)) }
    }
  }

  /// The rates that operators set.
  public func rates() throws -> [ShapingScope: String] {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT scope, rate FROM throttle WHERE rate IS NOT NULL LIMIT 10000"))
    return rows.reduce(into: [:]) { rates, row in
      if let scope = ShapingScope(row[0] as String) { rates[scope] = row[1] }
    }
  }

  /// How many connections an operator allows towards a relay, `host:port`; `nil` for as many as configured.
  public func connections(relay: String) throws -> Int? {
    try Int.fetchOne(
      db.cachedStatement(sql: "SELECT connections FROM throttle WHERE scope = $1 AND connections IS NOT NULL"),
      arguments: [ShapingScope(.relay, relay).description])
  }

  /// Scopes that asked for less and have taken nothing since, at most 10,000.
  public func slowed() throws -> Set<ShapingScope> {
    let scopes = try String.fetchAll(
      db.cachedStatement(sql: "SELECT scope FROM throttle WHERE slowed_times > 0 LIMIT 10000"))
    return Set(scopes.compactMap { ShapingScope($0) })
  }

  public func set(_ scope: ShapingScope, _ state: State) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO throttle (scope, full_at, told_until, slowed_until, slowed_reason, slowed_times, rate, connections)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (scope) DO UPDATE SET full_at = excluded.full_at, told_until = excluded.told_until,
          slowed_until = excluded.slowed_until, slowed_reason = excluded.slowed_reason,
          slowed_times = excluded.slowed_times, rate = excluded.rate, connections = excluded.connections
        """
    ).execute(arguments: [
      scope.description, state.fullAt.microseconds, state.toldUntil.microseconds, state.slowedUntil?.microseconds,
      String(state.slowedReason.prefix(1_000)), state.slowedTimes, state.rate, state.connections,
    ])
  }

  private static let select =
    "SELECT scope, full_at, told_until, slowed_until, slowed_reason, slowed_times, rate, connections FROM throttle"

  private static func decode(_ row: Row) -> State {
    var state = State()
    state.fullAt = Timestamp(microseconds: row[1])
    state.toldUntil = Timestamp(microseconds: row[2])
    state.slowedUntil = (row[3] as Int64?).map(Timestamp.init(microseconds:))
    state.slowedReason = row[4]
    state.slowedTimes = row[5]
    state.rate = row[6]
    state.connections = row[7]
    return state
  }

  // MARK: Pauses

  /// Every pause, by scope, at most 10,000.
  public func pauses() throws -> [Pause] {
    try Row.fetchAll(db.cachedStatement(sql: "\(Throttles.selectPause) ORDER BY scope LIMIT 10000"))
      .compactMap(Throttles.decodePause)
  }

  private static let selectPause = "SELECT scope, reason, paused_by, since, until FROM pause"

  private static func decodePause(_ row: Row) -> Pause? {
    ShapingScope(row[0] as String).map { scope in
      Pause(
        scope: scope, reason: row[1], by: row[2], since: Timestamp(microseconds: row[3]),
        until: (row[4] as Int64?).map(Timestamp.init(microseconds:)))
    }
  }

  /// Also one that is over.
  public func pause(of scope: ShapingScope) throws -> Pause? {
    try Row.fetchOne(
      db.cachedStatement(sql: "\(Throttles.selectPause) WHERE scope = $1"), arguments: [scope.description]
    ).flatMap(Throttles.decodePause)
  }

  public func pause(_ pause: Pause) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO pause (scope, reason, paused_by, since, until) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (scope) DO UPDATE SET reason = excluded.reason, paused_by = excluded.paused_by,
          since = excluded.since, until = excluded.until
        """
    ).execute(arguments: [
      pause.scope.description, String(pause.reason.prefix(1_000)), pause.by, pause.since.microseconds,
      pause.until?.microseconds,
    ])
  }

  /// - Returns: whether there was one.
  public func lift(_ scope: ShapingScope) throws -> Bool {
    try db.cachedStatement(sql: "DELETE FROM pause WHERE scope = $1").execute(arguments: [scope.description])
    return db.changesCount > 0
  }

  // MARK: Waiting messages

  /// How many messages wait for a scope, counted no further than `limit`.
  public func waiting(for scope: ShapingScope, limit: Int = Amount.most) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT count(*) FROM (SELECT 1 FROM message
            WHERE state = 'queued' AND waits_for IS NOT NULL AND waits_for = $1 LIMIT $2) AS waiting
          """),
      arguments: [scope.description, limit]) ?? 0
  }

  /// How many messages of the scope are queued, counted no further than `limit`, and when the oldest of these came.
  ///
  /// - Parameter isOnlyRelay: whether a relay has everything that no inbox has a server of its own for; else only what was
  ///   rerouted to it, and the mail of inboxes whose server it is.
  public func queued(
    in scope: ShapingScope, limit: Int, isOnlyRelay: Bool = false
  ) throws -> (count: Int, oldest: Timestamp?) {
    let condition =
      switch scope.kind {
      case .relay:
        """
        (lower(m.relay) = $1 OR (m.relay IS NULL AND (m.inbox_id IN (
          SELECT id FROM inbox WHERE lower(smtp_host) || ':' || smtp_port = $1 AND removed_at IS NULL)
          \(isOnlyRelay ? "OR m.inbox_id IS NULL" : ""))))
        """
      case .account: "m.account_id = (SELECT id FROM account WHERE address = $1)"
      case .inbox: "m.inbox_id = (SELECT id FROM inbox WHERE address = $1)"
      case .campaign: "lower(m.campaign) = $1"
      case .destination: "(m.waits_for = 'destination:' || $1 OR lower(m.recipient) LIKE '%@' || $1)"
      }
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT count(*), min(enqueued_at) FROM (
            SELECT m.enqueued_at FROM message m WHERE m.state = 'queued' AND \(condition) LIMIT $2) AS waiting
          """),
      arguments: [scope.key, limit])
    return (row?[0] ?? 0, (row?[1] as Int64?).map(Timestamp.init(microseconds:)))
  }

  /// What the first of them was told; `nil` when none waits.
  public func reason(waitingFor scope: ShapingScope) throws -> String? {
    try String.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT state_reason FROM message WHERE state = 'queued' AND waits_for IS NOT NULL AND waits_for = $1
          ORDER BY next_attempt_at LIMIT 1
          """),
      arguments: [scope.description])
  }

  /// When the first and the last of them come back.
  public func waitingSpan(for scope: ShapingScope) throws -> (first: Timestamp, last: Timestamp)? {
    let moment = { (order: String) in
      try Int64.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT next_attempt_at FROM message WHERE state = 'queued' AND waits_for IS NOT NULL AND waits_for = $1
            ORDER BY next_attempt_at \(order) LIMIT 1
            """),
        arguments: [scope.description])
    }
    guard let first = try moment("ASC"), let last = try moment("DESC") else { return nil }
    return (Timestamp(microseconds: first), Timestamp(microseconds: last))
  }

  /// The scopes that messages wait for, at most 1,000.
  public func waitedFor() throws -> [ShapingScope] {
    var found: [ShapingScope] = []
    var last = ""
    // One step of the index for each scope, however many messages wait for it.
    while found.count < 1_000,
      let next = try String.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT waits_for FROM message WHERE state = 'queued' AND waits_for IS NOT NULL AND waits_for > $1
            ORDER BY waits_for LIMIT 1
            """),
        arguments: [last])
    {
      if let scope = ShapingScope(next) { found.append(scope) }
      last = next
    }
    return found
  }

  /// What waits for the scope is to be looked at again; the next engine does it, some at a time.
  public func wake(_ scope: ShapingScope) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO throttle (scope, is_woken) VALUES ($1, 1)
        ON CONFLICT (scope) DO UPDATE SET is_woken = 1, told_until = 0
        """
    ).execute(arguments: [scope.description])
  }

  /// The same for what waits for any relay: it may go over another one than it was told.
  public func wakeRelays() throws {
    for scope in try waitedFor() where scope.kind == .relay { try wake(scope) }
  }

  /// Whether any scope was woken and not seen to yet.
  public func hasWoken() throws -> Bool {
    try Bool.fetchOne(db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM throttle WHERE is_woken = 1)")) ?? false
  }

  /// Makes up to `limit` messages due that wait for woken scopes. - Returns: how many.
  public func release(now: Timestamp, limit: Int) throws -> Int {
    let scopes = try String.fetchAll(
      db.cachedStatement(sql: "SELECT scope FROM throttle WHERE is_woken = 1 LIMIT 100"))
    var released = 0
    for scope in scopes where released < limit {
      try db.cachedStatement(
        sql: """
          UPDATE message SET next_attempt_at = $1, waits_for = NULL, version = version + 1, state_reason = 'due again'
          WHERE state = 'queued' AND id IN (SELECT id FROM message
            WHERE state = 'queued' AND waits_for IS NOT NULL AND waits_for = $2 ORDER BY next_attempt_at, id LIMIT $3)
          """
      ).execute(arguments: [now.microseconds, scope, limit - released])
      released += db.changesCount
      if released < limit {
        try db.cachedStatement(sql: "UPDATE throttle SET is_woken = 0 WHERE scope = $1").execute(arguments: [scope])
      }
    }
    return released
  }

  /// Messages of an inbox that are leased and not armed: its day's count does not have them yet.
  public func leased(inbox: Inbox.ID) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(sql: "SELECT count(*) FROM message WHERE \(MessageIndexes.leased) AND inbox_id = $1"),
      arguments: [inbox]) ?? 0
  }

  /// Recipients of everything that is under way now, at most 100,000.
  public func recipientsUnderWay() throws -> [String] {
    try String.fetchAll(
      db.cachedStatement(sql: "SELECT recipient FROM message WHERE state IN ('leased', 'armed') LIMIT 100000"))
  }
}
