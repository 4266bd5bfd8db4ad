import GRDB
import MailModel

/// Bounces, not delays: all of them, and those of each account, ever and by the day. Counted for all rows of a statement at
/// once, as everything here, see `IntakeSchema`.
struct BounceCounts {
  private var total = 0
  private var accounts: [Account.ID: Int] = [:]

  mutating func add(_ account: Account.ID?) {
    total += 1
    if let account { accounts[account, default: 0] += 1 }
  }

  func write(now: Timestamp, in db: Database) throws {
    try Counters(db: db).add("bounce", total)
    for (account, count) in accounts.sorted(by: { $0.key < $1.key }) {
      try db.cachedStatement(sql: "UPDATE account SET bounce_count = bounce_count + $1 WHERE id = $2")
        .execute(arguments: [count, account])
      try db.cachedStatement(
        sql: """
          INSERT INTO account_day (account_id, day, bounced) VALUES ($1, $2 / 86400000000, $3)
          ON CONFLICT (account_id, day) DO UPDATE SET bounced = account_day.bounced + excluded.bounced
          """
      ).execute(arguments: [account, now.microseconds, count])
    }
  }
}

extension Bounces {
  /// Counts the bounces with higher ids for the inboxes that their messages went out from, each recipient of a message
  /// once however often it is reported.
  func countForInboxes(above id: Int64) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO inbox_tally (inbox_id, bucket, bounced)
          SELECT m.inbox_id, b.occurred_at / 900000000, count(*) FROM bounce b JOIN message m ON m.id = b.message_id
          WHERE b.id > $1 AND b.kind = 'bounce' AND m.inbox_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM bounce e WHERE e.recipient = b.recipient AND e.message_id = b.message_id
              AND e.kind = 'bounce' AND e.id < b.id)
          GROUP BY m.inbox_id, b.occurred_at / 900000000
          ON CONFLICT (inbox_id, bucket) DO UPDATE SET bounced = inbox_tally.bounced + excluded.bounced
        """
    ).execute(arguments: [id])
  }

  func lastID() throws -> Int64 {
    try Int64.fetchOne(db.cachedStatement(sql: "SELECT coalesce(max(id), 0) FROM bounce")) ?? 0
  }
}

extension Reports {
  /// Counts a reply for the inbox that its message went out from.
  func countReply(_ message: Message.ID?, receivedAt: Timestamp) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO inbox_tally (inbox_id, bucket, replied)
          SELECT m.inbox_id, $1 / 900000000, 1 FROM message m WHERE m.id = $2 AND m.inbox_id IS NOT NULL
          ON CONFLICT (inbox_id, bucket) DO UPDATE SET replied = inbox_tally.replied + 1
        """
    ).execute(arguments: [receivedAt.microseconds, message])
  }
}

extension Inboxes {
  func exist() throws -> Bool {
    try Bool.fetchOne(db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM inbox)")) ?? false
  }
}
