import GRDB
public import MailModel

/// Which complaints a table shows. Newest first unless turned around.
public struct ComplaintQuery: Sendable, Equatable {
  public var account: Account.ID?
  public var text: String
  public var includesDismissed: Bool
  public var isDescending: Bool
  public var position: PagePosition
  public var limit: Int

  public init(
    account: Account.ID? = nil, text: String = "", includesDismissed: Bool = true, isDescending: Bool = true,
    position: PagePosition = .start, limit: Int = 50
  ) {
    self.account = account
    self.text = text
    self.includesDismissed = includesDismissed
    self.isDescending = isDescending
    self.position = position
    self.limit = limit
  }
}

public struct Complaints {
  let db: Database

  /// What makes a complaint count against an account, for SQL; in the words of the index `complaint_counted`, or that
  /// is not used.
  static let counted = "is_dismissed = 0 AND correlation IN (\(Reports.proofs))"

  /// - Returns: `nil` when this report was counted before.
  public func insert(
    report: Report.ID, message: Message?, recipient: String?, feedbackType: String, correlation: Correlation,
    consequence: String, now: Timestamp
  ) throws -> Int64? {
    try db.cachedStatement(
      sql: """
        INSERT INTO complaint (report_id, message_id, account_id, recipient, feedback_type, correlation, consequence,
          occurred_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (report_id) DO NOTHING
        """
    ).execute(arguments: [
      report, message?.id, message?.accountID, recipient.map { String($0.prefix(320)) },
      String(feedbackType.prefix(60)),
      correlation.rawValue, consequence, now.microseconds,
    ])
    return db.changesCount == 1 ? db.lastInsertedRowID : nil
  }

  /// Whether somebody has provenly complained about this message.
  public func isAny(about message: Message.ID) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM complaint WHERE message_id = $1)"), arguments: [message])
      ?? false
  }

  /// Complaints that count: proven to be about mail of this account, not dismissed, not before `moment`.
  public func countSince(account: Account.ID, since moment: Timestamp) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT count(*) FROM complaint
          WHERE account_id = $1 AND occurred_at >= $2 AND \(Complaints.counted)
          """),
      arguments: [account, moment.microseconds]) ?? 0
  }

  /// - Returns: `false` when it is dismissed already or has changed since `version`.
  public func dismiss(_ id: Int64, version: Int64?) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE complaint SET is_dismissed = 1, version = version + 1
        WHERE id = $1 AND version = coalesce($2, version) AND is_dismissed = 0
        """
    ).execute(arguments: [id, version])
    return db.changesCount == 1
  }

  /// The account that a complaint is about.
  public func account(of id: Int64) throws -> Account.ID? {
    try Int64.fetchOne(db.cachedStatement(sql: "SELECT account_id FROM complaint WHERE id = $1"), arguments: [id])
  }

  /// When the complaints that count came, oldest first, the last `limit`.
  public func moments(account: Account.ID, limit: Int) throws -> [Timestamp] {
    try Int64.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT occurred_at FROM complaint
          WHERE account_id = $1 AND \(Complaints.counted)
          ORDER BY occurred_at DESC LIMIT $2
          """), arguments: [account, limit]
    ).reversed().map(Timestamp.init(microseconds:))
  }

  /// When the complaints that count came from `start` to `end`, both included; at most 10,000.
  public func moments(account: Account.ID, from start: Timestamp, to end: Timestamp) throws -> [Timestamp] {
    try Int64.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT occurred_at FROM complaint
          WHERE account_id = $1 AND occurred_at BETWEEN $2 AND $3 AND \(Complaints.counted)
          ORDER BY occurred_at LIMIT 10000
          """), arguments: [account, start.microseconds, end.microseconds]
    ).map(Timestamp.init(microseconds:))
  }

  /// An account's complaints by the moment they came, newest first.
  public func list(account: Account.ID, limit: Int) throws -> [Complaint] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: "\(Complaints.select) \(Complaints.from) WHERE c.account_id = $1 ORDER BY c.occurred_at DESC LIMIT $2"),
      arguments: [account, limit]
    ).map(Complaints.decode)
  }

  public func page(_ query: ComplaintQuery) throws -> Page<Complaint> {
    var page = PageQuery(
      select: "\(Complaints.select)/*sort*/ \(Complaints.from)", sort: "c.id", id: "c.id",
      isDescending: query.isDescending, position: query.position, limit: query.limit)
    if let account = query.account { page.filter("c.account_id = ?", account) }
    if !query.includesDismissed { page.filter("c.is_dismissed = 0") }
    page.search(query.text, in: ["c.recipient", "c.feedback_type", "a.address"])
    return try page.fetch(db) { row in
      let complaint = Complaints.decode(row)
      return (complaint.id, complaint)
    }
  }

  private static let select = """
    SELECT c.id, c.version, c.report_id, c.message_id, c.account_id, a.address, c.recipient, c.feedback_type,
      c.correlation, c.is_dismissed, c.consequence, c.occurred_at
    """
  private static let from = "FROM complaint c LEFT JOIN account a ON a.id = c.account_id"

  private static func decode(_ row: Row) -> Complaint {
    Complaint(
      id: row[0], version: row[1], reportID: row[2], messageID: row[3], accountID: row[4], accountAddress: row[5],
      recipient: row[6], feedbackType: row[7], correlation: Correlation(rawValue: row[8]) ?? .none, isDismissed: row[9],
      consequence: row[10], occurredAt: Timestamp(microseconds: row[11]))
  }
}
