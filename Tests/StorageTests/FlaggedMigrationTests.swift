import GRDB
import Testing

@testable import Storage

/// A store of an older program, in which every report had a mark of its own, brought up to date.
@Suite struct FlaggedMigrationTests {
  /// - Parameter flags: by UID, from 1 on.
  private func flagged(_ flags: [Bool], lastUID: Int?) throws -> Int? {
    let queue = try DatabaseQueue()
    try Migrations.all().migrate(queue, upTo: "28 complaints of a message")
    try queue.write { db in
      try db.execute(
        sql: "INSERT INTO mailbox (name, uid_validity, last_uid) VALUES ('m@h/INBOX', 7, $1)", arguments: [lastUID])
      for (index, isFlagged) in flags.enumerated() {
        for validity in [6, 7] {
          try db.execute(
            sql: """
              INSERT INTO report (mailbox, uid_validity, uid, received_at, hash, is_flagged)
              VALUES ('m@h/INBOX', $1, $2, 0, x'00', $3)
              """, arguments: [validity, index + 1, validity == 7 && isFlagged])
        }
      }
    }
    try Migrations.all().migrate(queue)
    return try queue.read { db in
      #expect(try String.fetchAll(db, sql: "PRAGMA integrity_check") == ["ok"])
      #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM report") == 2 * flags.count)
      return try Mailboxes(db: db).checkpoint("m@h/INBOX").map { Int($0.flaggedUID) }
    }
  }

  @Test func `flagged up to the first mail that is not`() throws {
    #expect(try flagged([true, true, true], lastUID: 3) == 3)
    #expect(try flagged([true, false, true], lastUID: 3) == 1)
    #expect(try flagged([false, true], lastUID: 2) == 0)
    #expect(try flagged([true, true, false], lastUID: 1) == 1, "not beyond what is stored without a gap")
    #expect(try flagged([], lastUID: 9) == 9)
    #expect(try flagged([true], lastUID: nil) == nil)
  }
}
