import MailFormats
import MailModel
import Testing

/// Notices without machine-readable parts, in the ways that mailers write them.
@Suite struct NoticeTests {
  struct Notice: Sendable, CustomTestStringConvertible {
    let name: String
    let mail: String
    let recipients: [String]
    var status: String?
    let bounceClass: BounceClass
    var testDescription: String { name }
  }

  private static let returned =
    "Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\nReturn-Path: <me@our.example>\nFrom: me@our.example\nTo: ann@there.example\nMessage-ID: <orig@our.example>\nSubject: Hello\n\nHi"

  private static let notices = [
    Notice(
      name: "qmail",
      mail: """
        Return-Path: <>
        From: MAILER-DAEMON@mx.there.example
        To: me@our.example
        Subject: failure notice

        Hi. This is the qmail-send program at mx.there.example.
        I'm afraid I wasn't able to deliver your message to the following addresses.

        <ann@there.example>:
        192.0.2.7 does not like recipient.
        Remote host said: 550 sorry, no mailbox here by that name (#5.1.1)

        --- Below this line is a copy of the message.

        \(returned)
        """, recipients: ["ann@there.example"], status: "5.1.1", bounceClass: .hard),
    Notice(
      name: "Exim",
      mail: """
        X-Failed-Recipients: ann@there.example, bob@there.example
        Auto-Submitted: auto-replied
        From: Mail Delivery System <Mailer-Daemon@our.example>
        To: me@our.example
        Subject: Mail delivery failed: returning message to sender

        A message that you sent could not be delivered to one or more of its recipients.

          ann@there.example
            host mx [192.0.2.1]: 552 5.2.2 mailbox full
          bob@there.example
            Unrouteable address

        ------ This is a copy of the message, including all the headers. ------

        \(returned)
        """, recipients: ["ann@there.example", "bob@there.example"], status: "5.2.2", bounceClass: .soft),
    Notice(
      name: "old sendmail",
      mail: """
        From: Mail Delivery Subsystem <MAILER-DAEMON@our.example>
        To: me@our.example
        Subject: Returned mail: see transcript for details

           ----- The following addresses had permanent fatal errors -----
        <ann@there.example>
            (reason: 550 5.7.1 Your host is listed at bl.example)

           ----- Original message follows -----

        \(returned)
        """, recipients: ["ann@there.example"], status: "5.7.1", bounceClass: .block),
    Notice(
      name: "Exchange",
      mail: """
        From: System Administrator <postmaster@there.example>
        To: me@our.example
        Subject: Undeliverable: Hello
        Content-Type: multipart/mixed; boundary=b

        --b
        Content-Type: text/plain

        Your message
          To:      someone@else.example
          Subject: Hello
        did not reach the following recipient(s):

        ann@there.example on Fri, 20 Jul 2001 11:08:59 -0700
            The recipient name is not recognized
        --b
        Content-Type: message/rfc822

        \(returned)
        --b--
        """, recipients: ["ann@there.example"], bounceClass: .hard),
    Notice(
      name: "HTML only, Japanese subject",
      mail: """
        Return-Path: <>
        From: postmaster@there.example
        To: me@our.example
        Subject: =?iso-2022-jp?B?GyRCJWEhPCVrJSglaSE8REw6TxsoQg==?= Undeliverable
        Content-Type: text/html

        <html><style>p { x@y.example }</style><p>Delivery has failed to these recipients:</p><br>
        <b>&lt;ann@there.example&gt;</b><br>550 5.1.1 user unknown</html>
        """, recipients: ["ann@there.example"], status: "5.1.1", bounceClass: .hard),
  ]

  @Test(arguments: notices)
  func bounce(notice: Notice) {
    let found = standardClassifier.classify(crlf(notice.mail))
    #expect(found.kind == .bounce)
    #expect(found.recipients.map(\.finalRecipient) == notice.recipients)
    #expect(found.recipients.first?.bounceClass == notice.bounceClass, "\(found.why)")
    if let status = notice.status { #expect(found.recipients.first?.status?.description == status) }
    if notice.mail.contains("<orig@") { #expect(found.originalMessageID == "<orig@our.example>") }
  }

  @Test(arguments: [
    "THIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.\nDelivery to <ann@there.example> has been delayed.",
    "Your message to <ann@there.example> could not be delivered yet; we will continue to try for 3 days.",
  ])
  func `a delay is not a bounce`(body: String) {
    let found = standardClassifier.classify(
      crlf("From: MAILER-DAEMON@there.example\nTo: me@our.example\nSubject: Delivery problem\n\n\(body)"))
    #expect(found.kind == .delay)
    #expect(found.recipients.allSatisfy { $0.action == .delayed })
  }

  @Test(arguments: [
    "From: ann@example.com\nSubject: Re: Undeliverable mail\nIn-Reply-To: <1@x.example>\n\nI got \"550 user unknown\" for bob@example.com. Why?",
    "From: ann@example.com\nSubject: our mailer-daemon is broken\n\nMail could not be delivered to <bob@example.com>: user unknown",
    "From: ann@example.com\nSubject: FW: Mail delivery failed\n\n<bob@example.com>: 550 5.1.1 unknown user",
    "From: Newsletter <news@example.com>\nSubject: Never get rejected again\n\nDoes not exist elsewhere! 550 offers",
    "From: postmaster@example.com\nSubject: Successful Mail Delivery Report\n\nYour message was delivered to <bob@example.com>.",
    "From: list@example.com\nList-Id: <l.example.com>\nSubject: failure notice handling\n\nHow do I parse 550 5.1.1?",
    "",
  ])
  func `ordinary mail that talks about bounces is not one`(mail: String) {
    let kind = standardClassifier.classify(crlf(mail)).kind
    #expect(kind == .other || kind == .reply)
  }

  /// - Parameters:
  ///   - sender: envelope sender and From.
  ///   - text: what stands above the message that came back.
  private func returning(_ sender: (String, String), _ text: String, author: String = "me@our.example") -> ReportKind {
    standardClassifier.classify(
      crlf(
        "Return-Path: <\(sender.0)>\nFrom: \(sender.1)\nTo: me@our.example\nSubject: Your mail\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\n\(text)\n--o\nContent-Type: message/rfc822\n\nMessage-ID: <orig@our.example>\nFrom: \(author)\nTo: ann@there.example\n\nHello\n--o--\n"
      )
    ).kind
  }

  @Test func `whoever cannot be answered and returns our message, naming its addressee, tells of a failure`() {
    let (office, text) = (("", "postmaster@there.example"), "Wegen ann@there.example: das geht hier nicht.")
    #expect(returning(office, text) == .bounce)
    #expect(returning(office, "Wegen ben@there.example: das geht hier nicht.") == .other)
    #expect(returning(office, text, author: "you@their.example") == .other)
    #expect(returning(office, "Your mail to ann@there.example has been delivered.") == .other)
    #expect(returning(("ann@there.example", "Ann <ann@there.example>"), text) == .other)
    #expect(returning(("pm@there.example", "postmaster@there.example"), text) == .other)
  }

  @Test(arguments: [
    ("Mailgateway <no-reply@there.example>", "Die Annahme Ihrer E-Mail an ann@there.example wurde verweigert."),
    (
      "E-Mail-Sicherheit <sicher@there.example>",
      "Ihre E-Mail an ann@there.example wurde abgewiesen und nicht zugestellt."
    ),
    ("Passerelle de messagerie <p@there.example>", "Votre message à ann@there.example a été rejeté."),
    ("Some Email Appliance <x@there.example>", "The message you sent to ann@there.example was not delivered."),
  ])
  func `a gateway that returns our message with a word of a notice tells of a failure`(from: String, text: String) {
    #expect(returning(("", from), text) == .bounce)
    #expect(returning(("x@there.example", from), text) == .bounce)
    #expect(returning(("x@there.example", "Bob <bob@there.example>"), text) == .other)
    #expect(returning(("x@there.example", from), text, author: "you@their.example") == .other)
  }
}
