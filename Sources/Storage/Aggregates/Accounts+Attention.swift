import GRDB
public import MailModel

/// What the accounts' table is ordered by and shows besides the row: kept in columns and indexes, never scanned for.
extension Accounts {
  /// Microseconds of a UTC day.
  static let day: Int64 = 86_400_000_000

  /// Marks the account as decided about: whoever drew it before has to look again.
  /// - Returns: `false` when it changed since `version`.
  public func touch(_ id: Account.ID, version: Int64) throws -> Bool {
    try db.cachedStatement(sql: "UPDATE account SET version = version + 1 WHERE id = $1 AND version = $2")
      .execute(arguments: [id, version])
    return db.changesCount == 1
  }

  /// When somebody has to look again: the case's review, or what people want to follow up, whichever comes first.
  private static let due = """
    (SELECT min(at) FROM (
      SELECT next_review AS at FROM abuse_case WHERE account_id = $1 AND state <> 'closed'
      UNION ALL SELECT f.due_at FROM abuse_case k JOIN follow_up f ON f.case_id = k.id
        WHERE k.account_id = $1 AND k.state <> 'closed' AND f.done_at IS NULL))
    """

  /// Works out anew how much attention the account needs, and when time alone will change that.
  public func rank(_ id: Account.ID, window: Span, now: Timestamp) throws {
    try db.cachedStatement(
      sql: """
        WITH counted AS (
          SELECT count(*) AS amount, min(occurred_at) AS oldest FROM complaint
          WHERE account_id = $1 AND occurred_at >= $2 AND \(Complaints.counted)
        ), mail AS (
          SELECT sum(sent) AS sent, sum(bounced) AS bounced FROM account_day WHERE account_id = $1 AND day > $3
        ), review AS (
          SELECT \(Accounts.due) AS due
        )
        UPDATE account SET
          attention = (SELECT
            CASE WHEN due <= $4 THEN 4000000 ELSE 0 END
            + CASE account.standing WHEN 'restricted' THEN 2000000 WHEN 'flagged' THEN 1000000 ELSE 0 END
            + min(amount, 999) * 1000 + coalesce(min(bounced * 1000 / nullif(sent, 0), 999), 0)
            FROM counted, mail, review),
          attention_until = (SELECT CASE
            WHEN due > $4 AND oldest IS NOT NULL THEN min(due, oldest + $5 + 1)
            WHEN due > $4 THEN due ELSE oldest + $5 + 1 END
            FROM counted, review)
        WHERE id = $1
        """
    ).execute(arguments: [
      id, (now - window).microseconds, (now - .days(30)).microseconds / Accounts.day, now.microseconds,
      window.microseconds,
    ])
  }

  /// Whether there is anything for `rankDue`.
  public func isRankDue(now: Timestamp) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM account WHERE attention_until IS NOT NULL AND attention_until <= $1)
          """), arguments: [now.microseconds]) ?? false
  }

  /// Ranks again the accounts whose attention time has changed, the earliest first.
  /// - Returns: how many; `limit` means that there may be more.
  public func rankDue(window: Span, now: Timestamp, limit: Int) throws -> Int {
    let due = try Int64.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT id FROM account WHERE attention_until IS NOT NULL AND attention_until <= $1
          ORDER BY attention_until LIMIT $2
          """), arguments: [now.microseconds, limit])
    for id in due { try rank(id, window: window, now: now) }
    return due.count
  }

  /// The numbers of one account, each by an index of its own.
  public func figures(of id: Account.ID, window: Span, now: Timestamp) throws -> AccountFigures {
    let start = (now - window).microseconds
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT
            (SELECT count(*) FROM complaint WHERE account_id = $1 AND occurred_at >= $2
              AND \(Complaints.counted)),
            (SELECT count(*) FROM complaint WHERE account_id = $1 AND occurred_at >= $3 AND occurred_at < $2
              AND \(Complaints.counted)),
            m.sent, m.bounced, k.id, k.state, \(Accounts.due)
          FROM (SELECT coalesce(sum(sent), 0) AS sent, coalesce(sum(bounced), 0) AS bounced
                FROM account_day WHERE account_id = $1 AND day > $4) AS m
          LEFT JOIN abuse_case k ON k.account_id = $1 AND k.state <> 'closed'
          """),
      arguments: [
        id, start, (Timestamp(microseconds: start) - window).microseconds,
        (now - .days(30)).microseconds / Accounts.day,
      ])
    guard let row else { throw StoreError.other("account \(id) has no figures") }
    return AccountFigures(
      complaints: row[0], complaintsBefore: row[1], sent: row[2], bounced: row[3], caseID: row[4],
      caseState: (row[5] as String?).flatMap(CaseState.init(rawValue:)),
      nextReview: (row[6] as Int64?).map(Timestamp.init(microseconds:)))
  }

  /// Sending history, newest day first; days without any mail are absent.
  public func days(of id: Account.ID, since moment: Timestamp) throws -> [AccountDay] {
    let complaints = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT occurred_at / $1, count(*) FROM complaint WHERE account_id = $2 AND occurred_at >= $3
            AND \(Complaints.counted) GROUP BY 1
          """), arguments: [Accounts.day, id, moment.microseconds])
    let mail = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT day, sent, bounced FROM account_day WHERE account_id = $1 AND day >= $2"),
      arguments: [id, moment.microseconds / Accounts.day])
    var days: [Int64: AccountDay] = [:]
    func change(_ day: Int64, _ change: (inout AccountDay) -> Void) {
      let empty = AccountDay(day: Timestamp(microseconds: day * Accounts.day), sent: 0, bounced: 0, complained: 0)
      change(&days[day, default: empty])
    }
    for row in mail {
      change(row[0]) {
        $0.sent = row[1]
        $0.bounced = row[2]
      }
    }
    for row in complaints { change(row[0]) { $0.complained = row[1] } }
    return days.values.sorted { $0.day > $1.day }
  }
}
