import Foundation
import MailFormats
import MailModel
import Storage
import Testing

@testable import Engine

@Suite struct BounceRuleFilesTests {
  private func write(_ text: String, into place: TestWorkspace) throws {
    let folder = place.open.workspace.folder.appending(path: "data")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: folder.appending(path: BounceRuleFiles.name))
  }

  private func bounce(_ place: TestWorkspace) throws -> Bounce {
    let id = try place.send(["gone@there.invalid"])[0]
    let mailbox = FakeMailbox()
    mailbox.put(
      try place.dsn(
        about: id, [.init(address: "gone@there.invalid", diagnostic: "550 5.1.1 the desk is closed, no such user")]))
    try place.scan(mailbox)
    return try #require(try place.store.read { try $0.bounces.list(of: id) }.first)
  }

  @Test func `a rule in the workspace's own file changes what a bounce leads to`() throws {
    let plain = try TestWorkspace()
    #expect(try bounce(plain).bounceClass == .hard)
    #expect(try plain.isSuppressed("gone@there.invalid"))

    let own = try TestWorkspace()
    // As editors of Windows write it.
    try write("\u{FEFF}[desk-closed]\r\nreason = mailbox disabled\r\n- the desk is closed\r\n", into: own)
    let found = try bounce(own)
    #expect(found.bounceClass == .soft)
    #expect(found.reason == "mailbox disabled")
    #expect(try !own.isSuppressed("gone@there.invalid"))
  }

  @Test func `a copy of the shipped file changes nothing`() throws {
    let place = try TestWorkspace()
    let shipped = try place.open.bounceRules()
    let file = place.open.dataFolder.appending(path: BounceRuleFiles.name)
    try write("# A line more.\n" + String(decoding: try Data(contentsOf: file), as: UTF8.self), into: place)
    #expect(try place.open.bounceRules().rules == shipped.rules)
  }

  @Test func `a mistake in the file is told with file and line, and keeps the workspace usable`() throws {
    let place = try TestWorkspace()
    try write("[desk-closed]\nreason = nonsense\n", into: place)
    do throws(ConfigurationError) {
      _ = try place.open.bounceRules()
      Issue.record("accepted")
    } catch {
      #expect(error.place.line == 2)
      #expect(error.place.file.hasSuffix("data/bounce-rules.conf"))
    }
    _ = try place.open.overview()
  }

  @Test func `a scan reads the file anew: a mistake loses nothing, and what is mended counts at once`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["gone@there.invalid"])[0]
    let mailbox = FakeMailbox()
    mailbox.put(
      try place.dsn(
        about: id, [.init(address: "gone@there.invalid", diagnostic: "550 5.1.1 the desk is closed, no such user")]))
    let scan = place.open.scan(mailbox, keepsUnseen: false)
    try write("[desk-closed]\nreason = nonsense\n", into: place)
    #expect(throws: ConfigurationError.self) { try scan.run() }
    let error = try #require(try place.store.read { try $0.mailboxes.lastScan(mailbox.name)?.error })
    #expect(error.contains("data/bounce-rules.conf, line 2"), "\(error)")
    #expect(mailbox.seen.isEmpty)
    try write("[desk-closed]\nreason = mailbox disabled\n- the desk is closed\n", into: place)
    #expect(try scan.run().fetched == 1)
    #expect(try place.store.read { try $0.bounces.list(of: id) }.first?.reason == "mailbox disabled")
    #expect(mailbox.seen == [1])
  }
}
