import Engine
import Foundation
import MailModel
import Storage
import Testing

/// Reports of one batch leave what they would leave one by one.
@Suite struct ReportBatchTests {
  private static let full = (status: EnhancedStatus(5, 2, 2), text: "552 5.2.2 mailbox full")

  private func bounces(_ place: TestWorkspace) throws -> [Bounce] {
    try place.store.read { try $0.bounces.page(BounceQuery(isDescending: false, limit: 500)).rows }
  }

  private func audited(_ place: TestWorkspace, _ operation: String) throws -> [AuditEvent] {
    try place.store.read { try $0.audit.page(AuditQuery(operation: operation, isDescending: false, limit: 500)).rows }
  }

  @Test func `the third soft bounce suppresses, also when all three come in one batch`() throws {
    let place = try TestWorkspace()
    let mailbox = FakeMailbox()
    for id in try place.send(Array(repeating: "full@there.invalid", count: 3)) {
      let said = ReportBatchTests.full
      mailbox.put(
        try place.dsn(about: id, [.init(address: "full@there.invalid", status: said.status, diagnostic: said.text)]))
    }
    try place.scan(mailbox)
    let again = "tried again after 24 h"
    #expect(
      try bounces(place).map(\.consequence) == [
        "soft 1 of 3, \(again)", "soft 2 of 3, \(again)", "suppressed for a while",
      ])
    #expect(try place.isSuppressed("full@there.invalid"))
    let counters = try place.store.read { try $0.counters.all() }
    #expect(counters["message.queued"] == 0 && counters["message.suppressed"] == 2, "what was to be tried again")
  }

  @Test func `many reports about one address make one entry and one audit row`() throws {
    let place = try TestWorkspace()
    let mailbox = FakeMailbox()
    for id in try place.send(Array(repeating: "gone@there.invalid", count: 5)) {
      mailbox.put(try place.dsn(about: id, [.init(address: "gone@there.invalid")]))
    }
    let waiting = try place.enqueue(["gone@there.invalid"])[0]
    let summary = try place.scan(mailbox)
    #expect(summary.intake.suppressed == 1)
    #expect(try bounces(place).count == 5)
    let rows = try audited(place, "policy.suppress")
    #expect(rows.map(\.subject) == ["recipient:gone@there.invalid"])
    #expect(rows.first?.details.contains(#""waiting":"1""#) == true)
    #expect(try place.message(waiting).state == .suppressed)
    guard case .sound = try place.store.read({ try $0.audit.verify() }) else {
      Issue.record("the audit chain is broken")
      return
    }
  }

  @Test(arguments: [1, 7, 8, 63, 64, 65, 137])
  func `every number of reports comes to the same for each`(count: Int) throws {
    let place = try TestWorkspace()
    let mailbox = FakeMailbox()
    let addresses = (0..<count).map { "gone.\($0)@there.invalid" }
    for (id, address) in zip(try place.send(addresses), addresses) {
      mailbox.put(try place.dsn(about: id, [.init(address: address)]))
    }
    #expect(try place.scan(mailbox).intake.suppressed == count)
    #expect(try bounces(place).map(\.recipient) == addresses)
    #expect(try audited(place, "policy.suppress").count == count)
    for address in [addresses[0], addresses[count - 1]] {
      #expect(try place.isSuppressed(address))
      #expect(try place.store.read { try $0.recipients.get(address) }?.isActive == false)
    }
    let counters = try place.store.read { try $0.counters.all() }
    #expect(counters["bounce"] == count && counters["suppression"] == count)
    #expect(try place.account("news@sender.invalid").bounceCount == count)
  }

  @Test func `a report without proof is counted as unmatched when it is stored`() throws {
    let place = try TestWorkspace()
    let mailbox = FakeMailbox()
    let id = try place.send(["known@there.invalid"])[0]
    mailbox.put(try place.dsn(about: id, [.init(address: "known@there.invalid")]))
    let text = """
      From: MAILER-DAEMON@there.invalid
      To: us@sender.invalid
      Subject: Undelivered Mail Returned to Sender

      <stranger@there.invalid>: 550 5.1.1 user unknown
      """
    mailbox.put(Array(text.replacingOccurrences(of: "\n", with: "\r\n").utf8))
    try place.scan(mailbox)
    #expect(try place.store.read { try $0.counters.all()["report.unmatched"] } == 1)
    #expect(try place.store.read { try $0.reports.page(onlyUnmatched: true).rows.count } == 1)
  }

  @Test func `what the journal was left with is copied into the database, and nothing is lost by it`() throws {
    let place = try TestWorkspace()
    let mailbox = FakeMailbox()
    let id = try place.send(["gone@there.invalid"])[0]
    mailbox.put(try place.dsn(about: id, [.init(address: "gone@there.invalid")]))
    try place.scan(mailbox)
    try place.store.copyJournal()
    #expect(try place.isSuppressed("gone@there.invalid"))
    #expect(try place.store.integrityCheck().isEmpty)
  }
}
