import Engine
import Foundation
import MailModel
import Storage
import Testing

/// Fault 29: without a token or a Message-ID of ours nobody is suppressed or restricted.
@Suite struct ForgeryTests {
  enum Forgery: String, CaseIterable, Sendable {
    case unknownMessageID, noMessageID, badToken, tokenOfAnotherKey, neverAttempted, foreignRecipient
  }

  /// A workspace that has sent to `victim@`, and the header and address that the forger comes with.
  private func evidence(_ forgery: Forgery, _ place: TestWorkspace, sent: Message.ID) throws -> (String, String) {
    let plain = "bounces@sender.invalid"
    switch forgery {
    case .unknownMessageID: return ("Message-ID: <never@sender.invalid>\r\nSubject: x\r\n\r\n", plain)
    case .noMessageID: return ("Subject: x\r\n\r\n", plain)
    case .badToken:
      let token = try place.tokenAddress(sent)
      let changed = token.replacing("+a", with: "+b")
      return ("Subject: x\r\n\r\n", changed == token ? String(token.replacing("@", with: "7@")) : changed)
    case .tokenOfAnotherKey: return ("Subject: x\r\n\r\n", try TestWorkspace().tokenAddress(sent))
    case .neverAttempted:
      let waiting = try place.enqueue(["victim@there.invalid"])[0]
      return ("Message-ID: \(try place.message(waiting).messageID)\r\n\r\n", try place.tokenAddress(waiting))
    case .foreignRecipient: return ("Message-ID: <\(UUID().uuidString)@there.invalid>\r\n\r\n", plain)
    }
  }

  @Test(arguments: Forgery.allCases)
  func `a forged DSN goes to triage`(forgery: Forgery) throws {
    let place = try TestWorkspace()
    let sent = try place.send(["victim@there.invalid"])[0]
    let (header, to) = try evidence(forgery, place, sent: sent)
    let mailbox = FakeMailbox()
    mailbox.put(try place.dsn([.init(address: "victim@there.invalid")], to: to, header: header))
    let summary = try place.scan(mailbox)
    #expect(summary.intake.unmatched == ["victim@there.invalid"])
    #expect(summary.intake.suppressed == 0)
    #expect(try !place.isSuppressed("victim@there.invalid"))
    #expect(try place.store.read { try $0.recipients.get("victim@there.invalid") } == nil)
    let unmatched = try place.store.read { try $0.reports.page(onlyUnmatched: true).rows }
    #expect(unmatched.count == 1)
    #expect(try place.store.read { try $0.counters.all()["report.unmatched"] } == 1)
    #expect(try place.audit("policy.suppress").isEmpty)
  }

  @Test(arguments: Forgery.allCases)
  func `ten forged complaints flag nobody`(forgery: Forgery) throws {
    let place = try TestWorkspace()
    let sent = try place.send(["victim@there.invalid"])[0]
    let mailbox = FakeMailbox()
    let (header, to) = try evidence(forgery, place, sent: sent)
    for _ in 0..<10 {
      mailbox.put(try place.complaint(by: "victim@there.invalid", to: to, header: header))
    }
    let summary = try place.scan(mailbox)
    #expect(summary.intake.unmatched.count == 10)
    #expect(summary.intake.flagged == 0 && summary.intake.restricted == 0)
    let account = try place.account("news@sender.invalid")
    #expect(account.standing == .good && account.complaintCount == 0)
    #expect(try !place.isSuppressed("victim@there.invalid"))
  }

  @Test func `whoever got a mail with others tells no tales of them, but for their tokens`() throws {
    let place = try TestWorkspace(settings: ["BOUNCE_ADDRESS": "bounces@sender.invalid"])
    let ids = try place.send(["ann@there.invalid>, <ben@there.invalid"])
    #expect(ids.count == 2)
    let (ann, ben) = ("ann@there.invalid", "ben@there.invalid")
    let mailbox = FakeMailbox()
    mailbox.put(try place.dsn(about: ids[0], [.init(address: ben)]))
    for _ in 0..<5 { mailbox.put(try place.complaint(about: ids[0], by: ben)) }
    let token = try place.tokenAddress(try #require(ids.first { try place.message($0).recipient == ann }))
    mailbox.put(try place.complaint(about: ids[0], by: ben, to: token))
    let summary = try place.scan(mailbox)
    #expect(try !place.isSuppressed(ben))
    #expect(try place.unmatched().map(\.correlation) == Array(repeating: .recipient, count: 6))
    #expect(summary.intake.flagged == 0 && summary.intake.restricted == 0)
    #expect(try place.account("news@sender.invalid").complaintCount == 1, "with ann's token, about ann's")
    #expect(try place.isSuppressed(ann))
  }

  @Test func `an uncertain message is not settled by a forged report`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["victim@there.invalid"], ending: .doubt)[0]
    let mailbox = FakeMailbox()
    mailbox.put(try place.dsn([.init(address: "victim@there.invalid")], header: "Message-ID: <x@y.invalid>\r\n\r\n"))
    try place.scan(mailbox)
    #expect(try place.message(id).state == .uncertain)
  }

  @Test func `a weak match is shown as a candidate and nothing more`() throws {
    let place = try TestWorkspace()
    let sent = try place.send(["victim@there.invalid"])[0]
    let mailbox = FakeMailbox()
    mailbox.put(try place.dsn([.init(address: "victim@there.invalid")], header: "Subject: x\r\n\r\n"))
    try place.scan(mailbox)
    let report = try #require(try place.store.read { try $0.reports.page(onlyUnmatched: true).rows }.first)
    #expect(report.correlation == .recipient)
    #expect(report.messageID == sent)
  }

  @Test(arguments: [(13, .recipient), (15, .none)] as [(Int64, Correlation)])
  func `a recipient alone says nothing of a message of long ago`(days: Int64, correlation: Correlation) throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    try place.send(["victim@there.invalid"])
    clock.advance(.days(days))
    let mailbox = FakeMailbox()
    mailbox.put(try place.dsn([.init(address: "victim@there.invalid")], header: "Subject: x\r\n\r\n"))
    try place.scan(mailbox)
    #expect(try place.store.read { try $0.reports.page(onlyUnmatched: true).rows }.map(\.correlation) == [correlation])
  }

  @Test func `mail that is no report is stored, classified and left in peace`() throws {
    let place = try TestWorkspace()
    let mailbox = FakeMailbox()
    for raw in ["", "\0\0\0", "no header at all", "From: a@b.invalid\r\nSubject: hi\r\n\r\nhello", "\u{FF}\u{FE}"] {
      mailbox.put(Array(raw.utf8))
    }
    let summary = try place.scan(mailbox)
    #expect(summary.fetched == 5)
    #expect(try place.store.read { try $0.reports.unclassified(limit: 10).isEmpty })
    #expect(summary.intake.suppressed == 0)
  }
}
