import MailFormats
import MailModel
import Testing

@Suite struct ComposerTests {
  private let date = "Fri, 21 Nov 1997 09:55:06 +0000"

  private func draft(text: String, html: String? = nil, subject: String = "Grüße") throws -> MessageDraft {
    MessageDraft(
      from: NamedAddress(displayName: "Jürgen, the 1st", address: try Address(parsing: "j@example.com")),
      to: [NamedAddress(address: try Address(parsing: "ann@example.com"))], subject: subject, date: date,
      messageID: "<1@example.com>", text: text, html: html,
      extraFields: [("List-Unsubscribe", "<https://example.com/u/1>")])
  }

  @Test(arguments: [
    "Hello\n", "Grüße aus Köln\n.dot\n", "日本語の本文\n", String(repeating: "long ", count: 400), "tab\t\nend ", "",
  ])
  func `a text message reads back as it was written`(body: String) throws {
    let message = try MessageComposer.compose(draft(text: body))
    let parsed = MIMEMessage(parsing: message)
    #expect(parsed.defects.isEmpty)
    #expect(parsed.header.first("subject")?.decoded == "Grüße")
    let withoutEnd = body.hasSuffix("\n") ? String(body.dropLast()) : body
    #expect(text(parsed.root.text()).trimmingEnd == withoutEnd.trimmingEnd)
    #expect(try CanonicalMessage.canonicalise(message) == message)
    #expect(message.allSatisfy { $0 < 0x80 })
  }

  @Test func `with HTML the message is an alternative of both`() throws {
    let parsed = MIMEMessage(parsing: try MessageComposer.compose(draft(text: "plain", html: "<p>fancy</p>")))
    let types = parsed.root.flattened.map { "\($0.contentType.type)/\($0.contentType.subtype)" }
    #expect(types == ["multipart/alternative", "text/plain", "text/html"])
    #expect(parsed.defects.isEmpty)
  }

  @Test func `a boundary never occurs in a part`() throws {
    let parsed = MIMEMessage(
      parsing: try MessageComposer.compose(draft(text: "--=_1examplecom_0\n--=_1examplecom_0--", html: "<p>x</p>")))
    #expect(parsed.root.children.count == 2)
  }

  @Test func `fault 19: line ends in any field are refused`() throws {
    #expect(throws: HeaderError.self) {
      try MessageComposer.compose(draft(text: "x", subject: "a\r\nBcc: b@c.example"))
    }
    var bad = try draft(text: "x")
    bad.extraFields = [("X-A", "a\nb")]
    #expect(throws: HeaderError.self) { try MessageComposer.compose(bad) }
    bad = try draft(text: "x")
    bad.messageID = "<1@x>\r\nBcc: b@c.example"
    #expect(throws: HeaderError.self) { try MessageComposer.compose(bad) }
  }

  @Test func `a composed DSN is classified as what it says, per recipient`() throws {
    let report = DSNDraft(
      reportingMTA: "relay.example", to: try Address(parsing: "bounces@example.com"), date: date,
      messageID: "<d1@relay.example>", envelopeID: "env-7",
      recipients: [
        .init(
          finalRecipient: try Address(parsing: "gone@x.example"),
          originalRecipient: try Address(parsing: "alias@x.example"),
          action: .failed, status: EnhancedStatus(5, 1, 1), diagnostic: "550 5.1.1 no such user",
          remoteMTA: "mx.x.example"),
        .init(
          finalRecipient: try Address(parsing: "full@x.example"), action: .failed, status: EnhancedStatus(4, 2, 2),
          diagnostic: "452 4.2.2 mailbox full"),
        .init(
          finalRecipient: try Address(parsing: "slow@x.example"), action: .delayed, status: EnhancedStatus(4, 4, 1)),
        .init(
          finalRecipient: try Address(parsing: "fine@x.example"), action: .delivered, status: EnhancedStatus(2, 1, 5)),
      ], originalHeader: crlf("Message-ID: <m1@example.com>\nReturn-Path: <b+token@example.com>\nSubject: s\n\nbody"))
    let found = standardClassifier.classify(try DSNComposer.compose(report))
    #expect(found.kind == .bounce)
    #expect(found.originalMessageID == "<m1@example.com>")
    #expect(found.envelopeID == "env-7")
    #expect(found.reportingMTA == "relay.example")
    #expect(found.tokenCandidates.contains("b+token@example.com"))
    #expect(
      found.recipients.map(\.finalRecipient) == [
        "gone@x.example", "full@x.example", "slow@x.example", "fine@x.example",
      ])
    #expect(found.recipients.map(\.action) == [.failed, .failed, .delayed, .delivered])
    #expect(found.recipients.map(\.bounceClass) == [.hard, .soft, .soft, nil])
    #expect(found.recipients[0].originalRecipient == "alias@x.example")
    #expect(found.recipients[0].remoteMTA == "mx.x.example")
    #expect(found.recipients[0].status == EnhancedStatus(5, 1, 1))
  }

  @Test func `a composed feedback report is a complaint about the message it returns`() throws {
    let report = ARFDraft(
      from: try Address(parsing: "fbl@isp.example"), to: try Address(parsing: "abuse@example.com"), date: date,
      messageID: "<a1@isp.example>", userAgent: "Test/1", originalMailFrom: try Address(parsing: "b+token@example.com"),
      originalRecipients: [try Address(parsing: "ann@isp.example")],
      originalHeader: crlf("Message-ID: <m2@example.com>\n\nbody"))
    let found = standardClassifier.classify(try ARFComposer.compose(report))
    #expect(found.kind == .complaint)
    #expect(found.feedbackType == "abuse")
    #expect(found.originalMessageID == "<m2@example.com>")
    #expect(found.recipients.map(\.finalRecipient) == ["ann@isp.example"])
    #expect(found.tokenCandidates.contains("b+token@example.com"))
  }

  @Test func `a composed automatic reply is one`() throws {
    let reply = AutoReplyDraft(
      from: try Address(parsing: "ann@example.com"), to: try Address(parsing: "bob@example.com"), date: date,
      messageID: "<v1@example.com>", subject: "Hello", inReplyTo: "<m3@example.com>", text: "Back on Monday.")
    let found = standardClassifier.classify(try AutoReplyComposer.compose(reply))
    #expect(found.kind == .autoReply)
    #expect(found.references == ["<m3@example.com>"])
  }
}

extension String {
  fileprivate var trimmingEnd: Substring { self[...].trimmingEnd }
}

extension Substring {
  fileprivate var trimmingEnd: Substring {
    guard let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return self[...last]
  }
}
