import Engine
import Foundation
import MailModel
import Storage
import Testing

/// The id that a provider gives in its reply to the final dot ties its events and reports to the message.
@Suite struct ProviderReplyTests {
  private static let providerID = "0100018c1a2b3c4d-2c40a8b6-5e5b-4f19-8eaf-5ea7d4c2b8b1-000000"

  /// A message that Amazon SES took.
  private func taken(_ recipient: String, reply: String = "Ok \(providerID)") throws -> (TestWorkspace, Message.ID) {
    let place = try TestWorkspace()
    let id = try place.send([recipient])[0]
    let now = place.open.clock.now()
    try place.store.write {
      try $0.attempts.append(
        Attempt(
          id: 0, messageID: id, epoch: 1, relay: "email-smtp.example:587", outcome: "accepted", stage: .dot,
          replyCode: 250, enhancedStatus: nil, text: reply, renderedAt: now, armedAt: now, repliedAt: now))
    }
    return (place, id)
  }

  private func event(_ kind: String, id: String = providerID, _ body: String) -> [UInt8] {
    Array(
      #"{"eventType":"\#(kind)","mail":{"messageId":"\#(id)","timestamp":"2026-11-20T10:00:00.000Z","source":"us@our.example","destination":["ann@there.invalid"]},\#(body)}"#
        .utf8)
  }

  private func run(_ place: TestWorkspace, _ json: [UInt8]) throws -> EventSummary {
    try place.open.importEvents(
      OperationRequest(arguments: ["file": try place.file("events.json", String(decoding: json, as: UTF8.self))]))
  }

  @Test func `an event that knows nothing but the provider's id finds its message`() throws {
    let (place, id) = try taken("ann@there.invalid")
    let summary = try run(
      place, event("Delivery", #""delivery":{"recipients":["ann@there.invalid"],"smtpResponse":"250 ok"}"#))
    #expect(summary.unmatched == 0)
    #expect(try place.store.read { try $0.messageEvents.stage(of: id) } == .delivered)
  }

  @Test func `a bounce event with the provider's id suppresses`() throws {
    let (place, id) = try taken("ann@there.invalid")
    let summary = try run(
      place,
      event(
        "Bounce",
        #""bounce":{"bounceType":"Permanent","feedbackId":"f","timestamp":"2026-11-20T10:00:01Z","bouncedRecipients":[{"emailAddress":"ann@there.invalid","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]}"#
      ))
    #expect(summary.intake.suppressed == 1 && summary.unmatched == 0)
    #expect(try place.store.read { try $0.bounces.list(of: id) }.map(\.correlation) == [.messageID])
  }

  @Test(arguments: ["email.amazonses.com", "eu-west-1.amazonses.com", "amazonses.com"])
  func `a report that returns the provider's Message-ID is about our message`(domain: String) throws {
    let (place, _) = try taken("ann@there.invalid")
    let mailbox = FakeMailbox()
    mailbox.put(
      try place.dsn(
        [.init(address: "ann@there.invalid")], header: "Message-ID: <\(Self.providerID)@\(domain)>\r\n\r\n"))
    #expect(try place.scan(mailbox).intake.suppressed == 1)
  }

  @Test(arguments: [
    ("Ok \(providerID)", "Message-ID: <\(providerID)@evil.example>"),
    ("Ok \(providerID)", "Message-ID: <0100018c1a2b3c4d-2c40a8b6-5e5b-4f19-8eaf-5ea7d4c2b8b1-000001@amazonses.com>"),
    ("queued as \(providerID)", "Message-ID: <\(providerID)@amazonses.com>"),
    ("Ok \(providerID)", "Message-ID: <\(providerID)@amazonses.com.evil.example>"),
  ])
  func `fault 29: another id, another domain or another reply proves nothing`(reply: String, header: String) throws {
    let (place, _) = try taken("ann@there.invalid", reply: reply)
    let mailbox = FakeMailbox()
    mailbox.put(try place.dsn([.init(address: "ann@there.invalid")], header: "\(header)\r\n\r\n"))
    let summary = try place.scan(mailbox)
    #expect(summary.intake.suppressed == 0 && summary.intake.unmatched.count == 1)
  }

  @Test func `events and replies are in the details of their message, with the label that a person gave`() throws {
    let (place, id) = try taken("ann@there.invalid")
    _ = try run(place, event("Delivery", #""delivery":{"recipients":["ann@there.invalid"],"smtpResponse":"250 ok"}"#))
    let mailbox = FakeMailbox()
    mailbox.put(
      Array(
        "From: Ann <ann@there.invalid>\r\nSubject: Re: Hello\r\nIn-Reply-To: \(try place.message(id).messageID)\r\n\r\nyes\r\n"
          .utf8))
    try place.scan(mailbox)
    let reply = try #require(try place.store.read { try $0.reports.replies(to: id) }.first)
    let target = OperationRequest.Target(id: "\(reply.id)")
    try place.operations(.operator).perform(
      "reply.classify", OperationRequest(targets: [target], arguments: ["label": "interested"]))
    // Reading it again keeps what the person said.
    try place.operations(.operator).perform("report.reprocess", OperationRequest(targets: [.init(id: "\(reply.id)")]))
    guard case .message(_, _, let thread, _, _) = try place.open.details(of: .message(try place.message(id))) else {
      throw Unexpected("no details")
    }
    #expect(thread.stage == .replied)
    #expect(thread.events.map(\.kind) == ["delivery"])
    #expect(thread.replies.map(\.subject) == ["Re: Hello"] && thread.replies.map(\.label) == [.interested])
  }
}
