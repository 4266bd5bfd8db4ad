import Foundation
import MailModel
import MailPolicy
import Storage
import Synchronization
import Testing

@testable import Engine

/// Mails that a server lists and does not hand out (fault 25): they keep no other from being read, and none is lost.
@Suite struct UnreadableMailTests {
  private let clock = ManualClock()
  private let mailbox = FakeMailbox()

  private func place(_ count: Int) throws -> TestWorkspace {
    let place = try TestWorkspace(clock: clock)
    for (index, id) in try place.send((0..<count).map { "gone.\($0)@there.invalid" }).enumerated() {
      mailbox.put(try place.dsn(about: id, [.init(address: "gone.\(index)@there.invalid")]))
    }
    return place
  }

  private func fill(_ count: Int) {
    for index in 0..<count { mailbox.put(Array("Subject: \(index)\r\n\r\n".utf8)) }
  }

  private func unreadable(_ place: TestWorkspace) throws -> [UInt32] {
    try place.store.read { try $0.unreadableMails.all(of: mailbox.name) }.map(\.location.uid).sorted()
  }

  private func lastUID(_ place: TestWorkspace) throws -> UInt32? {
    try place.store.read { try $0.mailboxes.checkpoint(mailbox.name) }?.lastUID
  }

  private var connections: Int { mailbox.content.withLock { $0.anticipated.count } }

  @Test func `a mail that is not handed out is passed over and told, and those behind it are read`() throws {
    let place = try place(4)
    mailbox.content.withLock { $0.damaged = [2] }
    let summary = try place.scan(mailbox)
    #expect(summary.fetched == 3 && summary.unreadable == 1)
    #expect(try unreadable(place) == [2])
    #expect(try place.isSuppressed("gone.3@there.invalid"))
    #expect(try !place.isSuppressed("gone.1@there.invalid"))
    #expect(try lastUID(place) == 4)
    let vitals = try place.store.read { try VitalsReading(mailboxes: [mailbox.name]).vitals($0, now: clock.now()) }
    #expect(vitals.unreadableMails == 1 && vitals.mailboxesFailing.isEmpty)
    let standing = try place.store.read { try MailboxStanding.read(mailbox.name, in: $0) }
    #expect(standing.words(now: clock.now()).contains("1 mail unreadable, UID 2 since"))
    // The next scan flags what this one took, and passes over nothing anew.
    #expect(try place.scan(mailbox).unreadable == 0)
    #expect(mailbox.seen == [1, 3, 4])
  }

  @Test func `several of them among thousands cost a few connections each`() throws {
    let place = try place(0)
    fill(3_000)
    mailbox.content.withLock { $0.damaged = [1, 700, 701, 2_990] }
    let summary = try place.scan(mailbox)
    #expect(summary.fetched == 2_996 && summary.unreadable == 4)
    #expect(try unreadable(place) == [1, 700, 701, 2_990])
    #expect(connections <= 4 * 7)
  }

  @Test func `one that lies far behind, with hardly a mail before it, is found in a few steps`() throws {
    let place = try place(1)
    mailbox.content.withLock { content in
      for uid: UInt32 in [3_000_000_000, 3_000_000_001] {
        content.mails.append(.init(uid: uid, raw: Array("Subject: far\r\n\r\n".utf8)))
      }
      content.nextUID = 3_000_000_002
      content.damaged = [3_000_000_000]
    }
    #expect(try place.scan(mailbox).unreadable == 1)
    #expect(try unreadable(place) == [3_000_000_000])
    #expect(connections <= 16)
  }

  @Test func `the last of a mailbox is an error that names it, until another one comes`() throws {
    let place = try place(2)
    mailbox.content.withLock { $0.damaged = [2] }
    let fault = #expect(throws: MailboxUnavailable.self) { try place.scan(mailbox) }
    #expect(fault?.reason == "the mail with the UID 2 cannot be read: refused UID FETCH: mail 2 is damaged")
    #expect(try unreadable(place).isEmpty && lastUID(place) == 1)
    #expect(try place.isSuppressed("gone.0@there.invalid"))
    fill(1)
    #expect(try place.scan(mailbox).unreadable == 1)
    #expect(try unreadable(place) == [2])
    #expect(try lastUID(place) == 3)
  }

  @Test func `a server that hands out nothing moves no checkpoint, and is left alone soon`() throws {
    let place = try place(0)
    fill(2_000)
    mailbox.content.withLock { $0.damaged = Set(1...2_000) }
    #expect(throws: MailboxUnavailable.self) { try place.scan(mailbox) }
    #expect(try unreadable(place).isEmpty && lastUID(place) == nil)
    #expect(connections <= ResumedReading.mostUnproven * 6)
  }

  @Test func `a server that falls silent again and again keeps other mailboxes waiting ten minutes at most`() throws {
    let place = try place(0)
    fill(2_000)
    mailbox.content.withLock { content in
      content.damaged = Set(1...2_000)
      content.onDamaged = { [clock] in clock.advance(.minutes(4)) }
    }
    #expect(throws: MailboxUnavailable.self) { try place.scan(mailbox) }
    #expect(connections == 4)
  }

  @Test func `a connection that breaks once is made anew, and nothing is passed over`() throws {
    let place = try place(4)
    mailbox.content.withLock { $0.breaks = 1 }
    let summary = try place.scan(mailbox)
    #expect(summary.fetched == 4 && summary.unreadable == 0)
    #expect(try lastUID(place) == 4)
  }

  @Test func `what was passed over is asked for again every hour, and taken once it is handed out`() throws {
    let place = try place(3)
    mailbox.content.withLock { $0.damaged = [1, 2] }
    try place.scan(mailbox)
    mailbox.content.withLock { $0.damaged = [1] }
    #expect(try place.scan(mailbox).fetched == 0)
    clock.advance(.hours(1))
    #expect(try place.scan(mailbox).fetched == 1)
    #expect(try unreadable(place) == [1])
    #expect(try place.isSuppressed("gone.1@there.invalid"))
    #expect(mailbox.seen == [2, 3])
    #expect(try lastUID(place) == 3)
  }

  @Test func `one that is deleted on the server is forgotten, and all are under another UIDVALIDITY`() throws {
    let place = try place(4)
    mailbox.content.withLock { $0.damaged = [1, 2] }
    try place.scan(mailbox)
    mailbox.content.withLock { _ = $0.mails.removeFirst() }
    clock.advance(.hours(1))
    try place.scan(mailbox)
    #expect(try unreadable(place) == [2])
    mailbox.content.withLock { $0.damaged = [] }
    mailbox.renumber()
    try place.scan(mailbox)
    #expect(try unreadable(place).isEmpty)
    #expect(try place.isSuppressed("gone.1@there.invalid"))
  }
}
