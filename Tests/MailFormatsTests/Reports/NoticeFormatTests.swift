import MailFormats
import MailModel
import Testing

/// One notice about `ann@there.example`.
struct Notice: Sendable, CustomTestStringConvertible {
  let name: String
  let from: String
  let subject: String
  let bounceClass: BounceClass?
  let text: String

  init(_ name: String, from: String, subject: String, _ bounceClass: BounceClass?, _ text: String) {
    (self.name, self.from, self.subject, self.bounceClass, self.text) = (name, from, subject, bounceClass, text)
  }

  var testDescription: String { name }

  static let returned =
    "\nReceived: from a.example by b.example; Mon, 1 Jan 2024 00:00:00 +0000\nFrom: me@our.example\nTo: ann@there.example\nSubject: Hello\nMessage-ID: <orig@our.example>\n\nHi\n"

  var mail: String {
    "Return-Path: <>\nFrom: \(from)\nTo: me@our.example\nSubject: \(subject)\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n\(text)"
  }
}

@Suite struct NoticeFormatTests {
  @Test(
    arguments: Notice.mailers + Notice.providers + Notice.others + Notice.gateways + Notice.worldwide + Notice.languages
      + Notice.hosts + Notice.tables
  )
  func bounce(notice: Notice) {
    let found = standardClassifier.classify(crlf(notice.mail))
    #expect(found.kind == .bounce)
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
    #expect(found.recipients.first?.bounceClass == notice.bounceClass, "\(found.why)")
    if notice.text.contains("<orig@") { #expect(found.originalMessageID == "<orig@our.example>") }
  }

  @Test(arguments: [
    "<o'brien@there.example>: user unknown", "Your message to 'o'brien@there.example' failed: user unknown",
    "o'brien@there.example: user unknown", "<d'arc@there.example>: user unknown",
  ])
  func `an apostrophe is part of an address`(line: String) {
    let found = standardClassifier.classify(
      crlf(Notice("", from: "MAILER-DAEMON@there.example", subject: "Undelivered Mail", .hard, line).mail))
    #expect(
      found.recipients.map(\.finalRecipient) == [line.contains("arc") ? "d'arc@there.example" : "o'brien@there.example"]
    )
  }

  @Test(arguments: [
    "From: gate <gate@there.example>\nSubject: failure notice\n\nSorry, your mail was rejected.\n-------server message\n550 5.1.1 unknown user <ann@there.example>\n-------original message\n\(Notice.returned)",
    "From: <no-reply@app.there.example>\nSubject: Mail System Error - Returned Mail\n\nYour mail of May\nCould not be delivered to: <ann@there.example>\nAs the mailbox is full.\n",
    "From: Administrator <administrator@there.example>\nSubject: Message rejected\n\nYour message to ann@there.example was rejected: 550 5.7.1 policy\n",
  ])
  func `a notice whose null envelope sender was lost on the way`(mail: String) {
    let found = standardClassifier.classify(crlf("To: me@our.example\n" + mail))
    #expect(found.kind == .bounce)
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
  }

  @Test func `an apostrophe before an address is none of it`() {
    let text = "La boîte d'ann@there.example est inconnue.\n"
    let found = standardClassifier.classify(
      crlf(Notice("", from: "MAILER-DAEMON@there.example", subject: "Undelivered Mail", .hard, text).mail))
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
  }

  @Test(arguments: Notice.delays + Notice.delaysWorldwide)
  func delay(notice: Notice) {
    let found = standardClassifier.classify(crlf(notice.mail))
    #expect(found.kind == .delay)
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
    #expect(found.recipients.allSatisfy { $0.action == .delayed })
  }

  @Test(arguments: [
    "Subject: Nieobecność w biurze: Hello",
    "Subject: Re: Hello\nAuto-Submitted: auto-replied",
    "Subject: I will be out of the office until 5 January",
    "Subject: Please confirm your message\nX-Delivery-Agent: TMDA/1.1",
    "Subject: Re: Hello [verification required]\nX-Boxbe-Notification: 1",
  ])
  func `automatic replies and challenges`(header: String) {
    let found = standardClassifier.classify(
      crlf("From: Ann <ann@there.example>\nTo: me@our.example\n\(header)\n\nBack soon."))
    #expect(found.kind == .autoReply, "\(found.why)")
  }
}
