import Foundation
import GRDB
import MailModel
import Storage
import Testing

@testable import Engine

/// Fault 40: whoever edits the database file directly, with all its guards taken away, is found out.
@Suite struct AuditWitnessTests {
  let place: TestWorkspace
  let witness: AuditWitness

  init() throws {
    place = try TestWorkspace()
    for number in 1...5 {
      _ = try place.store.write {
        try $0.audit.append(
          at: Timestamp(seconds: Int64(number)), actor: TestWorkspace.person(.lead), operation: "queue.hold",
          subject: "message:\(number)", reason: "because", detailsJSON: "{}")
      }
    }
    witness = try place.store.read { try AuditWitness.take($0, now: Timestamp(seconds: 1_790_000_000)) }
  }

  private func tamper(_ sql: String) throws {
    try DatabaseQueue(path: place.store.path).write { db in
      try db.execute(
        sql: "DROP TRIGGER audit_is_not_edited; DROP TRIGGER audit_is_not_deleted; PRAGMA foreign_keys = OFF; \(sql)")
    }
  }

  /// What `audit verify --witness` finds.
  private func finding() throws -> String? {
    try place.store.read { transaction in
      if case .broken(_, let why) = try transaction.audit.verify() { return why }
      return try witness.contradiction(transaction)
    }
  }

  @Test func `an untouched log and a log that only grew bear the witness out`() throws {
    #expect(try finding() == nil)
    _ = try place.store.write {
      try $0.audit.append(
        at: Timestamp(seconds: 9), actor: TestWorkspace.person(.lead), operation: "queue.hold", subject: "message:9",
        reason: "", detailsJSON: "{}")
    }
    #expect(try finding() == nil)
  }

  @Test(arguments: [
    "UPDATE audit SET reason = 'nothing' WHERE id = 3",
    "UPDATE audit SET details = '{\"result\":\"none\"}' WHERE id = 6",
    "UPDATE audit SET origin = 'desk:2' WHERE id = 1",
    "DELETE FROM audit WHERE id = 3",
    "DELETE FROM audit WHERE id = 1",
    "UPDATE audit SET id = CASE id WHEN 3 THEN -4 WHEN 4 THEN -3 ELSE id END; UPDATE audit SET id = abs(id)",
    "DELETE FROM audit WHERE id = 6",
    "DELETE FROM audit WHERE id >= 5; UPDATE counter SET value = 4 WHERE name = 'audit'",
    "DELETE FROM audit; UPDATE counter SET value = 0 WHERE name = 'audit'",
  ])
  func `edit, removal, reorder and truncation are noticed`(sql: String) throws {
    try tamper(sql)
    #expect(try finding() != nil, "\(sql)")
  }

  @Test func `a log that was written anew with every hash right contradicts the witness`() throws {
    let rows = try place.store.read { try $0.audit.page(AuditQuery(isDescending: false, limit: 100)).rows }
    try tamper("DELETE FROM audit; UPDATE counter SET value = 0 WHERE name = 'audit'")
    try place.store.write { transaction in
      for row in rows {
        _ = try transaction.audit.append(
          at: row.at, actor: Actor(name: row.actor, role: .lead, origin: row.origin), operation: row.operation,
          subject: row.subject, reason: row.id == 3 ? "somebody else did it" : row.reason, detailsJSON: row.details)
      }
    }
    guard case .sound = try place.store.read({ try $0.audit.verify() }) else {
      Issue.record("the forgery is not good enough to prove anything")
      return
    }
    #expect(try finding()?.contains("written anew") == true)
  }

  @Test func `a witness line is read back, and nothing else is taken for one`() throws {
    #expect(AuditWitness("\(witness)") == witness)
    #expect(AuditWitness("\(witness.count):\(witness.hash)")?.count == witness.count)
    #expect(AuditWitness.all(in: "mail of Monday\n\(witness)\n> \(witness)\n").map(\.line) == [2])
    for line in ["", "postroom-audit 5", "postroom-audit -1 \(witness.hash) x", "5:abc", "\(witness.hash):5"] {
      #expect(AuditWitness(line) == nil, "\(line)")
    }
  }

  @Test func `a broken log gives no witness`() throws {
    try tamper("UPDATE audit SET reason = 'x' WHERE id = 2")
    #expect(throws: AuditBroken.self) {
      try place.store.read { try AuditWitness.take($0, now: Timestamp(seconds: 1)) }
    }
  }
}
