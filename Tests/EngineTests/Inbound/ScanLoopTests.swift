import Dispatch
import Logging
import MailModel
import Storage
import Synchronization
import Testing

@testable import Engine

/// How scans end with their engine: at once, and with nothing lost.
@Suite struct ScanLoopTests {
  private static let count = 3_600

  private func filled() throws -> (TestWorkspace, FakeMailbox) {
    let mailbox = FakeMailbox()
    for uid in 1...ScanLoopTests.count { mailbox.put(Array("Subject: \(uid)\r\n\r\n".utf8)) }
    return (try TestWorkspace(), mailbox)
  }

  private func loop(_ place: TestWorkspace, _ mailbox: any ReportMailbox) -> ScanLoop {
    let scan = place.open.scan(mailbox, keepsUnseen: false)
    return ScanLoop(interval: .hours(1), log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) { [scan] }
  }

  @Test func `a scan that is cancelled takes what it has begun, and the next one the rest`() throws {
    let (place, mailbox) = try filled()
    let isCancelled = Mutex(false)
    var scan = place.open.scan(mailbox, keepsUnseen: false)
    scan.starvedMails = .max
    scan.isCancelled = { isCancelled.withLock { $0 } }
    let taken = try scan.run { _ in isCancelled.withLock { $0 = true } }.fetched
    #expect(taken > 0 && taken < ScanLoopTests.count)
    #expect(mailbox.seen.count == taken)
    #expect(try place.store.read { try $0.mailboxes.lastScan(mailbox.name)?.error } == nil)
    #expect(try place.scan(mailbox).fetched == ScanLoopTests.count - taken)
    #expect(mailbox.seen.count == ScanLoopTests.count)
  }

  @Test func `a mailbox that does not answer is interrupted, and not said to be unreadable`() throws {
    let place = try TestWorkspace()
    let mailbox = SilentMailbox()
    let loop = loop(place, mailbox)
    try loop.start()
    try eventually("it waits for the mailbox") { mailbox.isAsked }
    loop.beginClosing()
    loop.waitForEnd(until: .now())
    #expect(loop.progress.completed == 1)
    #expect(try place.store.read { try $0.mailboxes.lastScan(mailbox.name) } == nil)
  }
}

/// Says nothing until it is interrupted.
private final class SilentMailbox: ReportMailbox {
  let name = "silent@test/INBOX"
  private let asked = Atomic<Bool>(false)
  private let interrupted = DispatchSemaphore(value: 0)

  var isAsked: Bool { asked.load(ordering: .acquiring) }

  func open(anticipating uids: ClosedRange<UInt32>?) throws -> any ReportMailboxSession { try openForReading() }

  func openForReading() throws -> any ReportMailboxSession {
    asked.store(true, ordering: .releasing)
    interrupted.wait()
    throw MailboxUnavailable(reason: "stopped")
  }

  func interrupt() { interrupted.signal() }
}
