import GRDB
public import MailModel

/// The arrows that people and policy take.
extension Messages {
  /// An operator's change, by the version that was on screen.
  /// - Returns: `false` when the row has changed since or the arrow does not leave from its state.
  public func change(
    _ id: Message.ID, version: Int64, transition: MessageTransition, reason: String, now: Timestamp,
    nextAttemptAt: Timestamp? = nil
  ) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE message SET state = '\(transition.target.rawValue)', version = version + 1, lease_owner = NULL,
          lease_expires_at = NULL, state_changed_at = $1, state_reason = $2, next_attempt_at = coalesce($3, next_attempt_at)
        WHERE id = $4 AND version = $5 AND state IN (\(transition.sourceList))
        """
    ).execute(arguments: [now.microseconds, String(reason.prefix(2_000)), nextAttemptAt?.microseconds, id, version])
    return db.changesCount == 1
  }

  /// Makes a deferred message due.
  public func retryNow(_ id: Message.ID, version: Int64, now: Timestamp) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE message SET next_attempt_at = $1, waits_for = NULL, version = version + 1,
          state_reason = 'made due by an operator'
        WHERE id = $2 AND version = $3 AND state = 'queued'
        """
    ).execute(arguments: [now.microseconds, id, version])
    return db.changesCount == 1
  }

  /// Holds everything of an account that is not armed. - Returns: how many.
  public func holdAll(account: Account.ID, reason: String, now: Timestamp) throws -> Int {
    try moveWaiting(
      .hold, reason: reason, now: now, where: "account_id = $3 AND \(MessageIndexes.accountWaiting)", account)
  }

  /// Stops everything that is about to go to a recipient. - Returns: how many.
  ///
  /// Held mail stays held: it cannot go, and what was suppressed stays so for ever. A suppression that is lifted before
  /// its release frees it; one that stands then makes it suppressed (`releaseAll`).
  /// - Parameter account: only its mail; `nil` for everybody's.
  public func suppressWaiting(
    recipient: String, reason: String, now: Timestamp, account: Account.ID? = nil
  ) throws -> Int {
    guard let account else {
      return try moveWaiting(
        .suppress, reason: reason, now: now, where: "lower(recipient) = lower($3) AND state <> 'held'", recipient)
    }
    return try moveWaiting(
      .suppress, reason: reason, now: now,
      where: "lower(recipient) = lower($3) AND account_id = $4 AND state <> 'held'",
      recipient, account)
  }

  /// Those of these recipients whose messages ``suppressWaiting(recipient:reason:now:account:)`` would find.
  /// - Parameter recipients: in lower case.
  public func waitedFor(_ recipients: [String]) throws -> Set<String> {
    var found: Set<String> = []
    for chunk in Rows.chunks(of: recipients) {
      let sql = chunk.count == Rows.chunk ? Messages.waitedForByChunk : Messages.waitedForByOne
      found.formUnion(
        try RowRead.all(sql, in: db, constants: { for one in chunk { $0.add(one) } }, decode: { $0.text(0) }))
    }
    return found
  }

  private static let waitedForByChunk = waitedFor(Rows.chunk)
  private static let waitedForByOne = waitedFor(1)

  private static func waitedFor(_ count: Int) -> String {
    """
    SELECT DISTINCT lower(recipient) FROM message
    WHERE lower(recipient) IN (\(Rows.placeholders(count))) AND state IN (\(MessageTransition.suppress.sourceList))
      AND state <> 'held'
    """
  }

  /// Messages to a recipient in one state, counted no further than 1,000.
  public func count(recipient: String, state: MessageState) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(
        sql:
          "SELECT count(*) FROM (SELECT 1 FROM message WHERE lower(recipient) = lower($1) AND state = $2 LIMIT 1000) AS found"
      ),
      arguments: [recipient, state.rawValue]) ?? 0
  }

  private func moveWaiting(
    _ transition: MessageTransition, reason: String, now: Timestamp, where condition: String,
    _ values: any DatabaseValueConvertible...
  ) throws -> Int {
    let due = transition.target == .queued ? ", next_attempt_at = $1" : ""
    let statement = try db.cachedStatement(
      sql: """
        UPDATE message SET state = '\(transition.target.rawValue)', version = version + 1, lease_owner = NULL,
          lease_expires_at = NULL, state_changed_at = $1, state_reason = $2\(due)
        WHERE id IN (
          SELECT id FROM message WHERE \(condition) AND state IN (\(transition.sourceList)) LIMIT \(Messages.atOnce))
        """)
    var moved = 0
    repeat {
      try statement.execute(arguments: StatementArguments([now.microseconds, reason] + values))
      moved += db.changesCount
    } while db.changesCount == Messages.atOnce
    return moved
  }

  /// Rows that one statement moves: SQLite remembers what each page held, to take a statement back.
  private static let atOnce = 10_000

  /// What `releaseAll` would do now.
  public func releasePreview(
    account: Account.ID, holdReasonPrefix: String? = nil, now: Timestamp
  ) throws -> ReleaseCount {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT count(*) FILTER (WHERE NOT is_suppressed), count(*) FILTER (WHERE is_suppressed) FROM (
            SELECT EXISTS (SELECT 1 FROM suppression s WHERE \(Suppressions.applies(to: "m", now: "$1")))
              AS is_suppressed
            FROM message m
            WHERE m.account_id = $2 AND m.state = 'held'
              AND substr(m.state_reason, 1, length($3)) = $3) AS held
          """),
      arguments: [now.microseconds, account, holdReasonPrefix ?? ""])
    return ReleaseCount(released: row?[0] ?? 0, suppressed: row?[1] ?? 0)
  }

  /// Cancels an account's held mail. - Returns: how many.
  public func discardAll(account: Account.ID, holdReasonPrefix: String, reason: String, now: Timestamp) throws -> Int {
    try moveWaiting(
      .cancel, reason: String(reason.prefix(2_000)), now: now, where: Messages.heldFor, account, holdReasonPrefix)
  }

  /// Puts an account's held mail back into the queue; what is suppressed meanwhile becomes suppressed instead.
  ///
  /// - Parameter holdReasonPrefix: only messages held for a reason that begins so; `nil` for all.
  public func releaseAll(account: Account.ID, holdReasonPrefix: String?, now: Timestamp) throws -> ReleaseCount {
    let prefix = holdReasonPrefix ?? ""
    let suppressed = try moveWaiting(
      .suppress, reason: "recipient is suppressed", now: now,
      where: """
        \(Messages.heldFor)
        AND EXISTS (SELECT 1 FROM suppression s WHERE \(Suppressions.applies(to: "message", now: "$1")))
        """, account, prefix)
    let released = try moveWaiting(
      .release, reason: "released with its account", now: now, where: Messages.heldFor, account, prefix)
    return ReleaseCount(released: released, suppressed: suppressed)
  }

  /// Held mail of an account, for a reason that begins so.
  private static let heldFor = "account_id = $3 AND state = 'held' AND substr(state_reason, 1, length($4)) = $4"
}
