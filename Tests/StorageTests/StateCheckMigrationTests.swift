import Foundation
import GRDB
import Testing

@testable import Storage

/// A queue of an older program, whose states are checked against a list, brought up to date.
@Suite struct StateCheckMigrationTests {
  private static let states = [
    "queued", "leased", "armed", "sent", "failed", "uncertain", "held", "cancelled", "expired", "suppressed",
  ]

  private func add(_ state: String, to db: Database) throws {
    let isLeased = ["leased", "armed"].contains(state)
    try db.execute(
      sql: """
        INSERT INTO message (state, source, idempotency_key, account_id, envelope_sender, recipient, message_id, subject,
          size, enqueued_at, next_attempt_at, state_changed_at, lease_owner, lease_expires_at)
        VALUES ($1, 'test', $2, 1, 'a@example.org', 'r@example.net', '<m@example.org>', '', 1, 0, 0, 0, $3, $4)
        """,
      arguments: [state, "\(state) \(UUID())", isLeased ? "desk" : nil, isLeased ? 1 : nil])
  }

  private func upgraded() throws -> DatabaseQueue {
    let queue = try DatabaseQueue()
    try Migrations.all().migrate(queue, upTo: "22 counted batches")
    try queue.write { db in
      try db.execute(sql: "INSERT INTO account (address, standing_changed_at) VALUES ('a@example.org', 0)")
      for state in Self.states { try add(state, to: db) }
    }
    try Migrations.all().migrate(queue)
    return queue
  }

  @Test func `every message keeps its state, and every state can still be had`() throws {
    try upgraded().write { db in
      for state in Self.states { try add(state, to: db) }
      let counts = try Row.fetchAll(db, sql: "SELECT state, count(*) FROM message GROUP BY state")
      #expect(
        Dictionary(uniqueKeysWithValues: counts.map { ($0[0] as String, $0[1] as Int) })
          == Dictionary(uniqueKeysWithValues: Self.states.map { ($0, 2) }))
      #expect(try String.fetchAll(db, sql: "PRAGMA integrity_check") == ["ok"])
    }
  }

  @Test(arguments: ["'gone'", "''", "'Queued'", "NULL", "1"])
  func `no other state can be had`(word: String) throws {
    let failure = #expect(throws: DatabaseError.self) {
      try upgraded().write { db in
        try db.execute(sql: "UPDATE message SET state = \(word) WHERE state = 'queued'")
      }
    }
    #expect(failure?.resultCode == .SQLITE_CONSTRAINT)
  }

  @Test func `a table that this program did not make is left alone`() throws {
    let queue = try DatabaseQueue()
    try Migrations.all().migrate(queue, upTo: "22 counted batches")
    try queue.write { db in try db.execute(sql: "ALTER TABLE message RENAME COLUMN state TO status") }
    #expect(throws: DatabaseError.self) { try Migrations.all().migrate(queue) }
    #expect(try queue.read { db in try db.columns(in: "message").map(\.name) }.contains("status"))
  }
}
