import GRDB
import MailModel
import Testing

@testable import Storage

@Suite("The audit chain (fault 40)")
struct AuditChainTests {
  let temporary: TemporaryStore
  var store: Store { temporary.store }

  init() throws {
    temporary = try TemporaryStore()
    try store.write { (transaction) throws in
      for number in 1...5 {
        _ = try transaction.audit.append(
          at: temporary.now + .seconds(Int64(number)), actor: Actor(name: "ann", role: .lead, origin: "desk:1"),
          operation: "queue.hold", subject: "message:\(number)", reason: "because", detailsJSON: "{}")
      }
    }
  }

  @Test("an untouched log is sound")
  func sound() throws {
    guard case .sound(let count, let hash) = try store.read({ try $0.audit.verify() }) else {
      Issue.record("not sound")
      return
    }
    #expect(count == 5)
    #expect(hash.count == 64)
  }

  @Test(
    "the store refuses to edit and to delete",
    arguments: ["UPDATE audit SET reason = 'x'", "DELETE FROM audit WHERE id = 5"])
  func refuses(_ sql: String) throws {
    #expect(throws: DatabaseError.self) { try temporary.raw().write { db in try db.execute(sql: sql) } }
  }

  @Test(
    "somebody who takes the guards away is found out",
    arguments: [
      ("UPDATE audit SET reason = 'nothing' WHERE id = 3", Int64(3)),
      ("UPDATE audit SET actor = 'bob' WHERE id = 1", 1),
      ("DELETE FROM audit WHERE id = 2", 2),
      ("UPDATE audit SET id = CASE id WHEN 3 THEN -4 WHEN 4 THEN -3 ELSE id END; UPDATE audit SET id = abs(id)", 3),
      ("UPDATE audit SET at = at + 1 WHERE id = 5", 5),
    ])
  func tampering(_ sql: String, _ place: Int64) throws {
    try temporary.raw().write { db in
      try db.execute(sql: "DROP TRIGGER audit_is_not_edited; DROP TRIGGER audit_is_not_deleted; \(sql)")
    }
    guard case .broken(let at, let why) = try store.read({ try $0.audit.verify() }) else {
      Issue.record("not noticed: \(sql)")
      return
    }
    #expect(at == place)
    #expect(why.contains("\(place)"))
  }
}
