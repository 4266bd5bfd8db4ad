import MailFormats
import MailModel
import Testing

/// What mailers and filters tell the owner of a mailbox, about that mailbox or about a mail that did not come in there.
@Suite struct ReaderNoticeTests {
  private func report(_ subject: String, _ text: String, from: String) -> ClassifiedReport {
    standardClassifier.classify(
      crlf("Return-Path: <>\nFrom: \(from)\nTo: Me <me@our.example>\nSubject: \(subject)\n\n\(text)\n"))
  }

  private static let senders = [
    "MAILER-DAEMON@our.example", "Postmaster <postmaster@our.example>", "Content filter <postmaster@mx.our.example>",
  ]

  @Test(arguments: [
    (
      "Mailbox quota warning",
      "Your mailbox is 93 % full.\n\nAccount: me@our.example\n\nLater mail is refused (552 5.2.2 over quota)."
    ),
    ("Your mailbox is over quota", "your mailbox me@our.example is over quota. Messages are deferred."),
    ("Mailbox full", "Ihr Postfach me@our.example ist voll. Neue Nachrichten konnten nicht zugestellt werden."),
    ("Over quota", "me@our.example: over quota, 2048 of 2000 MB"),
  ])
  func `about a full mailbox of the reader's own`(subject: String, text: String) {
    for sender in Self.senders {
      let found = report(subject, text, from: sender)
      #expect(found.kind == .other, "\(sender): \(found.why)")
    }
  }

  @Test(arguments: [
    (
      "VIRUS (Test-1) in mail TO YOU from <x@there.example>",
      "A virus was found.\n\nThe message WAS NOT delivered to: <me@our.example>:\n250 2.7.0 discarded"
    ),
    ("BANNED contents in mail TO YOU", "The mail from x@there.example was not delivered to: me@our.example"),
    (
      "VIRUS in mail TO YOU",
      "The message was not delivered to: <me@our.example>\n\nOriginator:\n\n  x@there.example"
    ),
    (
      "Mail quarantined",
      "A message addressed to you was blocked:\n\nSender: x@there.example\n\nIt could not be delivered to your inbox."
    ),
    ("Message blocked", "A message sent to you by x@there.example was rejected: 550 5.7.1 virus"),
  ])
  func `about a mail that somebody sent to the reader`(subject: String, text: String) {
    for sender in Self.senders.dropFirst() {
      let found = report(subject, text, from: sender)
      #expect(found.kind == .other, "\(sender): \(found.why)")
    }
    let spam =
      "\n--- Original message ---\nReceived: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\nFrom: x@there.example\nTo: me@our.example\nMessage-ID: <1@there.example>\nSubject: x\n"
    #expect(report(subject, text + spam, from: Self.senders[2]).kind == .other)
  }

  @Test(arguments: [
    ("VIRUS in mail apparently from you", "The message you sent was not delivered to: <ann@there.example>"),
    ("Undelivered mail", "ann@there.example: 552 5.2.2 over quota\n\nThis notice is a mail to you only."),
    ("Undelivered mail", "Your mailbox sent a message to ann@there.example: mailbox full"),
  ])
  func `about somebody else it is a bounce`(subject: String, text: String) {
    for sender in Self.senders {
      let found = report(subject, text, from: sender)
      #expect(found.kind == .bounce, "\(sender): \(found.why)")
      #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
    }
  }

  @Test func `whoever writes to their own address and has it back has a bounce`() {
    let returned =
      "\n--- Original message ---\nReceived: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\nFrom: me@our.example\nTo: me@our.example\nMessage-ID: <1@our.example>\nSubject: x\n"
    let found = report(
      "Undelivered mail", "Your mailbox is over quota:\n\nme@our.example\n\(returned)", from: Self.senders[0])
    #expect(found.kind == .bounce)
    #expect(found.originalMessageID == "<1@our.example>")
  }
}
