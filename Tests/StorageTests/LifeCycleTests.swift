import Foundation
import GRDB
import MailModel
import Testing

@testable import Storage

@Suite("The life of a message in the store")
struct LifeCycleTests {
  let temporary: TemporaryStore
  var store: Store { temporary.store }
  var now: Timestamp { temporary.now }

  init() throws { temporary = try TemporaryStore() }

  /// SQLite's `synchronous` on the connection that writes: 2 is FULL, what durability rests on.
  private func writerSynchronousLevel() throws -> Int? {
    try store.pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
  }

  @Test("a commit is durable: WAL with synchronous=FULL on the writer")
  func isDurable() throws {
    let journal = try temporary.raw().read { db in try String.fetchOne(db, sql: "PRAGMA journal_mode") }
    #expect(journal == "wal")
    #expect(try writerSynchronousLevel() == 2)
  }

  @Test("a commit of many rows leaves the sync to whoever asks for it, and the next commit as it was")
  func bulkIsSyncedLater() throws {
    let level = try store.write(as: .bulk) { try Int.fetchOne($0.db, sql: "PRAGMA synchronous") }
    #expect(level == 1)
    try store.sync()
    #expect(try writerSynchronousLevel() == 2)
    #expect(throws: CancellationError.self) { try store.write(as: .bulk) { _ in throw CancellationError() } }
    #expect(try writerSynchronousLevel() == 2)
    try FileManager.default.removeItem(atPath: "\(store.path)-wal")
    #expect(throws: StoreError.io("\(store.path)-wal: No such file or directory")) { try store.sync() }
  }

  @Test("the same key with the same body is one row, with another body refused (fault 24)")
  func idempotency() throws {
    let other = try temporary.another()
    let first = temporary.submission(key: "k")
    let ids = try [store, other].map { store in
      try store.write { (transaction) throws in
        let account = try transaction.accounts.getOrCreate("news@example.org", now: now)
        return try transaction.messages.insert(first, account: account.id, state: .queued, reason: "", now: now)
      }
    }
    #expect(ids == [.inserted(1), .duplicate(1)])
    let changed = try store.write {
      try $0.messages.insert(
        temporary.submission(key: "k", body: "y"), account: 1, state: .queued, reason: "", now: now)
    }
    #expect(changed == .conflict(1))
  }

  @Test("two engines never hold the same lease (fault 12)")
  func claimsAreExclusive() throws {
    try temporary.enqueue(40)
    let other = try temporary.another()
    var seen: [Message.ID] = []
    for (index, store) in [store, other, store, other, store].enumerated() {
      seen += try store.write {
        try $0.messages.claim(limit: 10, owner: "engine \(index % 2)", now: now, leaseUntil: now + .seconds(9)).map(
          \.id)
      }
    }
    #expect(seen.count == 40)
    #expect(Set(seen).count == 40)
  }

  @Test("a stale epoch neither arms nor finishes (fault 10)")
  func staleEpoch() throws {
    try temporary.enqueue(1)
    let stale = try store.write {
      try $0.messages.claim(limit: 1, owner: "a", now: now, leaseUntil: now + .seconds(1))
    }.map { Lease(id: $0.id, epoch: $0.epoch) }
    let later = now + .seconds(5)
    let recovery = try store.write { try $0.messages.recoverExpired(now: later) }
    #expect(recovery == Recovery(requeued: 1, uncertain: []))
    try store.write { (transaction) throws in
      let again = try transaction.messages.claim(limit: 1, owner: "b", now: later, leaseUntil: later + .seconds(60))
      #expect(again.map(\.epoch) == [stale[0].epoch + 1])
      let verdicts = try transaction.messages.arm(stale, owner: "a", now: later, leaseUntil: later + .seconds(60))
      #expect(verdicts == [stale[0].id: .lost])
      let isFinished = try transaction.messages.finish(
        stale[0], transition: .refuse, reason: "late", now: later, nextAttemptAt: nil, countsAttempt: true)
      #expect(!isFinished)
    }
  }

  @Test("an expired arm becomes uncertain and is claimed no more (fault 2)")
  func expiredArm() throws {
    try temporary.enqueue(1)
    let lease = try temporary.armAll()[0]
    let later = now + .days(1)
    let recovery = try store.write { try $0.messages.recoverExpired(now: later) }
    #expect(recovery.uncertain == [lease.id])
    let claimed = try store.write { try $0.messages.claim(limit: 9, owner: "b", now: later, leaseUntil: later) }
    #expect(claimed.isEmpty)
  }

  @Test("restricted or suppressed between claim and arm is seen at the arm (fault 23)")
  func lastGate() throws {
    try temporary.enqueue(1, account: "a@example.org") { _ in "one@example.com" }
    try temporary.enqueue(1, account: "b@example.org") { _ in "Two@example.com" }
    try store.write { (transaction) throws in
      let claimed = try transaction.messages.claim(limit: 9, owner: "e", now: now, leaseUntil: now + .seconds(60))
      _ = try transaction.accounts.setStanding(1, version: nil, standing: .restricted, reason: "", now: now)
      _ = try transaction.suppressions.add("two@example.com", reason: "hard bounce", source: "", now: now)
      let verdicts = try transaction.messages.arm(
        claimed.map { Lease(id: $0.id, epoch: $0.epoch) }, owner: "e", now: now, leaseUntil: now + .seconds(60))
      #expect(verdicts == [claimed[0].id: .restricted, claimed[1].id: .suppressed])
      #expect(try transaction.messages.get(claimed[0].id)?.state == .held)
      #expect(try transaction.messages.get(claimed[1].id)?.state == .suppressed)
    }
  }

  @Test(
    "the schema itself keeps terminal states, epochs and waiting messages",
    arguments: [
      "UPDATE message SET state = 'queued'", "UPDATE message SET epoch = epoch - 1",
    ])
  func schemaGuards(_ sql: String) throws {
    try temporary.enqueue(1)
    let lease = try temporary.armAll()[0]
    _ = try store.write {
      try $0.messages.finish(lease, transition: .accept, reason: "", now: now, nextAttemptAt: nil, countsAttempt: true)
    }
    #expect(throws: DatabaseError.self) { try temporary.raw().write { db in try db.execute(sql: sql) } }
  }

  @Test("a message that is not terminal cannot be deleted")
  func waitingIsKept() throws {
    try temporary.enqueue(1)
    #expect(throws: DatabaseError.self) {
      try temporary.raw().write { db in try db.execute(sql: "DELETE FROM message") }
    }
  }

  @Test("an operator's change needs the version that was on screen")
  func versions() throws {
    let id = try temporary.enqueue(1)[0]
    let version = try #require(try store.read { try $0.messages.get(id)?.version })
    try store.write { (transaction) throws in
      #expect(try !transaction.messages.change(id, version: version + 1, transition: .hold, reason: "", now: now))
      #expect(try transaction.messages.change(id, version: version, transition: .hold, reason: "", now: now))
      #expect(try !transaction.messages.change(id, version: version, transition: .release, reason: "", now: now))
    }
  }

  @Test("what a release previews is what it does")
  func release() throws {
    try temporary.enqueue(5)
    try store.write { (transaction) throws in
      _ = try transaction.messages.holdAll(account: 1, reason: "account restricted", now: now)
      _ = try transaction.suppressions.add("r3@example.com", reason: "complaint", source: "", now: now)
      let preview = try transaction.messages.releasePreview(account: 1, holdReasonPrefix: "account", now: now)
      let done = try transaction.messages.releaseAll(account: 1, holdReasonPrefix: "account", now: now)
      #expect(preview == ReleaseCount(released: 4, suppressed: 1))
      #expect(done == preview)
    }
  }
}
