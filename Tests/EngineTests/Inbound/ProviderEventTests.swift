import Engine
import Foundation
import MailModel
import Storage
import Testing

/// Events of SES: idempotent, lenient about fields, strict about proof.
@Suite struct ProviderEventTests {
  private func run(_ place: TestWorkspace, _ text: String) throws -> EventSummary {
    try place.open.importEvents(OperationRequest(arguments: ["file": try place.file("events.json", text)]))
  }

  /// One event on one line, about a message by its token.
  private func event(_ kind: String, _ body: String, _ place: TestWorkspace, _ id: Message.ID) throws -> String {
    let recipient = try place.message(id).recipient
    return
      #"{"eventType":"\#(kind)","unknown":{"x":[1,2.5,null]},"mail":{"messageId":"ses-\#(id)","timestamp":"2026-11-20T10:00:00.000Z","source":"\#(try place.tokenAddress(id))","destination":["\#(recipient)"]},\#(body)}"#
  }

  private func bounce(_ place: TestWorkspace, _ id: Message.ID) throws -> String {
    try event(
      "Bounce",
      #""bounce":{"bounceType":"Permanent","bounceSubType":"General","feedbackId":"f\#(id)","timestamp":"2026-11-20T10:00:01Z","bouncedRecipients":[{"emailAddress":"\#(try place.message(id).recipient)","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]}"#,
      place, id)
  }

  @Test func `a bounce suppresses once, however often and in whichever envelope it comes`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["gone@there.invalid"])[0]
    let line = try bounce(place, id)
    let quoted = String(decoding: try JSONEncoder().encode(line), as: UTF8.self)
    let first = try run(place, line + "\n" + #"{"Type":"Notification","Message":\#(quoted)}"# + "\n")
    #expect(first.taken == ["bounce": 1] && first.known == 1 && first.problemCount == 0)
    #expect(first.intake.suppressed == 1)
    #expect(try run(place, "[\(line)]").known == 1)
    #expect(try place.isSuppressed("gone@there.invalid"))
    #expect(try place.store.read { try $0.counters.all()["bounce"] } == 1)
    #expect(try place.store.read { try $0.messageEvents.stage(of: id) } == .bounced)
  }

  @Test func `deliveries, opens and clicks advance the stage and settle doubt`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["fine@there.invalid"], ending: .doubt)[0]
    let lines = try [
      event("Click", #""click":{"link":"https://example.org/a","timestamp":"2026-11-20T12:00:00Z"}"#, place, id),
      event("Delivery", #""delivery":{"recipients":["fine@there.invalid"],"smtpResponse":"250 ok"}"#, place, id),
      event("Open", #""open":{"userAgent":"x","timestamp":"2026-11-20T11:00:00Z"}"#, place, id),
    ]
    let summary = try run(place, lines.joined(separator: "\n"))
    #expect(summary.taken == ["click": 1, "delivery": 1, "open": 1] && summary.unmatched == 0)
    #expect(try place.message(id).state == .sent)
    #expect(try place.store.read { try $0.messageEvents.stage(of: id) } == .clicked)
    #expect(try place.store.read { try $0.messageEvents.list(of: id) }.map(\.kind) == ["click", "delivery", "open"])
  }

  @Test func `a preview says who would be suppressed, settled and restricted, and changes nothing`() throws {
    let place = try TestWorkspace(settings: ["COMPLAINTS_TO_FLAG": "1", "COMPLAINTS_TO_RESTRICT": "2"])
    let ids = try place.send(["gone@there.invalid", "angry1@there.invalid", "angry2@there.invalid"])
    let doubtful = try place.send(["fine@there.invalid"], ending: .doubt)[0]
    let complaints = try ids[1...].map { id in
      try event(
        "Complaint",
        #""complaint":{"feedbackId":"c\#(id)","timestamp":"2026-11-20T10:00:01Z","complainedRecipients":[{"emailAddress":"\#(try place.message(id).recipient)"}]}"#,
        place, id)
    }
    let delivery = try event(
      "Delivery", #""delivery":{"recipients":["fine@there.invalid"],"smtpResponse":"250 ok"}"#, place, doubtful)
    let text = ([try bounce(place, ids[0]), try bounce(place, ids[0]), delivery, "nonsense"] + complaints)
      .joined(separator: "\n")
    let request = OperationRequest(arguments: ["file": try place.file("events.json", text)])
    let preview = try place.open.operations.preview("events.import", request)
    #expect(
      preview.summary
        == "suppresses 3 recipients, settles 1 message in doubt, flags 0 and restricts 1 account")
    #expect(
      preview.lines[0] == "events: 1 bounce, 2 complaint, 1 delivery; 1 known already, 0 about no message of ours")
    #expect(try place.store.read { try $0.counters.all()["suppression"] } == 0)
    #expect(try place.message(doubtful).state == .uncertain)
    let effect = try place.open.operations.perform("events.import", request)
    #expect(
      effect.summary.hasSuffix("3 suppressed, 0 accounts flagged, 1 restricted")
        || effect.summary.hasSuffix("3 suppressed, 1 account flagged, 1 restricted"))
    #expect(effect.refusals.count == 1)
    #expect(try place.message(doubtful).state == .sent)
    let row = try #require(try place.audit("events.import").first)
    #expect(row.subject == "file:events.json" && row.actor == "tess")
    #expect(try place.open.operations.preview("events.import", request).isEmpty)
    try place.open.operations.perform("events.import", request)
    #expect(try place.audit("events.import").count == 1)
  }

  @Test func `a preview counts whom an expired entry keeps away no more`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["gone@there.invalid"])[0]
    let now = place.open.clock.now()
    try place.store.write { transaction in
      _ = try transaction.suppressions.add(
        "gone@there.invalid", reason: "soft", source: "tess", now: now - .days(2), expiresAt: now - .days(1))
    }
    let request = OperationRequest(arguments: ["file": try place.file("events.json", try bounce(place, id))])
    #expect(try place.open.operations.preview("events.import", request).summary.hasPrefix("suppresses 1 recipient,"))
  }

  @Test func `fault 29: an event without proof restricts and suppresses nobody`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["victim@there.invalid"])[0]
    let forged = try bounce(place, id).replacing(try place.tokenAddress(id), with: "bounces@sender.invalid")
    let summary = try run(place, forged)
    #expect(summary.unmatched == 1 && summary.intake.suppressed == 0)
    #expect(try !place.isSuppressed("victim@there.invalid"))
    #expect(try place.unmatched().count == 1)
  }

  @Test func `bad lines are told with their number and passed over`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["gone@there.invalid"])[0]
    let text = """
      nonsense
      {"eventType":"Bounce"}
      {"eventType":"Dance","mail":{"messageId":"x"}}
      {"cut": "off
      \(try bounce(place, id))
      {"Type":"SubscriptionConfirmation","Message":"You have chosen"}
      """
    let summary = try run(place, text)
    #expect(summary.taken == ["bounce": 1])
    #expect(summary.problems.map { $0.prefix(7) } == ["line 1:", "line 2:", "line 3:", "line 4:", "line 6:"])
  }
}
