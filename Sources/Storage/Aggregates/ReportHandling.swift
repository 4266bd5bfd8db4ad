import GRDB
public import MailModel

/// What people decide about reports, and the rules they made.
extension Reports {
  /// Whether nothing has processed it yet.
  public func isUnclassified(_ id: Report.ID) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(sql: "SELECT is_classified = 0 FROM report WHERE id = $1"), arguments: [id]) ?? false
  }

  /// Records that a person dealt with a report and takes it out of *Unmatched*.
  /// - Returns: `false` when it changed since `version`.
  public func handle(_ id: Report.ID, version: Int64, words: String) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE report SET is_unmatched = 0, handled = $1, version = version + 1 WHERE id = $2 AND version = $3
        """
    ).execute(arguments: [String(words.prefix(300)), id, version])
    return db.changesCount == 1
  }

  /// A person's classification of a reply. - Returns: `false` when it changed since `version` or is no reply.
  public func setLabel(_ id: Report.ID, version: Int64?, label: ReplyLabel, words: String) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE report SET label = $1, handled = $2, version = version + 1
        WHERE id = $3 AND version = coalesce($4, version) AND kind IN ('reply', 'autoreply')
        """
    ).execute(arguments: [label.rawValue, String(words.prefix(300)), id, version])
    return db.changesCount == 1
  }

  /// Forgets what was read out of a report without proof, so that it can be read again.
  public func forgetUnproven(_ id: Report.ID) throws {
    for table in ["bounce", "complaint"] {
      try db.cachedStatement(
        sql: "DELETE FROM \(table) WHERE report_id = $1 AND correlation NOT IN (\(Reports.proofs))"
      ).execute(arguments: [id])
    }
  }

  /// `'token', 'messageID', …`: the words of correlations that are proof, for SQL.
  static let proofs = Correlation.allCases.filter(\.isProof).map { "'\($0.rawValue)'" }.joined(separator: ", ")

  /// Unmatched reports of a sender, newest first.
  public func unmatched(from sender: String, position: PagePosition, limit: Int) throws -> Page<Report> {
    try page(onlyUnmatched: true, text: sender, position: position, limit: limit)
  }

  /// Stores an event of a provider as a report, in a mailbox of its own name that no server has.
  public func storeEvent(source: String, raw: [UInt8], receivedAt: Timestamp) throws -> Report.ID {
    let mailbox = "events/\(source)"
    let last = try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT max(uid) FROM report WHERE mailbox = $1 AND uid_validity = 1"),
      arguments: [mailbox])
    let location = MailboxLocation(mailbox: mailbox, uidValidity: 1, uid: UInt32(clamping: (last ?? 0) + 1))
    return try add(location, HashedMail(raw), receivedAt: receivedAt)
  }

  // MARK: Rules

  /// - Returns: `false` when there is one for this sender and subject already.
  public func addRule(_ rule: ReportRule) throws -> Bool {
    try db.cachedStatement(
      sql: """
        INSERT INTO report_rule (sender, subject, verdict, created_by, created_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (sender, subject) DO NOTHING
        """
    ).execute(arguments: [
      String(rule.sender.lowercased().prefix(320)), String(rule.subject.lowercased().prefix(500)),
      rule.verdict.rawValue, rule.createdBy, rule.createdAt.microseconds,
    ])
    return db.changesCount == 1
  }

  public func removeRule(_ id: Int64) throws -> Bool {
    try db.cachedStatement(sql: "DELETE FROM report_rule WHERE id = $1").execute(arguments: [id])
    return db.changesCount == 1
  }

  /// All of them, oldest first, at most 10,000.
  public func rules() throws -> [ReportRule] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: "SELECT id, sender, subject, verdict, created_by, created_at FROM report_rule ORDER BY id LIMIT 10000")
    ).map { row in
      ReportRule(
        id: row[0], sender: row[1], subject: row[2], verdict: ReportRule.Verdict(rawValue: row[3]) ?? .dismiss,
        createdBy: row[4], createdAt: Timestamp(microseconds: row[5]))
    }
  }
}
