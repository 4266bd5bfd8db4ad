import GRDB
public import MailModel

/// Passes over all restrictions.
public struct RestrictionAudits {
  let db: Database

  /// Lists every account that is restricted now. - Returns: `nil` when there is none.
  public func start(by person: String, now: Timestamp) throws -> RestrictionAudit? {
    try db.execute(
      sql: "INSERT INTO restriction_audit (started_at, started_by) VALUES ($1, $2)",
      arguments: [now.microseconds, person])
    let id = db.lastInsertedRowID
    try db.execute(
      sql: """
        INSERT INTO restriction_audit_item (audit_id, account_id)
        SELECT $1, id FROM account WHERE attention >= 2000000 AND standing = 'restricted'
        """, arguments: [id])
    guard db.changesCount > 0 else {
      try db.execute(sql: "DELETE FROM restriction_audit WHERE id = $1", arguments: [id])
      return nil
    }
    return try current()
  }

  /// The pass that is not complete.
  public func current() throws -> RestrictionAudit? { try latest("WHERE completed_at IS NULL") }

  /// The latest pass, complete or not.
  public func last() throws -> RestrictionAudit? { try latest("") }

  private func latest(_ condition: String) throws -> RestrictionAudit? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT id, started_at, started_by, completed_at, decided, total FROM restriction_audit \(condition)
          ORDER BY id DESC LIMIT 1
          """)
    ).map { row in
      RestrictionAudit(
        id: row[0], startedAt: Timestamp(microseconds: row[1]), startedBy: row[2],
        completedAt: (row[3] as Int64?).map(Timestamp.init(microseconds:)), decided: row[4], total: row[5])
    }
  }

  /// The account to decide about next: the first after `account` in the order of the pass.
  ///
  /// - Parameter wraps: then from its beginning.
  public func next(_ audit: RestrictionAudit, after account: Account.ID = 0, wraps: Bool = true) throws -> Account.ID? {
    let sql = """
      SELECT account_id FROM restriction_audit_item WHERE audit_id = $1 AND decision IS NULL AND account_id > $2
      ORDER BY account_id LIMIT 1
      """
    let following = try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: [audit.id, account])
    guard wraps, following == nil else { return following }
    return try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: [audit.id, 0])
  }

  /// - Returns: `false` when the account is not in the pass or was decided about already.
  public func decide(
    _ audit: RestrictionAudit, account: Account.ID, decision: String, by person: String, now: Timestamp
  ) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE restriction_audit_item SET decision = $1, by = $2, at = $3
        WHERE audit_id = $4 AND account_id = $5 AND decision IS NULL
        """
    ).execute(arguments: [decision, person, now.microseconds, audit.id, account])
    return db.changesCount == 1
  }
}
