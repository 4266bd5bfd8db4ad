import GRDB
public import MailModel

/// Everything about a new inbox but its password.
public struct NewInbox: Sendable, Equatable {
  public var address: String
  public var displayName: String
  public var smtp: MailServer
  public var imap: MailServer?
  /// When its warm-up began.
  public var startedAt: Timestamp
  public var dailyLimit: Int?

  public init(
    address: String, displayName: String, smtp: MailServer, imap: MailServer?, startedAt: Timestamp,
    dailyLimit: Int? = nil
  ) {
    self.address = address
    self.displayName = displayName
    self.smtp = smtp
    self.imap = imap
    self.startedAt = startedAt
    self.dailyLimit = dailyLimit
  }
}

/// Sending identities and their counts. Addresses are lower case. A removed inbox is not seen any more; its messages
/// and counts are kept, and adding its address again brings it back.
public struct Inboxes {
  let db: Database

  static let columns = """
    i.id, i.version, i.address, i.display_name, i.smtp_host, i.smtp_port, i.smtp_security, i.smtp_username, i.imap_host,
    i.imap_port, i.imap_security, i.imap_username, i.started_at, i.daily_limit, i.health, i.evaluated_at, i.paused_at,
    i.paused_until, i.pause_reason, i.paused_by, i.is_pause_automatic, i.probation_since, i.waiting
    """
  private static let select = "SELECT \(columns) FROM inbox i"

  // MARK: Reading

  /// `nil` when there is none or it was removed.
  public func get(_ id: Inbox.ID) throws -> Inbox? {
    try Row.fetchOne(
      db.cachedStatement(sql: "\(Inboxes.select) WHERE i.id = $1 AND i.removed_at IS NULL"), arguments: [id]
    ).map(Inboxes.decode)
  }

  public func get(address: String) throws -> Inbox? {
    try Row.fetchOne(
      db.cachedStatement(sql: "\(Inboxes.select) WHERE i.address = $1 AND i.removed_at IS NULL"),
      arguments: [address.lowercased()]
    ).map(Inboxes.decode)
  }

  /// All of them, by address, at most 10,000.
  public func all() throws -> [Inbox] {
    try Row.fetchAll(
      db.cachedStatement(sql: "\(Inboxes.select) WHERE i.removed_at IS NULL ORDER BY i.address LIMIT 10000")
    ).map(Inboxes.decode)
  }

  /// How many messages of each inbox are queued: what waits for it, without what is held (counted no further than
  /// 100,000 in all) and what has a connection.
  public func queued() throws -> [Inbox.ID: Int] {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT i.id, i.waiting - coalesce(other.amount, 0) FROM inbox i LEFT JOIN (
            SELECT inbox_id, count(*) AS amount FROM (
              SELECT * FROM (SELECT m.inbox_id FROM message m
                WHERE \(MessageIndexes.exceptions) AND m.state = 'held' LIMIT 100000)
              UNION ALL SELECT inbox_id FROM message WHERE state IN ('leased', 'armed') AND state = 'leased')
            WHERE inbox_id IS NOT NULL GROUP BY inbox_id) AS other ON other.inbox_id = i.id
          WHERE i.removed_at IS NULL AND i.waiting > 0
          """))
    return rows.reduce(into: [:]) { $0[$1[0]] = max(0, $1[1]) }
  }

  /// The inbox that mail with this author or this envelope sender goes out from, the author first.
  func id(sending author: String, envelopeSender: String) throws -> Inbox.ID? {
    let find = try db.cachedStatement(sql: "SELECT id FROM inbox WHERE address = $1 AND removed_at IS NULL")
    for address in [author, envelopeSender] where !address.isEmpty {
      if let id = try Int64.fetchOne(find, arguments: [address.lowercased()]) { return id }
    }
    return nil
  }

  // MARK: Changing

  /// Adds an inbox, or brings back one that was removed.
  /// - Throws: `StoreError.refused` when there is one of that address already.
  public func add(_ new: NewInbox) throws -> Inbox {
    let address = new.address.lowercased()
    guard try get(address: address) == nil else { throw StoreError.refused("there is an inbox \(address) already") }
    try db.cachedStatement(
      sql: """
        INSERT INTO inbox (address, display_name, smtp_host, smtp_port, smtp_security, smtp_username, imap_host,
          imap_port, imap_security, imap_username, started_at, daily_limit)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (address) DO UPDATE SET version = inbox.version + 1, display_name = excluded.display_name,
          smtp_host = excluded.smtp_host, smtp_port = excluded.smtp_port, smtp_security = excluded.smtp_security,
          smtp_username = excluded.smtp_username, imap_host = excluded.imap_host, imap_port = excluded.imap_port,
          imap_security = excluded.imap_security, imap_username = excluded.imap_username,
          started_at = excluded.started_at, daily_limit = excluded.daily_limit, removed_at = NULL, paused_at = NULL,
          paused_until = NULL, pause_reason = '', paused_by = '', is_pause_automatic = 0
        """
    ).execute(arguments: [
      address, new.displayName, new.smtp.host, new.smtp.port, new.smtp.security.rawValue, new.smtp.username,
      new.imap?.host, new.imap?.port, new.imap?.security.rawValue, new.imap?.username, new.startedAt.microseconds,
      new.dailyLimit,
    ])
    guard let inbox = try get(address: address) else { throw StoreError.other("inbox \(address) was not stored") }
    return inbox
  }

  /// Gives the inbox the messages of `account` that wait and have none.
  /// - Returns: how many.
  public func adoptWaiting(_ id: Inbox.ID, account: Account.ID) throws -> Int {
    try db.cachedStatement(
      sql: """
        UPDATE message SET inbox_id = $1
        WHERE account_id = $2 AND \(MessageIndexes.accountWaiting) AND state <> 'leased' AND inbox_id IS NULL
        """
    ).execute(arguments: [id, account])
    return db.changesCount
  }

  /// - Parameter version: the version that was on screen; `nil` for policy, which has just read the row.
  /// - Returns: `false` when the row has changed since.
  public func setPause(_ id: Inbox.ID, version: Int64?, _ pause: InboxPause) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE inbox SET paused_at = $1, paused_until = $2, pause_reason = $3, paused_by = $4, is_pause_automatic = $5,
          version = version + 1
        WHERE id = $6 AND version = coalesce($7, version) AND removed_at IS NULL
        """
    ).execute(arguments: [
      pause.since.microseconds, pause.until?.microseconds, String(pause.reason.prefix(1_000)), pause.by,
      pause.isAutomatic, id, version,
    ])
    return db.changesCount == 1
  }

  /// Ends a pause. After one that the program imposed only what comes in from `now` on imposes another.
  public func clearPause(_ id: Inbox.ID, version: Int64?, now: Timestamp) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE inbox SET probation_since = iif(is_pause_automatic, $1, probation_since), paused_at = NULL,
          paused_until = NULL, pause_reason = '', paused_by = '', is_pause_automatic = 0, version = version + 1
        WHERE id = $2 AND version = coalesce($3, version) AND paused_at IS NOT NULL AND removed_at IS NULL
        """
    ).execute(arguments: [now.microseconds, id, version])
    return db.changesCount == 1
  }

  /// - Parameter limit: messages a day, or `nil` for the schedule's.
  public func setDailyLimit(_ id: Inbox.ID, version: Int64?, limit: Int?) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE inbox SET daily_limit = $1, version = version + 1
        WHERE id = $2 AND version = coalesce($3, version) AND removed_at IS NULL
        """
    ).execute(arguments: [limit, id, version])
    return db.changesCount == 1
  }

  /// Hides an inbox from which nothing waits.
  /// - Returns: `false` when messages of it wait, or the row has changed since.
  public func remove(_ id: Inbox.ID, version: Int64?, now: Timestamp) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE inbox SET removed_at = $1, version = version + 1
        WHERE id = $2 AND version = coalesce($3, version) AND removed_at IS NULL AND waiting = 0
        """
    ).execute(arguments: [now.microseconds, id, version])
    return db.changesCount == 1
  }

  /// What an evaluation found. Not a decision: the version stays.
  public func noteHealth(_ id: Inbox.ID, health: Int, now: Timestamp) throws {
    try db.cachedStatement(sql: "UPDATE inbox SET health = $1, evaluated_at = $2 WHERE id = $3")
      .execute(arguments: [health, now.microseconds, id])
  }

  private static func decode(_ row: Row) -> Inbox {
    func moment(_ index: Int) -> Timestamp? { (row[index] as Int64?).map(Timestamp.init(microseconds:)) }
    let imap = (row[8] as String?).map { host in
      MailServer(
        host: host, port: row[9] ?? 993, security: (row[10] as String?).flatMap(MailServer.Security.init) ?? .tls,
        username: row[11] ?? "")
    }
    let pause = moment(16).map {
      InboxPause(since: $0, until: moment(17), reason: row[18], by: row[19], isAutomatic: row[20])
    }
    return Inbox(
      id: row[0], version: row[1], address: row[2], displayName: row[3],
      smtp: MailServer(
        host: row[4], port: row[5], security: MailServer.Security(rawValue: row[6]) ?? .startTLS, username: row[7]),
      imap: imap, startedAt: Timestamp(microseconds: row[12]), dailyLimit: row[13], health: row[14],
      evaluatedAt: moment(15), pause: pause, probationSince: moment(21), waiting: row[22])
  }
}

/// Which inboxes a table shows, and in which order.
public struct InboxQuery: Sendable, Equatable {
  /// `attention`: paused first, then those of poor health.
  public enum Sort: String, Sendable, CaseIterable { case attention, address }

  public var text: String
  public var sort: Sort
  public var isDescending: Bool
  public var position: PagePosition
  public var limit: Int

  public init(
    text: String = "", sort: Sort = .attention, isDescending: Bool = true, position: PagePosition = .start,
    limit: Int = 50
  ) {
    self.text = text
    self.sort = sort
    self.isDescending = isDescending
    self.position = position
    self.limit = limit
  }
}

extension Inboxes {
  public func page(_ query: InboxQuery) throws -> Page<Inbox> {
    var page = PageQuery(
      select: "SELECT \(Inboxes.columns)/*sort*/ FROM inbox i",
      sort: query.sort == .attention ? "i.attention" : "i.address", id: "i.id", isDescending: query.isDescending,
      position: query.position, limit: query.limit)
    page.filter("i.removed_at IS NULL")
    page.search(query.text, in: ["i.address", "i.display_name", "i.pause_reason", "i.smtp_host"])
    return try page.fetch(db) { row in
      let inbox = Inboxes.decode(row)
      return (inbox.id, inbox)
    }
  }
}
