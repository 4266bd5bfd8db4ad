import Foundation
import MailModel
import Storage
import Synchronization
import Testing

@testable import Engine

/// A mailbox that gives mails slowly is read over two connections (fault 25): nothing is missed, nothing is stored twice,
/// nothing is flagged that is not committed, and the second connection may fail as it likes.
@Suite struct SecondConnectionTests {
  private static let count: UInt32 = 3_600

  private func filled() throws -> (TestWorkspace, FakeMailbox) {
    let mailbox = FakeMailbox()
    for uid in 1...SecondConnectionTests.count { mailbox.put(Array("Subject: \(uid)\r\n\r\n".utf8)) }
    mailbox.content.withLock { $0.waitsForSecondAfter = 1 }
    return (try TestWorkspace(), mailbox)
  }

  /// A scan that takes one connection for too slow after its first window.
  private func scan(_ place: TestWorkspace, _ mailbox: FakeMailbox) throws -> Int {
    var scan = place.open.scan(mailbox, keepsUnseen: false)
    scan.starvedMails = 0
    return try scan.run().fetched
  }

  private func stored(_ place: TestWorkspace, _ mailbox: FakeMailbox) throws -> Set<UInt32> {
    Set(
      try place.store.read { try $0.reports.stored(mailbox: mailbox.name, uidValidity: 7, uids: 0...UInt32.max) })
  }

  private func checkpoint(_ place: TestWorkspace, _ mailbox: FakeMailbox) throws -> UInt32 {
    try place.store.read { try $0.mailboxes.checkpoint(mailbox.name)?.lastUID ?? 0 }
  }

  private func flagged(_ place: TestWorkspace, _ mailbox: FakeMailbox) throws -> UInt32 {
    try place.store.read { try $0.mailboxes.checkpoint(mailbox.name)?.flaggedUID ?? 0 }
  }

  /// What holds after every scan, broken or not.
  private func isSound(_ place: TestWorkspace, _ mailbox: FakeMailbox) throws {
    let stored = try stored(place, mailbox)
    let reached = try checkpoint(place, mailbox)
    #expect(Set(mailbox.seen).isSubset(of: stored), "only what is committed is flagged")
    #expect(reached == 0 || stored.isSuperset(of: 1...reached), "the checkpoint passes over nothing")
    let flagged = try flagged(place, mailbox)
    #expect(flagged == 0 || Set(mailbox.seen).isSuperset(of: 1...flagged), "nothing counts as flagged that is not")
  }

  private func isComplete(_ place: TestWorkspace, _ mailbox: FakeMailbox) throws {
    #expect(try stored(place, mailbox).count == Int(SecondConnectionTests.count))
    #expect(mailbox.seen.count == Int(SecondConnectionTests.count))
    #expect(try checkpoint(place, mailbox) == SecondConnectionTests.count)
    #expect(try flagged(place, mailbox) == SecondConnectionTests.count)
    try isSound(place, mailbox)
  }

  @Test func `both read, the first flags all`() throws {
    let (place, mailbox) = try filled()
    #expect(try scan(place, mailbox) == Int(SecondConnectionTests.count))
    #expect(mailbox.content.withLock { $0.fetchedBySecond } > 0)
    try isComplete(place, mailbox)
    #expect(try scan(place, mailbox) == 0)
  }

  @Test func `a server that is faster than the store, and a short mailbox, need no second connection`() throws {
    let (place, mailbox) = try filled()
    mailbox.content.withLock { $0.waitsForSecondAfter = nil }
    var patient = place.open.scan(mailbox, keepsUnseen: false)
    patient.starvedMails = .max
    #expect(try patient.run().fetched == Int(SecondConnectionTests.count))
    #expect(mailbox.content.withLock { $0.fetchedBySecond } == 0)
    mailbox.put(Array("Subject: one more\r\n\r\n".utf8))
    #expect(try scan(place, mailbox) == 1)
    #expect(mailbox.content.withLock { $0.fetchedBySecond } == 0)
  }

  @Test(arguments: [true, false])
  func `without a second connection, or with one into a mailbox made anew, the first reads all`(refuses: Bool) throws {
    let (place, mailbox) = try filled()
    mailbox.content.withLock { content in
      if refuses { content.secondFailsToOpen = true } else { content.secondUIDValidity = 8 }
    }
    #expect(try scan(place, mailbox) == Int(SecondConnectionTests.count))
    #expect(mailbox.content.withLock { $0.fetchedBySecond } == 0)
    try isComplete(place, mailbox)
  }

  @Test(arguments: [0, 1, 400, 1_100])
  func `fault 25: what a second connection that breaks has left, the first reads`(after: Int) throws {
    let (place, mailbox) = try filled()
    mailbox.content.withLock { $0.secondBreaksAfter = after }
    #expect(try scan(place, mailbox) == Int(SecondConnectionTests.count))
    #expect(mailbox.content.withLock { $0.fetchedBySecond } == after + 1)
    try isComplete(place, mailbox)
  }

  @Test(arguments: [0, 700, 1_100, 1_500])
  func `fault 25: the first connection breaks`(after: Int) throws {
    let (place, mailbox) = try filled()
    mailbox.content.withLock { $0.breaksAfter = after }
    #expect(throws: MailboxUnavailable.self) { try scan(place, mailbox) }
    try isSound(place, mailbox)
    mailbox.content.withLock { ($0.breaksAfter, $0.waitsForSecondAfter) = (nil, nil) }
    _ = try scan(place, mailbox)
    try isComplete(place, mailbox)
  }

  @Test func `what a step of the second connection throws ends both`() throws {
    struct Full: Error {}
    let (_, mailbox) = try filled()
    let session = try mailbox.open(anticipating: nil)
    #expect(throws: Full.self) {
      try MailboxReader(mailbox, from: 1, through: SecondConnectionTests.count).read(
        session, WindowSteps(each: { _ in }, ended: { _ in [] }, flagged: { _ in }), isTooSlow: { true },
        second: { WindowSteps(each: { _ in throw Full() }, ended: { _ in [] }, flagged: { _ in }) })
    }
  }

  @Test(
    arguments: [
      ([1...5, 6...9], [5, 9]), ([6...9, 1...5], [nil, 9]), ([10...10, 6...9, 1...5], [nil, nil, 10]),
      ([6...9, 10...UInt32.max, 1...5], [nil, nil, .max]), ([1...5, 10...11], [5, nil]),
    ] as [([ClosedRange<UInt32>], [UInt32?])])
  func `read without a gap, in whichever order windows end`(windows: [ClosedRange<UInt32>], reached: [UInt32?]) {
    var prefix = ReadPrefix(from: 1)
    #expect(windows.map { prefix.end($0) } == reached)
  }

  @Test func `what was given back is given out again, and what is stopped is not`() {
    let windows = SharedWindows(UIDWindows(from: 1, through: .max, width: 10))
    #expect(windows.remaining == .max)
    #expect(windows.next() == 1...10)
    windows.giveBack([1...10])
    #expect(windows.remaining == .max)
    #expect(windows.next() == 1...10)
    #expect(windows.next() == 11...20)
    #expect(windows.remaining == UInt32.max - 20)
    windows.stop()
    #expect(windows.next() == nil && windows.remaining == 0)
  }
}
