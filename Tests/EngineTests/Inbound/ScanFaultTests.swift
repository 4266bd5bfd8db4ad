import Engine
import Foundation
import MailModel
import Storage
import Synchronization
import Testing

/// A mailbox that misbehaves while it is read.
@Suite struct ScanFaultTests {
  private func bounces(_ place: TestWorkspace) throws -> Int {
    try place.store.read { try $0.counters.all()["bounce"] ?? -1 }
  }

  @Test(arguments: [0, 1, 2, 3])
  func `fault 25: a connection that breaks in the middle loses and doubles nothing`(after: Int) throws {
    let place = try TestWorkspace()
    let mailbox = FakeMailbox()
    for (index, id) in try place.send((0..<4).map { "gone.\($0)@there.invalid" }).enumerated() {
      mailbox.put(try place.dsn(about: id, [.init(address: "gone.\(index)@there.invalid")]))
    }
    mailbox.content.withLock { $0.breaksAfter = after }
    #expect(throws: MailboxUnavailable.self) { try place.scan(mailbox) }
    // Nothing is flagged that was not stored.
    let stored = try place.store.read { try $0.reports.page(limit: 50).rows.map(\.location.uid) }
    #expect(Set(mailbox.seen).isSubset(of: stored))
    mailbox.content.withLock { $0.breaksAfter = nil }
    try place.scan(mailbox)
    #expect(mailbox.seen == [1, 2, 3, 4])
    #expect(try bounces(place) == 4)
    for index in 0..<4 { #expect(try place.isSuppressed("gone.\(index)@there.invalid")) }
  }

  @Test func `fault 25: a mail that is expunged while it is read is missing, and the others count once`() throws {
    let place = try TestWorkspace()
    let mailbox = FakeMailbox()
    for (index, id) in try place.send((0..<3).map { "gone.\($0)@there.invalid" }).enumerated() {
      mailbox.put(try place.dsn(about: id, [.init(address: "gone.\(index)@there.invalid")]))
    }
    mailbox.content.withLock { $0.expunged = [2] }
    #expect(try place.scan(mailbox).fetched == 2)
    #expect(try place.scan(mailbox).fetched == 0)
    #expect(try bounces(place) == 2)
    #expect(try !place.isSuppressed("gone.1@there.invalid"))
  }

  @Test func `faults 26 and 27: a giant mail is cut, read by its beginning, and scanning goes on`() throws {
    let place = try TestWorkspace()
    let ids = try place.send(["gone@there.invalid", "other@there.invalid"])
    let mailbox = FakeMailbox()
    let giant = try place.dsn(about: ids[0], [.init(address: "gone@there.invalid")])
    mailbox.put(giant + [UInt8](repeating: 0x61, count: 12 << 20))
    mailbox.put(try place.dsn(about: ids[1], [.init(address: "other@there.invalid")]))
    #expect(try place.scan(mailbox).fetched == 2)
    #expect(try place.isSuppressed("gone@there.invalid"))
    #expect(try place.isSuppressed("other@there.invalid"))
  }

  @Test func `fault 30: a storm of reports is stored and counted, answers nobody, and suppresses each once`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["gone@there.invalid"])[0]
    let mailbox = FakeMailbox()
    for _ in 0..<600 { mailbox.put(try place.dsn(about: id, [.init(address: "gone@there.invalid")])) }
    // Our own notices come back as reports too.
    for _ in 0..<50 {
      mailbox.put(try place.dsn([.init(address: "nobody@there.invalid")], header: "Subject: loop\r\n\r\n"))
    }
    let before = try place.store.read { try $0.counters.all()["message.queued"] }
    let summary = try place.scan(mailbox)
    #expect(summary.fetched == 650 && summary.intake.suppressed == 1)
    #expect(summary.intake.unmatched.count == 50)
    #expect(try place.store.read { try $0.counters.all()["message.queued"] } == before)
    #expect(try place.audit("policy.suppress").count == 1)
    #expect(try place.account("news@sender.invalid").standing == .good)
  }
}
