import Engine
import Foundation
import MailModel
import Storage
import Synchronization
import Testing

/// The mailbox of an inbox is somebody's own: replies in it are read, and nothing else is done to it.
@Suite struct InboxMailboxTests {
  private func place(_ settings: [String: String] = [:]) throws -> TestWorkspace {
    let place = try TestWorkspace(settings: settings)
    for (address, imap) in [("ann@sender.invalid", "imap.sender.invalid"), ("ben@sender.invalid", nil)] {
      try place.store.write { transaction in
        _ = try transaction.inboxes.add(
          NewInbox(
            address: address, displayName: "",
            smtp: MailServer(host: "localhost", port: 2525, security: .none, username: ""),
            imap: imap.map { MailServer(host: $0, port: 993, security: .tls, username: address) },
            startedAt: place.open.clock.now() - .days(100), dailyLimit: 1_000))
      }
    }
    return place
  }

  private func reply(to id: Message.ID, in place: TestWorkspace) throws -> [UInt8] {
    let message = try place.message(id)
    return Array(
      "From: <\(message.recipient)>\r\nTo: <ann@sender.invalid>\r\nSubject: Re: \(message.subject)\r\nMessage-ID: <\(UUID().uuidString)@there.invalid>\r\nIn-Reply-To: \(message.messageID)\r\n\r\nYes, please.\r\n"
        .utf8)
  }

  @Test func `a reply in it counts for the inbox's health; what was there before is not read, and nothing is flagged`()
    throws
  {
    let place = try place()
    let ids = try place.send((0..<60).map { "r\($0)@there.invalid" }, from: "ann@sender.invalid")
    let mailbox = FakeMailbox("ann@sender.invalid@imap.sender.invalid/INBOX", isPersonal: true)
    mailbox.put(try reply(to: ids[0], in: place))
    #expect(try place.scan(mailbox).fetched == 0)
    func health() throws -> String? {
      try place.open.inboxStatus("ann@sender.invalid").report.factors.first { $0.name == "reply" }?.explanation
    }
    #expect(try health()?.hasPrefix("0 %: 0 of 60") == true)
    mailbox.put(try reply(to: ids[1], in: place))
    mailbox.put(try reply(to: ids[2], in: place))
    #expect(try place.scan(mailbox).intake.replies == 2)
    #expect(try health()?.contains("2 of 60 in 30 days: 20 of 20") == true)
    #expect(mailbox.seen.isEmpty)
    #expect(try place.open.inboxStatus("ann@sender.invalid").replies?.last?.error == nil)
  }

  @Test func `made anew by the server it is read from the day before it was read last, and nothing counts twice`()
    throws
  {
    let place = try place()
    let ids = try place.send((0..<3).map { "r\($0)@there.invalid" }, from: "ann@sender.invalid")
    let mailbox = FakeMailbox("ann@sender.invalid@imap.sender.invalid/INBOX", isPersonal: true)
    let now = place.open.clock.now()
    mailbox.put(try reply(to: ids[0], in: place), at: now - .days(9))
    #expect(try place.scan(mailbox).fetched == 0)
    let known = try reply(to: ids[1], in: place)
    mailbox.put(known, at: now)
    #expect(try place.scan(mailbox).intake.replies == 1)
    // What comes while it is not reached, and it is made anew meanwhile.
    mailbox.content.withLock { $0.failsToOpen = true }
    #expect(throws: MailboxUnavailable.self) { try place.scan(mailbox) }
    mailbox.put(try reply(to: ids[2], in: place), at: now)
    mailbox.renumber()
    mailbox.content.withLock { $0.failsToOpen = false }
    let summary = try place.scan(mailbox)
    #expect(summary.fetched == 1 && summary.intake.replies == 1)
    #expect(mailbox.content.withLock { $0.fetched } == 3)
    #expect(try place.scan(mailbox).fetched == 0)
    #expect(mailbox.seen.isEmpty)
    // Made anew once more, with nothing of these days in it.
    mailbox.content.withLock { $0.mails.removeLast(2) }
    mailbox.renumber()
    #expect(try place.scan(mailbox).fetched == 0)
    #expect(try place.store.read { try $0.mailboxes.checkpoint(mailbox.name)?.lastUID } == 1)
  }

  @Test func `of what comes in only reports and answers to our mail are kept`() throws {
    let place = try place()
    let ids = try place.send(["r@there.invalid"], from: "ann@sender.invalid")
    let mailbox = FakeMailbox("ann@sender.invalid@imap.sender.invalid/INBOX", isPersonal: true)
    _ = try place.scan(mailbox)
    let head = "From: <mum@home.invalid>\r\nTo: <ann@sender.invalid>\r\nMessage-ID: <1@home.invalid>\r\n"
    mailbox.put(Array((head + "Subject: Sunday\r\n\r\nLunch?\r\n").utf8))
    mailbox.put(Array((head + "Subject: Re: x\r\nIn-Reply-To: <other@sender.invalid>\r\n\r\nYes.\r\n").utf8))
    mailbox.put(try reply(to: ids[0], in: place))
    #expect(try place.scan(mailbox).fetched == 1)
    let kept = try place.store.read { try $0.reports.stored(mailbox: mailbox.name, uidValidity: 7, uids: 0...100) }
    #expect(kept == [3])
    // What was left is not read again.
    #expect(try place.store.read { try $0.mailboxes.checkpoint(mailbox.name)?.lastUID } == 3)
    #expect(try place.scan(mailbox).fetched == 0)
  }

  @Test func `those with an IMAP server are read that are no report mailbox already, and who cannot be read is told`()
    throws
  {
    let place = try place()
    #expect(try place.open.inboxesToRead().map(\.address) == ["ann@sender.invalid"])
    let mailbox = FakeMailbox("ann@sender.invalid@imap.sender.invalid/INBOX", isPersonal: true)
    _ = try place.scan(mailbox)
    #expect(try place.open.overview().mailboxes.isEmpty)
    mailbox.content.withLock { $0.failsToOpen = true }
    #expect(throws: MailboxUnavailable.self) { try place.scan(mailbox) }
    #expect(try place.open.overview().mailboxes.map(\.name) == [mailbox.name])
    #expect(try place.open.inboxStatus("ann@sender.invalid").replies?.last?.error == "login refused")
    let other = try self.place([
      "IMAP_HOST": "imap.sender.invalid", "IMAP_USERNAME": "ann@sender.invalid", "IMAP_PASSWORD": "x",
    ])
    #expect(try other.open.inboxesToRead().isEmpty)
  }

  @Test func `it says why an inbox that is not paused itself sends nothing`() throws {
    let place = try place()
    func standing() throws -> String { try place.open.inboxStatus("ben@sender.invalid").standing }
    #expect(try standing() == "active")
    for (scope, words) in [
      ("relay:localhost:2525", "localhost:2525 paused by tess: why"),
      ("inbox:ben@sender.invalid", "paused by tess: why"),
    ] {
      try place.open.operations.perform(
        "pause.add", OperationRequest(arguments: ["scope": scope, "reason": "why"]))
      #expect(try standing() == words)
    }
  }
}
