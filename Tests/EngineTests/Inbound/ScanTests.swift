import Foundation
import MailModel
import MailPolicy
import Storage
import Synchronization
import Testing

@testable import Engine

/// Fetch, store, commit, only then flag (DESIGN §6; fault 25).
@Suite struct ScanTests {
  private func bouncing(_ count: Int) throws -> (TestWorkspace, FakeMailbox) {
    let place = try TestWorkspace()
    let mailbox = FakeMailbox()
    for (index, id) in try place.send((0..<count).map { "gone.\($0)@there.invalid" }).enumerated() {
      mailbox.put(try place.dsn(about: id, [.init(address: "gone.\(index)@there.invalid")]))
    }
    return (place, mailbox)
  }

  private func bounces(_ place: TestWorkspace) throws -> Int {
    try place.store.read { try $0.counters.all()["bounce"] ?? -1 }
  }

  @Test func `what was scanned is flagged, and the next scan starts after it`() throws {
    let (place, mailbox) = try bouncing(3)
    #expect(try place.scan(mailbox).fetched == 3)
    #expect(mailbox.seen == [1, 2, 3])
    #expect(try place.scan(mailbox).fetched == 0)
    #expect(mailbox.content.withLock { $0.fetched } == 3)
    #expect(mailbox.content.withLock { $0.anticipated } == [1...1024, 4...1027])
    #expect(try bounces(place) == 3)
  }

  @Test func `keep-unseen flags nothing and still counts once`() throws {
    let (place, mailbox) = try bouncing(3)
    #expect(try place.scan(mailbox, keepsUnseen: true).fetched == 3)
    #expect(mailbox.seen.isEmpty)
    try place.scan(mailbox, keepsUnseen: true)
    #expect(mailbox.seen.isEmpty)
    #expect(try bounces(place) == 3)
    #expect(try place.scan(mailbox).fetched == 0)
    #expect(mailbox.seen == [1, 2, 3], "the next scan that may, flags them")
  }

  @Test func `a mailbox that keeps no flags is read all the same, and flagged once it does`() throws {
    let (place, mailbox) = try bouncing(3)
    mailbox.content.withLock { ($0.failsToFlag, $0.isReadOnly) = (true, true) }
    #expect(try place.scan(mailbox).fetched == 3)
    mailbox.put(try place.dsn([.init(address: "x@there.invalid")], header: "Subject: x\r\n\r\n"))
    #expect(try place.scan(mailbox).fetched == 1)
    #expect(mailbox.seen.isEmpty)
    mailbox.content.withLock { ($0.failsToFlag, $0.isReadOnly) = (false, false) }
    try place.scan(mailbox)
    #expect(mailbox.seen == [1, 2, 3, 4])
  }

  @Test func `what is flagged once is not flagged again`() throws {
    let (place, mailbox) = try bouncing(3)
    try place.scan(mailbox)
    #expect(try place.store.read { try $0.mailboxes.checkpoint(mailbox.name) }?.flaggedUID == 3)
    mailbox.content.withLock { $0.failsToFlag = true }
    #expect(try place.scan(mailbox).fetched == 0)
  }

  @Test func `a crash between store and flag: flagged at the next scan, counted once`() throws {
    let (place, mailbox) = try bouncing(3)
    mailbox.content.withLock { $0.failsToFlag = true }
    #expect(throws: MailboxUnavailable.self) { try place.scan(mailbox) }
    #expect(mailbox.seen.isEmpty)
    mailbox.content.withLock { $0.failsToFlag = false }
    #expect(try place.scan(mailbox).fetched == 0)
    #expect(mailbox.seen == [1, 2, 3])
    #expect(try bounces(place) == 3)
    #expect(try place.store.read { try $0.reports.unclassified(limit: 10).isEmpty })
  }

  @Test func `fault 25: a new UIDVALIDITY counts nothing twice and misses nothing`() throws {
    let (place, mailbox) = try bouncing(4)
    try place.scan(mailbox)
    mailbox.content.withLock { _ = $0.mails.removeFirst() }
    mailbox.renumber()
    let id = try place.send(["gone.new@there.invalid"])[0]
    mailbox.put(try place.dsn(about: id, [.init(address: "gone.new@there.invalid")]))
    #expect(try place.scan(mailbox).fetched == 1)
    #expect(try bounces(place) == 5)
    #expect(try place.isSuppressed("gone.new@there.invalid"))
    #expect(try place.account("news@sender.invalid").bounceCount == 5)
  }

  @Test func `a failed scan is recorded, and a good one clears it`() throws {
    let (place, mailbox) = try bouncing(1)
    mailbox.content.withLock { $0.failsToOpen = true }
    #expect(throws: MailboxUnavailable(reason: "login refused")) { try place.scan(mailbox) }
    #expect(try place.store.read { try $0.mailboxes.lastScan(mailbox.name)?.error } == "login refused")
    mailbox.content.withLock { $0.failsToOpen = false }
    try place.scan(mailbox)
    let scan = try #require(try place.store.read { try $0.mailboxes.lastScan(mailbox.name) })
    #expect(scan.error == nil && scan.fetched == 1)
  }

  @Test func `a mailbox that fails for half an hour is an alert until it is read again`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    let mailbox = FakeMailbox()
    func alerts(_ names: [String]) throws -> [Alert] {
      try place.store.read { transaction in
        let vitals = try VitalsReading(mailboxes: names).vitals(transaction, now: clock.now())
        return AlertRules.alerts(vitals, permit: try transaction.permit.read(), thresholds: AlertThresholds())
      }
    }
    try place.scan(mailbox)
    clock.advance(.days(2))
    #expect(try alerts([mailbox.name]).isEmpty)
    mailbox.content.withLock { $0.failsToOpen = true }
    #expect(throws: MailboxUnavailable.self) { try place.scan(mailbox) }
    clock.advance(.minutes(29))
    #expect(throws: MailboxUnavailable.self) { try place.scan(mailbox) }
    #expect(try alerts([mailbox.name]).isEmpty)
    clock.advance(.minutes(1))
    #expect(try alerts([mailbox.name]).map(\.title) == ["1 mailbox unread"])
    // One that is configured no more is nobody's trouble.
    #expect(try alerts([]).isEmpty)
    mailbox.content.withLock { $0.failsToOpen = false }
    try place.scan(mailbox)
    #expect(try alerts([mailbox.name]).isEmpty)
  }

  @Test func `a server that does not tell UIDNEXT is an error and no empty mailbox`() throws {
    let (place, mailbox) = try bouncing(1)
    mailbox.content.withLock { $0.claimedUIDNext = .some(nil) }
    #expect(throws: MailboxUnavailable.self) { try place.scan(mailbox) }
  }

  @Test func `UIDs at the end of their range do not overflow`() throws {
    let (place, mailbox) = try bouncing(0)
    mailbox.content.withLock { content in
      content.mails = [.init(uid: .max - 1, raw: Array("Subject: last\r\n\r\n".utf8))]
      content.claimedUIDNext = .some(.max)
    }
    try place.store.write {
      try $0.mailboxes.advance(mailbox.name, uidValidity: 7, lastUID: .max - 100)
    }
    #expect(try place.scan(mailbox).fetched == 1)
    #expect(try place.scan(mailbox).fetched == 0)
  }

  @Test func `more mails than one window holds, with gaps`() throws {
    let (place, mailbox) = try bouncing(0)
    mailbox.content.withLock { content in
      for index in 0..<700 {
        content.mails.append(.init(uid: UInt32(index * 3 + 1), raw: Array("Subject: \(index)\r\n\r\n".utf8)))
      }
      content.nextUID = 2_200
    }
    #expect(try place.scan(mailbox).fetched == 700)
    #expect(mailbox.seen.count == 700)
    #expect(try place.store.read { try $0.mailboxes.checkpoint(mailbox.name)?.lastUID } == 2_199)
  }
}
