import GRDB
import MailModel

/// Counted for all rows of a statement at once, as everything that an intake writes, see `IntakeSchema`.
extension Bounces {
  /// Those that tell of a message's failure for the first time.
  func first(of bounces: [NewBounce]) throws -> [NewBounce] {
    let proven = bounces.filter { $0.kind == .bounce && $0.message != nil }
    var known: Set<Message.ID> = []
    for chunk in Rows.chunks(of: proven.map(\.recipient)) {
      try RowRead.each(
        chunk.count == Rows.chunk ? Bounces.knownByChunk : Bounces.knownByOne, in: db,
        constants: { for recipient in chunk { $0.add(recipient) } },
        visit: { row in
          known.insert(row.integer(0))
          return true
        })
    }
    return proven.filter { $0.message.map { known.insert($0).inserted } ?? false }
  }

  private static let knownByChunk = known(Rows.chunk)
  private static let knownByOne = known(1)

  private static func known(_ count: Int) -> String {
    """
    SELECT message_id FROM bounce
    WHERE lower(recipient) IN (\(Rows.placeholders(count, as: "lower(?)"))) AND kind = 'bounce' AND message_id IS NOT NULL
    """
  }

  /// Counts bounces, not delays: all rows, and messages for their accounts and for the inboxes they went out from.
  func count(_ total: Int, _ first: [NewBounce], now: Timestamp) throws {
    try Counters(db: db).add("bounce", total)
    let accounts = Dictionary(first.compactMap(\.account).map { ($0, 1) }, uniquingKeysWith: +)
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
    guard try Inboxes(db: db).exist() else { return }
    for message in first.compactMap(\.message) {
      try db.cachedStatement(
        sql: """
          INSERT INTO inbox_tally (inbox_id, bucket, bounced)
            SELECT m.inbox_id, $1 / 900000000, 1 FROM message m WHERE m.id = $2 AND m.inbox_id IS NOT NULL
            ON CONFLICT (inbox_id, bucket) DO UPDATE SET bounced = inbox_tally.bounced + 1
          """
      ).execute(arguments: [now.microseconds, message])
    }
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
