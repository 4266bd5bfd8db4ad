import Foundation
import MailModel
import Storage
import Synchronization
import Testing

@testable import Engine

/// Several report mailboxes, one after the other.
@Suite struct ScanRoundTests {
  private static let settings = [
    "IMAP_HOST": "localhost", "IMAP_USERNAME": "bounces@sender.invalid", "IMAP_PASSWORD": "x",
    "REPORT_MAILBOX_2_HOST": "localhost", "REPORT_MAILBOX_2_USERNAME": "fbl@sender.invalid",
    "REPORT_MAILBOX_2_PASSWORD": "x",
  ]
  private let clock = ManualClock()

  private func mailboxes(_ place: TestWorkspace) -> [FakeMailbox] {
    place.open.workspace.configuration.mailboxes.map { FakeMailbox($0.name) }
  }

  private func probe(_ place: TestWorkspace) throws -> (ProbeReading.Verdict, String) {
    let context = place.open.operations.context
    let reading = try place.store.read { try Probe.read(.mailbox, $0, context) }
    return (reading.verdict, reading.value)
  }

  @Test func `where one cannot be read the others are, and everybody who looks is told`() throws {
    let place = try TestWorkspace(settings: Self.settings, clock: clock)
    let mailboxes = mailboxes(place)
    let second = try #require(mailboxes.last)
    #expect(mailboxes.count == 2)
    #expect(try probe(place) == (.warning, "2 of 2, \(mailboxes[0].name): never scanned"))
    let id = try place.send(["gone@there.invalid"])[0]
    second.put(try place.dsn(about: id, [.init(address: "gone@there.invalid")]))
    mailboxes[0].content.withLock { $0.failsToOpen = true }
    var words: [String] = []
    let round = place.open.scanAll(mailboxes, keepsUnseen: false) { words.append($0.words) }
    #expect(round.failures.map(\.description) == ["\(mailboxes[0].name): login refused"])
    #expect(round.words == "1 new: 1 bounce, 0 complaints, 0 unmatched")
    #expect(words.allSatisfy { $0.hasSuffix(", \(second.name)") }, "\(words)")
    #expect(words.last?.hasPrefix("1 new, 100 %") == true, "\(words)")
    #expect(try place.isSuppressed("gone@there.invalid"))
    clock.advance(.minutes(2))
    let standing = try place.open.overview()
    #expect(standing.mailboxes.map { $0.words(now: clock.now()) }[1] == "scanned 2 min ago, 1 new")
    let shown = Provenance.all(standing).filter { $0.number == "report mailbox" }
    #expect(shown.map(\.value) == mailboxes.map(\.name) && shown[0].source.hasSuffix("failed: login refused"))
    let (verdict, value) = try probe(place)
    #expect(verdict == .critical && value.hasPrefix("1 of 2, \(mailboxes[0].name): scan at "))
    mailboxes[0].content.withLock { $0.failsToOpen = false }
    #expect(place.open.scanAll(mailboxes, keepsUnseen: false) { _ in }.failures.isEmpty)
    #expect(try probe(place).0 == .ok)
    clock.advance(.minutes(20))
    #expect(try probe(place) == (.warning, "2 of 2, \(mailboxes[0].name): scanned 20 min ago, 0 new"))
  }

  @Test func `one mailbox alone is not named, and broken rules let none be read`() throws {
    let place = try TestWorkspace(clock: clock)
    let mailbox = FakeMailbox()
    mailbox.content.withLock { $0.failsToOpen = true }
    #expect(
      place.open.scanAll([mailbox], keepsUnseen: false) { _ in }.failures.map(\.description) == ["login refused"])
    let folder = place.folder.appending(path: "data")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("x\n".utf8).write(to: folder.appending(path: "bounce-rules.conf"))
    mailbox.content.withLock { $0.failsToOpen = false }
    mailbox.put(Array("Subject: hello\r\n\r\n".utf8))
    let round = place.open.scanAll([mailbox], keepsUnseen: false) { _ in }
    #expect(round.failures.first?.error is ConfigurationError && round.failures.count == 1)
    #expect(mailbox.seen.isEmpty && mailbox.content.withLock { $0.fetched } == 0)
  }

  @Test func `progress tells the time to go only while there is some`() {
    let start = Timestamp(seconds: 1_000)
    var progress = ScanProgress(mailbox: "m", first: 1, last: 200, startedAt: start)
    #expect(progress.words == "0 new, 0 %, 0/s")
    progress.stored = 100
    progress.note(upTo: 100, at: start + .seconds(2))
    #expect(progress.words == "100 new, 50 %, 50/s, 2 s to go")
    progress.note(upTo: 200, at: start + .seconds(4))
    #expect(progress.words == "100 new, 100 %, 25/s")
    // Windows that end late hold back what is complete, not what came.
    var early = ScanProgress(mailbox: "m", first: 101, last: 300, startedAt: start)
    early.stored = 50
    early.note(upTo: 100, at: start + .seconds(1))
    #expect(early.words == "50 new, 25 %, 50/s, 3 s to go")
    early.stored = 400
    #expect(early.share == 1)
  }

  @Test func `what a scan took before it failed is told, and that it never came to its end`() throws {
    let place = try TestWorkspace(clock: clock)
    let mailbox = FakeMailbox()
    let id = try place.send(["gone@there.invalid"])[0]
    mailbox.put(try place.dsn(about: id, [.init(address: "gone@there.invalid")]))
    for number in 0..<MailboxScan.batchCount { mailbox.put(Array("Subject: \(number)\r\n\r\n".utf8)) }
    mailbox.content.withLock { $0.breaksAfter = MailboxScan.batchCount }
    let round = place.open.scanAll([mailbox], keepsUnseen: false) { _ in }
    let failure = try #require(round.failures.first)
    #expect(failure.taken >= MailboxScan.leastBatchCount && failure.taken <= MailboxScan.batchCount)
    #expect(try place.isSuppressed("gone@there.invalid"))
    #expect(round.summary.fetched == failure.taken && round.summary.intake.bounces == 1)
    #expect(try place.store.read { try $0.mailboxes.lastScan(mailbox.name)?.fetched } == failure.taken)
    #expect(
      "\(failure)".hasSuffix(". Before that \(failure.taken) new mails were taken."))
    // Another mailbox's mails are not counted, nor what an earlier scan took.
    mailbox.content.withLock { $0.failsToOpen = true }
    #expect(place.open.scanAll([mailbox], keepsUnseen: false) { _ in }.failures.map(\.taken) == [0])
    // Cut off without a word, by a signal: it has no end to tell of.
    try place.store.write { try $0.mailboxes.advance("cut", uidValidity: 1, lastUID: 7) }
    #expect(try place.store.read { try $0.mailboxes.lastScan("cut") } == nil)
  }

  @Test(arguments: [Role.watcher, .operator]) func `only an operator scans`(role: Role) throws {
    let place = try TestWorkspace(clock: clock)
    let open = try TestWorkspace.open(place.folder, role: role, clock: clock)
    defer { open.close() }
    #expect((open.scanRefusal == nil) == (role == .operator))
  }
}
