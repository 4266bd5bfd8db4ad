import Foundation
import GRDB
import MailModel
import Synchronization
import Testing

@testable import Storage

@Suite("The store's file")
struct StoreFileTests {
  let temporary: TemporaryStore

  init() throws { temporary = try TemporaryStore() }

  @Test("a missing store is not made by accident")
  func missing() {
    let path = temporary.folder.appending(path: "none.sqlite").path
    #expect(throws: StoreError.missing(path)) { try Store(path: path) }
  }

  @Test("a new store has pages of 8 KB; one that has other pages keeps them and works")
  func pages() throws {
    #expect(try temporary.raw().read { try Int.fetchOne($0, sql: "PRAGMA page_size") } == 8_192)
    let path = temporary.folder.appending(path: "small.sqlite").path
    let small = try DatabaseQueue(path: path)
    try small.writeWithoutTransaction { try $0.execute(sql: "PRAGMA page_size = 4096; VACUUM") }
    try small.close()
    let store = try Store(path: path)
    #expect(try store.write { try $0.accounts.getOrCreate("news@example.org", now: temporary.now).address } != "")
    #expect(try store.integrityCheck() == [])
    try store.close()
    #expect(try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "PRAGMA page_size") } == 4_096)
  }

  @Test("links are refused: two names do not share one journal (fault 8)", arguments: [true, false])
  func links(_ isSymbolic: Bool) throws {
    let other = temporary.folder.appending(path: "other.sqlite").path
    let files = FileManager.default
    try temporary.store.close()
    if isSymbolic {
      try files.createSymbolicLink(atPath: other, withDestinationPath: temporary.store.path)
    } else {
      try files.linkItem(atPath: temporary.store.path, toPath: other)
    }
    let error = #expect(throws: StoreError.self) { try Store(path: other) }
    guard case .unsafeFile = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("a journal that is a link is refused like the database (fault 8)", arguments: ["-wal", "-shm"])
  func linkedJournal(_ suffix: String) throws {
    let file = temporary.store.path + suffix
    try FileManager.default.linkItem(atPath: file, toPath: file + ".other")
    let error = #expect(throws: StoreError.self) { try temporary.another() }
    #expect(error?.description.contains("\(file) has 2 names") == true)
  }

  @Test("a folder on a network is refused (fault 8)", arguments: [0x6969, 0xFF53_4D42])
  func network(_ type: UInt32) throws {
    let error = #expect(throws: StoreError.self) {
      try StoreFile.check(temporary.store.path, mayCreate: false) { _ in type }
    }
    #expect(error?.description.contains("is on a network") == true)
    // ext4, and what cannot be told.
    for local in [0xEF53, 0] as [UInt32] { try StoreFile.check(temporary.store.path, mayCreate: false) { _ in local } }
  }

  @Test("a store of a newer program is refused (fault 15)")
  func newerSchema() throws {
    try temporary.raw().write { db in
      try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99 teleport')")
    }
    #expect(throws: StoreError.newerSchema(path: temporary.store.path, found: "99 teleport")) {
      try temporary.another()
    }
  }

  @Test("a damaged file says what to do (fault 6)")
  func damaged() throws {
    try temporary.enqueue(200)
    let path = temporary.store.path
    try temporary.store.close()
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    try handle.seek(toOffset: 0)
    try handle.write(contentsOf: Data(repeating: 0xAA, count: 8_192))
    try handle.close()
    let error = try #require(#expect(throws: StoreError.self) { try Store(path: path) })
    #expect(error.description.contains("restore"))
  }

  @Test("damage is kept in mind, whoever passed over it (fault 6)")
  func damageNoted() throws {
    try temporary.enqueue(20)
    let raw = try temporary.raw()
    let page = try #require(
      try raw.read { try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'message_claimable'") })
    try temporary.store.close()
    // Nothing of the page is left in the journal.
    try raw.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    try raw.close()
    let handle = try #require(FileHandle(forUpdatingAtPath: temporary.store.path))
    try handle.seek(toOffset: UInt64(page - 1) * 8_192)
    try handle.write(contentsOf: Data(repeating: 0xAA, count: 8_192))
    try handle.close()
    let store = try temporary.another()
    #expect(store.damage == nil)
    #expect((try? store.read { try $0.messages.dueCount(now: temporary.now, limit: 1) }) == nil)
    #expect(store.damage?.contains("restore the last backup") == true)
  }

  @Test("a locked database is told apart, within its time (fault 9)")
  func locked() throws {
    let blocker = try temporary.raw()
    let impatient = try temporary.another(busyTimeout: .milliseconds(100))
    try blocker.inDatabase { db in
      try db.execute(sql: "BEGIN EXCLUSIVE")
      #expect(throws: StoreError.busy(temporary.store.path)) {
        try impatient.write { _ = try $0.accounts.getOrCreate("a@b.example", now: temporary.now) }
      }
      try db.execute(sql: "ROLLBACK")
    }
    try impatient.write { _ = try $0.accounts.getOrCreate("a@b.example", now: temporary.now) }
  }

  @Test("a transaction that throws leaves nothing behind")
  func rollback() throws {
    struct Unwell: Error {}
    #expect(throws: Unwell.self) {
      try temporary.store.write { (transaction) throws in
        _ = try transaction.accounts.getOrCreate("a@b.example", now: temporary.now)
        throw Unwell()
      }
    }
    #expect(try temporary.store.read { try $0.accounts.get(address: "a@b.example") } == nil)
  }

  @Test("commits of another process are noticed")
  func changes() throws {
    let other = try temporary.another()
    let noticed = DispatchSemaphore(value: 0)
    let watch = try temporary.store.watchChanges { noticed.signal() }
    defer { watch.cancel() }
    try other.write { _ = try $0.accounts.getOrCreate("a@b.example", now: temporary.now) }
    #expect(noticed.wait(timeout: .now() + 60) == .success)
    try temporary.store.write { _ = try $0.accounts.getOrCreate("c@d.example", now: temporary.now) }
    #expect(noticed.wait(timeout: .now() + 60) == .success)
  }

  @Test("a missing permit is no permit")
  func permit() throws {
    #expect(throws: StoreError.noPermit) { try temporary.store.read { try $0.permit.read() } }
    let permit = SendPermit(state: .open, generation: 1, changedAt: temporary.now, changedBy: "ann", reason: "new")
    try temporary.store.write { (transaction) throws in
      #expect(try transaction.permit.replace(permit, expectedGeneration: 0))
      #expect(try !transaction.permit.replace(permit, expectedGeneration: 7))
    }
    #expect(try temporary.store.read { try $0.permit.read() } == permit)
  }
}
