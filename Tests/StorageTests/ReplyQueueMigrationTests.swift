import GRDB
import Testing

@testable import Storage

/// The queue ids of an older program, brought into an order of columns that every SQLite checks rightly.
@Suite struct ReplyQueueMigrationTests {
  @Test func `queue ids are kept, and a sound store is told as sound`() throws {
    let queue = try DatabaseQueue()
    try Migrations.all().migrate(queue, upTo: "25 handled reports")
    try queue.write { db in
      for number in 1...3 {
        try db.execute(
          sql: "INSERT INTO reply_queue (queue_id, message_id, relay, replied_at) VALUES ($1, $2, 'mx:25', $3)",
          arguments: ["4Fv\(number)", number, 100 + number])
      }
    }
    try Migrations.all().migrate(queue)
    try queue.read { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT queue_id, message_id, relay, replied_at FROM reply_queue ORDER BY message_id")
      #expect(rows.map { $0[0] as String } == ["4Fv1", "4Fv2", "4Fv3"])
      #expect(rows.map { $0[2] as String } == ["mx:25", "mx:25", "mx:25"])
      #expect(rows.map { $0[3] as Int } == [101, 102, 103])
      #expect(try String.fetchAll(db, sql: "PRAGMA integrity_check") == ["ok"])
    }
  }
}
