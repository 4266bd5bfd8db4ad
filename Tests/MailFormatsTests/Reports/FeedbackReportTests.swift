import Foundation
import MailFormats
import MailModel
import Testing

/// Feedback reports as providers write them (RFC 5965, RFC 6591), and the ways they come broken or passed on.
@Suite struct FeedbackReportTests {
  static let reported = """
    Received: from mail.our.example (mail.our.example [192.0.2.10]) by mx.there.example; Mon, 1 Jan 2024 10:00:00 +0000
    Return-Path: <bounce+token@our.example>
    From: News <news@our.example>
    To: ann@there.example
    Subject: Spring
    Message-ID: <orig@our.example>
    Date: Mon, 1 Jan 2024 10:00:00 +0000

    Hello
    """
  private static let fields = "Feedback-Type: abuse\nUser-Agent: X/1\nVersion: 1"

  struct Form: Sendable, CustomTestStringConvertible {
    var name: String
    var fields = FeedbackReportTests.fields
    var type = "multipart/report; report-type=feedback-report"
    var fieldsType = "message/feedback-report"
    var returnedType = "message/rfc822"
    var returned = FeedbackReportTests.reported
    var gap = "\n"
    var isEncoded = false
    var boundary = "b"
    var recipients = ["ann@there.example"]
    var testDescription: String { name }

    var mail: String {
      let encoding = isEncoded ? "Content-Transfer-Encoding: base64\n" : ""
      func body(_ text: String) -> String { isEncoded ? Data(text.utf8).base64EncodedString() : text }
      return
        "From: fbl@there.example\nTo: abuse@our.example\nSubject: Spring\nContent-Type: \(type); boundary=\(boundary)\n\n--\(boundary)\nContent-Type: text/plain\n\nThis is a report.\n--\(boundary)\nContent-Type: \(fieldsType)\n\(encoding)\(gap)\(body(fields))\n\n--\(boundary)\nContent-Type: \(returnedType)\n\(encoding)\n\(body(returned))\n--\(boundary)--\n"
    }
  }

  private static let forms = [
    Form(name: "as it should be", fields: fields + "\nOriginal-Rcpt-To: <ann@there.example>"),
    Form(name: "recipient only in the message"),
    Form(
      name: "header only", returnedType: "text/rfc822-headers",
      returned: String(reported.prefix(upTo: reported.range(of: "\n\n")?.lowerBound ?? reported.endIndex))),
    Form(name: "without report-type", type: "multipart/report"), Form(name: "multipart/mixed", type: "multipart/mixed"),
    Form(name: "base64", isEncoded: true), Form(name: "no empty line before the fields", gap: ""),
    Form(name: "fields as text", fieldsType: "text/plain"),
    Form(
      name: "several recipients",
      fields: fields + "\nOriginal-Rcpt-To: <ann@there.example>\nOriginal-Rcpt-To: bob@there.example",
      recipients: ["ann@there.example", "bob@there.example"]),
    Form(name: "removal recipient", fields: fields + "\nRemoval-Recipient: ann@there.example"),
    Form(
      name: "recipient undisclosed",
      returned: reported.replacing("ann@there.example", with: "undisclosed-recipients:;"), recipients: []),
    Form(
      name: "recipient redacted", fields: fields + "\nRedacted-Address: redacted@",
      returned: reported.replacing("ann@there.example", with: "redacted@"), recipients: []),
    Form(
      name: "recipient hashed", fields: fields + "\nOriginal-Rcpt-To: 3f1c9a@there.example",
      recipients: ["3f1c9a@there.example"]),
    Form(
      name: "Yahoo",
      fields:
        "Feedback-Type: abuse\nUser-Agent: Yahoo!-Mail-Feedback/2.0\nVersion: 0.1\nOriginal-Mail-From: <bounce+token@our.example>\nOriginal-Rcpt-To: ann@there.example\nReported-Domain: our.example"
    ),
  ]

  @Test(arguments: forms)
  func `is a complaint about the message`(form: Form) {
    let found = standardClassifier.classify(crlf(form.mail))
    #expect(found.kind == .complaint, "\(found.why)")
    #expect(found.recipients.map(\.finalRecipient) == form.recipients)
    #expect(found.originalMessageID == "<orig@our.example>")
    #expect(found.tokenCandidates.contains("bounce+token@our.example"))
  }

  @Test(
    arguments: ["message/feedback-report", "text/plain"],
    ["not-spam", "auth-failure", "dmarc"])
  func `what nobody complains about, also where the fields are text`(fieldsType: String, type: String) {
    let form = Form(
      name: type, fields: Self.fields.replacing("abuse", with: type), fieldsType: fieldsType)
    #expect(standardClassifier.classify(crlf(form.mail)).kind == .other)
  }

  private func passedOn(_ header: String, _ inner: String) -> ClassifiedReport {
    standardClassifier.classify(
      crlf(
        "To: reports@our.example\n\(header)\nContent-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: text/plain\n\nSee below.\n--o\nContent-Type: message/rfc822\n\n\(inner)\n--o--\n"
      ))
  }

  @Test func `a complaint that the abuse desk passed on whole is one`() {
    let found = passedOn(
      "From: desk@our.example\nSubject: Fwd: Spring\nReferences: <f@there.example>", Form(name: "").mail)
    #expect(found.kind == .complaint)
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
    #expect(found.originalMessageID == "<orig@our.example>")
    #expect(found.tokenCandidates.contains("bounce+token@our.example"))
  }

  @Test(
    arguments: [
      ("From: bob@there.example\nSubject: Re: your report\nIn-Reply-To: <f@our.example>", ReportKind.reply),
      ("From: bob@there.example\nSubject: Look\nList-Id: <l.example>", .other),
      ("From: bob@there.example\nSubject: Automatic reply: Spring\nAuto-Submitted: auto-replied", .autoReply),
    ])
  func `a complaint that came along with something else is none`(header: String, kind: ReportKind) {
    #expect(passedOn(header, Form(name: "").mail).kind == kind)
  }

  @Test func `a complaint about another provider's complaint that bounced is a bounce`() {
    for returned in [
      Form(name: "", boundary: "i").mail, "X-HmXmrOriginalRecipient: ann@there.example\n\(Self.reported)",
    ] {
      let found = standardClassifier.classify(
        crlf(
          "From: MAILER-DAEMON@our.example\nSubject: Undelivered Mail Returned to Sender\nContent-Type: multipart/report; report-type=delivery-status; boundary=o\n\n--o\n\nfailed\n--o\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; desk@else.example\nAction: failed\nStatus: 5.1.1\n\n--o\nContent-Type: message/rfc822\n\n\(returned)\n--o--\n"
        ))
      #expect(found.kind == .bounce)
      #expect(found.recipients.map(\.finalRecipient) == ["desk@else.example"])
    }
  }
}
