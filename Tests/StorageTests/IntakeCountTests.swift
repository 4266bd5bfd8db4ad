import GRDB
import MailModel
import TestSupport
import Testing

@testable import Storage

/// What is counted once for a batch equals what counting the rows finds, also for what was counted by triggers before.
@Suite("Counters of what an intake writes")
struct IntakeCountTests {
  private let temporary: TemporaryStore
  private var store: Store { temporary.store }
  private var next: UInt32 = 0

  init() throws { temporary = try TemporaryStore() }

  /// Two accounts with an inbox, one without.
  private func prepare() throws {
    try store.write { transaction in
      for address in ["a@example.org", "b@example.org"] {
        _ = try transaction.inboxes.add(
          NewInbox(
            address: address, displayName: "", smtp: InboxStoreTests.server, imap: nil, startedAt: temporary.now))
      }
    }
    for account in ["a@example.org", "b@example.org", "c@example.org"] {
      try temporary.enqueue(5, account: account) { "r\($0)@example.com" }
    }
  }

  private mutating func report(
    _ kind: ReportKind, about message: Message?, _ correlation: Correlation, in transaction: Transaction, now: Timestamp
  ) throws -> NewReport {
    next += 1
    let location = MailboxLocation(mailbox: "m@h/INBOX", uidValidity: 1, uid: next)
    var report = NewReport(
      id: try transaction.reports.nextID() + Int64(next % 3), location: location, mail: HashedMail([UInt8(next % 250)]),
      receivedAt: now)
    report.reading = SharedReading(ClassifiedReport(kind: kind))
    report.correlation = correlation
    report.messageID = message?.id
    report.isUnmatched = correlation == .none
    return report
  }

  @Test(arguments: 1...4)
  func `a walk over batches of every kind`(seed: UInt64) throws {
    var test = self
    try prepare()
    var walk = SeededGenerator(seed: seed)
    func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &walk) }
    for step in 0..<60 {
      // Across quarters of an hour and days.
      let now = temporary.now + .minutes(Int64(step * 37))
      try store.write { (transaction) throws in
        var reports: [NewReport] = []
        var bounces: [NewBounce] = []
        for _ in 0..<(1 + roll(9)) {
          let message = roll(5) == 0 ? nil : try transaction.messages.get(Int64(1 + roll(15)))
          let kind = ReportKind.allCases[roll(ReportKind.allCases.count)]
          let correlation = message == nil ? .none : Correlation.allCases[roll(Correlation.allCases.count)]
          var report = try test.report(kind, about: message, correlation, in: transaction, now: now)
          report.id = (reports.last?.id ?? report.id) + 1
          reports.append(report)
          guard kind == .bounce || kind == .delay else { continue }
          bounces.append(
            NewBounce(
              report: report.id, message: message, recipient: message?.recipient ?? "x@example.com",
              reported: ReportedRecipient(), kind: kind, correlation: correlation, consequence: ""))
        }
        try transaction.reports.insert(reports)
        try transaction.bounces.insert(bounces, now: now)
        let entries = (0..<roll(70)).map { NewSuppression("s\($0 + step)@example.com", reason: "x", source: "") }
        let added = try transaction.suppressions.add(entries, now: now)
        try transaction.audit.append(
          added.map { AuditEntry(operation: "x", subject: $0.address, reason: "", detailsJSON: "{}") }, at: now,
          actor: Actor(name: "t", role: .operator, origin: "test"))
        if roll(4) == 0 { try transaction.suppressions.remove("s\(step)@example.com") }
        if roll(4) == 0 { try transaction.reports.forgetUnproven(reports[0].id) }
      }
      try compare(step)
    }
  }

  private func compare(_ step: Int) throws {
    let wrong = try temporary.raw().read { db in try String.fetchAll(db, sql: IntakeCountTests.differences) }
    #expect(wrong == [], "step \(step)")
  }

  /// Every count beside what counting the rows finds; only those that differ.
  private static let differences = """
    SELECT 'bounce' FROM counter
      WHERE name = 'bounce' AND value <> (SELECT count(*) FROM bounce WHERE kind = 'bounce')
    UNION ALL SELECT name FROM counter
      WHERE name = 'report.unmatched' AND value <> (SELECT count(*) FROM report WHERE is_unmatched = 1)
    UNION ALL SELECT name FROM counter WHERE name = 'suppression' AND value <> (SELECT count(*) FROM suppression)
    UNION ALL SELECT name FROM counter WHERE name = 'audit' AND value <> (SELECT count(*) FROM audit)
    UNION ALL SELECT 'account ' || id FROM account a
      WHERE bounce_count < (SELECT count(DISTINCT message_id) FROM bounce b
        WHERE b.account_id = a.id AND kind = 'bounce')
    UNION ALL SELECT 'sum of days ' || id FROM account a WHERE bounce_count <>
      (SELECT coalesce(sum(bounced), 0) FROM account_day d WHERE d.account_id = a.id)
    UNION ALL SELECT 'day ' || day FROM account_day d
      WHERE bounced < (SELECT count(*) FROM bounce b
        WHERE b.account_id = d.account_id AND kind = 'bounce' AND b.occurred_at / 86400000000 = d.day
          AND NOT EXISTS (SELECT 1 FROM bounce e WHERE e.message_id = b.message_id AND e.kind = 'bounce'
            AND e.id < b.id))
    UNION ALL SELECT 'replies' WHERE (SELECT coalesce(sum(replied), 0) FROM inbox_tally) <>
      (SELECT count(*) FROM report r JOIN message m ON m.id = r.message_id
        WHERE r.kind = 'reply' AND r.correlation NOT IN ('recipient', 'none') AND m.inbox_id IS NOT NULL)
    UNION ALL SELECT 'inbox ' || inbox_id || ' ' || bucket FROM inbox_tally t
      WHERE bounced < (SELECT count(*) FROM bounce b JOIN message m ON m.id = b.message_id
        WHERE m.inbox_id = t.inbox_id AND b.kind = 'bounce' AND b.occurred_at / 900000000 = t.bucket
          AND NOT EXISTS (SELECT 1 FROM bounce e WHERE e.recipient = b.recipient AND e.message_id = b.message_id
            AND e.kind = 'bounce' AND e.id < b.id))
    """

  @Test func `a message bounces once for its inbox and its account, in one batch and in two`() throws {
    var test = self
    try prepare()
    for _ in 0..<2 {
      try store.write { (transaction) throws in
        let message = try #require(try transaction.messages.get(1))
        var reports: [NewReport] = []
        for _ in 0..<3 {
          var report = try test.report(.bounce, about: message, .token, in: transaction, now: temporary.now)
          report.id = (reports.last?.id ?? report.id) + 1
          reports.append(report)
        }
        try transaction.reports.insert(reports)
        let bounces = reports.map {
          NewBounce(
            report: $0.id, message: message, recipient: message.recipient, reported: ReportedRecipient(),
            kind: .bounce, correlation: .token, consequence: "")
        }
        try transaction.bounces.insert(bounces, now: temporary.now)
      }
    }
    let counted = try temporary.raw().read { db in
      try Row.fetchOne(
        db, sql: "SELECT (SELECT sum(bounced) FROM inbox_tally), (SELECT bounce_count FROM account WHERE id = 1)")
    }
    #expect(counted?[0] == 1 && counted?[1] == 1)
  }

  @Test func `a report that names a recipient twice is refused and not half counted`() throws {
    var test = self
    try prepare()
    #expect(throws: StoreError.self) {
      try store.write { (transaction) throws in
        let report = try test.report(.bounce, about: nil, .none, in: transaction, now: temporary.now)
        try transaction.reports.insert([report])
        let bounce = NewBounce(
          report: report.id, message: nil, recipient: "x@example.com", reported: ReportedRecipient(), kind: .bounce,
          correlation: .none, consequence: "")
        try transaction.bounces.insert([bounce, bounce], now: temporary.now)
      }
    }
    try compare(0)
  }
}
