import GRDB
import Testing

@testable import Storage

/// Replies of an older program's store that a person matched, and that were never counted.
@Suite struct ReplyProofMigrationTests {
  @Test func `replies matched by hand are counted, those that were counted are not again`() throws {
    let queue = try DatabaseQueue()
    try Migrations.all().migrate(queue, upTo: "30 lost messages")
    try queue.write { db in
      try db.execute(
        sql: """
          INSERT INTO account (id, address, standing_changed_at) VALUES (1, 'news@sender.invalid', 0);
          INSERT INTO inbox (id, address, display_name, smtp_host, smtp_port, smtp_security, smtp_username, started_at)
            VALUES (1, 'news@sender.invalid', '', 'h', 587, 'none', 'u', 0);
          INSERT INTO message (id, state, source, idempotency_key, account_id, envelope_sender, recipient, message_id,
            subject, size, enqueued_at, next_attempt_at, state_changed_at, state_reason, inbox_id)
            VALUES (1, 'queued', 't', 'k', 1, 'news@sender.invalid', 'r@there.invalid', '<m@x>', '', 1, 0, 0, 0, '', 1);
          """)
      for (uid, correlation) in ["messageID", "recipient", "none"].enumerated() {
        try db.execute(
          sql: """
            INSERT INTO report (mailbox, uid_validity, uid, received_at, hash) VALUES ('m', 1, $1, 5, x'00');
            """, arguments: [uid])
        try db.execute(
          sql: "UPDATE report SET is_classified = 1, kind = 'reply', message_id = 1, correlation = $1 WHERE uid = $2",
          arguments: [correlation, uid])
      }
      try db.execute(sql: "UPDATE report SET correlation = 'person' WHERE uid = 2")
      #expect(try Int.fetchOne(db, sql: "SELECT sum(replied) FROM inbox_tally") == 1, "the fault")
    }
    try Migrations.all().migrate(queue)
    try queue.write { db in
      #expect(try Int.fetchOne(db, sql: "SELECT sum(replied) FROM inbox_tally") == 2)
      try db.execute(sql: "UPDATE report SET correlation = 'person' WHERE uid = 1")
      #expect(try Int.fetchOne(db, sql: "SELECT sum(replied) FROM inbox_tally") == 3)
      try db.execute(sql: "UPDATE report SET correlation = 'header', is_classified = 1 WHERE uid = 1")
      #expect(try Int.fetchOne(db, sql: "SELECT sum(replied) FROM inbox_tally") == 3)
      try db.execute(sql: "UPDATE report SET correlation = 'none', message_id = NULL WHERE uid = 1")
      #expect(try Int.fetchOne(db, sql: "SELECT sum(replied) FROM inbox_tally") == 2)
    }
  }
}
