import MailModel
import Testing

@testable import MailFormats

/// Where reports tell which message failed.
@Suite struct FailedMessageIDTests {
  private func id(_ text: String, header: String = "") -> String? {
    standardClassifier.classify(
      crlf(
        "From: MAILER-DAEMON@mx.there.example\nTo: us@our.example\nReturn-Path: <>\nSubject: Undelivered mail\n\(header)\n<ann@there.example>: 550 user unknown\n\n\(text)\n"
      )
    ).originalMessageID
  }

  @Test(arguments: [
    "Message-ID: <orig@our.example>", "Message-Id . . : <orig@our.example>", "Message-ID: orig@our.example",
    "Original-Message-ID: <orig@our.example>", "Original Message-ID: <orig@our.example>",
    "Your message (Message-ID: <orig@our.example>) failed.",
    "Your message with the Message-ID <orig@our.example> failed.",
  ])
  func `in the text`(text: String) { #expect(id(text) == "<orig@our.example>") }

  @Test(arguments: [
    "Resent-Message-ID: <orig@our.example>", "The message identifier is: 1rhQ0a-0003Xy-Gz", "Message-ID: none",
    "messageid<orig@our.example", "Message-ID: a @b",
  ])
  func `what is no id of it`(text: String) { #expect(id(text) == nil) }

  @Test(arguments: [
    "In-Reply-To: <orig@our.example>\n", "References: <first@our.example> <orig@our.example>\n",
    "In-Reply-To: <orig@our.example>\nReferences: <first@our.example>\n",
    "X-Riferimento-Message-ID: <orig@our.example>\n",
  ])
  func `else the one that the notice answers`(header: String) {
    #expect(id("", header: header) == "<orig@our.example>")
    #expect(id("Message-ID: <told@our.example>", header: header) == "<told@our.example>")
  }

  private func status(_ fields: String, attached: String = "", header: String = "") -> String? {
    standardClassifier.classify(
      crlf(
        "From: MAILER-DAEMON@mx.there.example\nTo: us@our.example\nSubject: Undelivered mail\n\(header)Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nfailed\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\(fields)\nFinal-Recipient: rfc822; ann@there.example\nAction: failed\nStatus: 5.1.1\n\(attached)\n--b--\n"
      )
    ).originalMessageID
  }

  private static let returned =
    "Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\nFrom: us@our.example\nTo: ann@there.example\nSubject: Hello\nMessage-ID: <orig@our.example>\n"

  @Test func `in a field of the report, or the message that the report answers`() {
    #expect(status("Original-Message-ID: <orig@our.example>\n") == "<orig@our.example>")
    #expect(status("X-Original-Message-ID: <orig@our.example>\n") == "<orig@our.example>")
    #expect(status("", header: "In-Reply-To: <orig@our.example>\n") == "<orig@our.example>")
  }

  @Test(arguments: [
    "text/plain; name=header.txt", "application/octet-stream; name=message.eml", "application/octet-stream",
  ])
  func `in the message that came back as an attachment of no type, unless it came back whole`(type: String) {
    let attachment = "\n--b\nContent-Type: \(type)\nContent-Disposition: attachment\n\n\(Self.returned)\nHi\n"
    #expect(status("", attached: attachment) == "<orig@our.example>")
    let whole = "\n--b\nContent-Type: message/rfc822\n\nFrom: us@our.example\nMessage-ID: <whole@our.example>\n\nHi\n"
    #expect(status("", attached: attachment + whole) == "<whole@our.example>")
  }

  @Test(arguments: ["message/rfc822", "text/rfc822-headers"])
  func `one that was cut with the message is none`(type: String) {
    let cut = "\n--b\nContent-Type: \(type)\n\nFrom: us@our.example\nTo: ann@there.example\nMessage-ID: <orig@our.exa"
    #expect(status("", attached: cut) == nil)
    #expect(status("Original-Message-ID: <orig@our.example>\n", attached: cut) == "<orig@our.example>")
    #expect(status("", attached: cut.replacing("<orig@our.exa", with: "orig@our.example\n")) == "<orig@our.example>")
  }

  @Test func `an attachment that is no message is none`() {
    let attachment = "\n--b\nContent-Type: application/octet-stream\n\nTo: do\n\nMessage-ID: <orig@our.example>\n"
    #expect(status("", attached: attachment) == nil)
  }
}
