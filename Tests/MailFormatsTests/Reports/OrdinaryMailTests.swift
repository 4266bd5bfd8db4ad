import MailFormats
import MailModel
import Testing

/// Mail that speaks of failed deliveries and is none: from people, lists, shops, monitors.
@Suite struct OrdinaryMailTests {
  struct Mail: Sendable, CustomTestStringConvertible {
    let name: String
    let header: String
    let text: String
    var testDescription: String { name }
  }

  private static let fields = """
    Reporting-MTA: dns; mx.there.example

    Final-Recipient: rfc822; ann@there.example
    Action: failed
    Status: 5.1.1
    Diagnostic-Code: smtp; 550 5.1.1 user unknown

    """
  private static let quoted = """
    I'm sorry to have to inform you that your message could not
    be delivered to one or more recipients.

    <ann@there.example>: host mx.there.example said: 550 5.1.1 user unknown

    """

  private static let mails = [
    Mail(
      name: "a colleague who forwards a short notice without a word",
      header: "From: Bob <bob@our.example>\nSubject: Fwd: Delivery Status Notification (Failure)",
      text:
        "---------- Forwarded message ----------\nFrom: Mail Delivery Subsystem <mailer-daemon@there.example>\nTo: bob@our.example\n\nDelivery to the following recipient failed permanently:\n\n     ann@there.example\n\n550 5.1.1 User unknown"
    ),
    Mail(
      name: "a question to a list about a notice that it quotes",
      header: "From: Bob <bob@our.example>\nSubject: Mail delivery failed: returning message to sender -- why?",
      text:
        "since yesterday our users get this:\n\n> A message that you sent could not be delivered to one or more of its\n> recipients. This is a permanent error. The following address(es) failed:\n>\n>   ann@there.example\n>     SMTP error from remote mailer after RCPT TO: 550 user unknown\n\nSince when?\nBob"
    ),
    Mail(
      name: "a shop's program about an order",
      header: "From: Shop <mailer@shop.example>\nSubject: Your order could not be sent",
      text: "Your order could not be sent, as the address of ann@there.example is not valid."),
    Mail(
      name: "an alert of a program", header: "From: SMTP Server <smtp@app.example>\nSubject: Alert: message not sent",
      text: "Job 17 could not reach ann@there.example: host not found"),
    Mail(
      name: "a newsletter from bounce@", header: "From: News <bounce@news.example>\nSubject: Our spring offers",
      text: "Fill your mailbox with 500 offers, no such prices elsewhere."),
    Mail(
      name: "a newsletter about bounces from bounce@",
      header:
        "From: Weekly <bounce+1@news.example>\nSubject: Undeliverable? How to read it\nList-Unsubscribe: <https://news.example>",
      text: "Your message could not be delivered to\nann@there.example\n550 5.1.1 user unknown. What now?"),
    Mail(
      name: "an administrator who rejects",
      header: "From: Administrator <administrator@there.example>\nSubject: Expense claim rejected",
      text: "Your claim of May was rejected.\nApprover: ann@there.example"),
    Mail(
      name: "the same by a program",
      header: "From: Administrator <administrator@there.example>\nSubject: Expense claim rejected",
      text: "Your claim of May was automatically rejected.\nApprover: ann@there.example"),
    Mail(
      name: "a question of a postmaster with a code",
      header: "From: Postmaster <postmaster@there.example>\nSubject: Our ticket",
      text: "Our ticket #5.1 is about ann@there.example, who sees #5.1.1 now and then.\n\n(#5.1.1) is a code."),
    Mail(
      name: "a bounce forwarded in the text",
      header: "From: Bob <bob@there.example>\nSubject: Fwd: Undelivered Mail Returned to Sender",
      text: "Can you help?\n\n\(quoted)\n\(fields)"),
    Mail(
      name: "a question with the fields of a bounce", header: "From: Bob <bob@there.example>\nSubject: a question",
      text: "Our server says\n\n\(fields)\nWhy?"),
    Mail(
      name: "an answer with the fields of a bounce",
      header: "From: Bob <bob@there.example>\nSubject: Your mail\nIn-Reply-To: <1@our.example>",
      text: "Our server says\n\n\(fields)\nWhy?"),
    Mail(
      name: "a list that talks about bounces",
      header: "From: Bob <bob@there.example>\nSubject: Delivery failure notices\nList-Id: <list.our.example>",
      text: "I keep getting\n\n\(quoted)\nDoes anybody know?"),
    Mail(
      name: "an answer of a postmaster",
      header:
        "From: Postmaster <postmaster@there.example>\nSubject: Re: Undelivered Mail Returned to Sender\nIn-Reply-To: <1@our.example>",
      text: "This is fixed now.\n\n> \(quoted.replacing("\n", with: "\n> "))"),
    Mail(
      name: "a ticket about a bounce",
      header: "From: Postmaster <postmaster@there.example>\nSubject: [Ticket#99] Undelivered Mail Returned to Sender",
      text: "We look at why your mail to\n\nann@there.example\n\nis not delivered."),
    Mail(
      name: "a receipt of sendmail", header: "From: MAILER-DAEMON@there.example\nSubject: Return receipt",
      text:
        "   ----- The following addresses had successful delivery notifications -----\n<ann@there.example>  (in mailbox)"
    ),
    Mail(
      name: "a quota warning",
      header: "From: System Administrator <admin@there.example>\nSubject: Your mailbox is almost full",
      text: "Your mailbox has used 90 % of its quota."),
    Mail(
      name: "an announcement",
      header: "From: Administrator <administrator@our.example>\nSubject: Mail delivery on Sunday",
      text: "On Sunday your mailbox moves."),
    Mail(
      name: "a parcel", header: "From: Parcels <noreply@parcels.example>\nSubject: Delivery failed: we missed you",
      text: "Your parcel could not be delivered to 5 Main Street. It was returned to the depot."),
    Mail(
      name: "a parcel that is late",
      header: "From: Parcels <noreply@parcels.example>\nSubject: Your delivery is delayed",
      text: "Your parcel has been delayed. We will try again tomorrow. No action is required."),
    Mail(
      name: "a shop that speaks of parcels",
      header: "From: Shop <bounce@shop.example>\nSubject: Delivery problems? Free shipping!",
      text: "If your parcel could not be delivered, we refund you."),
    Mail(
      name: "an office about a maintenance",
      header: "From: Postmaster <postmaster@our.example>\nSubject: Mail server maintenance",
      text: "On Sunday mail will be delayed."),
    Mail(
      name: "a swindler", header: "From: Mail Admin <admin@phish.example>\nSubject: Undelivered messages: 5 pending",
      text: "You have 5 undelivered messages. Your mailbox is full. Click here."),
    Mail(
      name: "a swindler who names only the reader, as a delivery system",
      header:
        "From: Mail Delivery System <noreply@phish.example>\nSubject: (3) Undelivered messages for me@our.example",
      text: "Your mailbox me@our.example has 3 undelivered messages. Click here."),
    Mail(
      name: "a swindler who names only the reader, as a postmaster",
      header: "From: Postmaster <admin@phish.example>\nSubject: me@our.example: Mailbox full",
      text: "Messages could not be delivered to me@our.example. Verify now."),
    Mail(
      name: "a swindler who greets the reader, as a server",
      header: "From: Mail Server <support@phish.example>\nSubject: Mail delivery failed: returning message to sender",
      text: "Dear me@our.example,\n\n5 messages could not be delivered to your inbox. https://phish.example/550"),
    Mail(
      name: "a bank", header: "From: Bank <noreply@bank.example>\nSubject: Verification required",
      text: "Your code is 123456"),
    Mail(
      name: "a bounce notice of a list server",
      header: "From: list-bounces@lists.example\nSubject: Bounce action notification\nList-Id: <l.example>",
      text: "Member: ann@there.example\nReason: Excessive or fatal bounces."),
    Mail(
      name: "a monitor", header: "From: nagios@our.example\nSubject: PROBLEM: smtp CRITICAL",
      text: "550 user unknown; mailbox full"),
    Mail(
      name: "a log summary", header: "From: logwatch@mx.our.example\nSubject: Logwatch for mx",
      text: "2 x 5.1.1 user unknown\n<ann@there.example>: 550 5.1.1 user unknown, could not be delivered"),
    Mail(
      name: "a question under a bounce's subject",
      header: "From: Bob <bob@there.example>\nSubject: Undelivered Mail Returned to Sender",
      text: "Why did I get this?\n\n\(quoted)\n\(fields)"),
    Mail(
      name: "a letter under a bounce's subject",
      header: "From: Bob <bob@there.example>\nSubject: Mail delivery failed when I write to you",
      text: "Hello,\n\n\(quoted)\n\(fields)"),
    Mail(
      name: "a question in German", header: "From: Bob <bob@there.example>\nSubject: Unzustellbar",
      text: "Guten Tag,\nmeine Mail an ann@there.example konnte nicht zugestellt werden: 550 5.1.1.\nViele Grüße"),
    Mail(
      name: "a bounce forwarded in Chinese",
      header: "From: Bob <bob@there.example>\nSubject: 转发：系统退信", text: "\(quoted)\n\(fields)"),
    Mail(
      name: "a bounce forwarded in Russian",
      header: "From: Bob <bob@there.example>\nSubject: Пересл: Недоставленное сообщение",
      text: "\(quoted)\n\(fields)"),
    Mail(
      name: "a bounce that a postmaster forwards",
      header: "From: Postmaster <postmaster@there.example>\nSubject: Fwd: Undelivered Mail Returned to Sender",
      text: "Please look into this.\n\n\(quoted)\n\(fields)"),
    Mail(
      name: "an administrator about bounces",
      header: "From: Administrator <administrator@there.example>\nSubject: Bounces yesterday",
      text: "Dear all,\n\nmail to ann@there.example was rejected with 550 5.1.1 user unknown.\n\nRegards"),
    Mail(
      name: "an answer written above a bounce",
      header: "From: Bob <bob@there.example>\nSubject: RE: Undeliverable: Hi\nIn-Reply-To: <1@our.example>",
      text:
        "It works now.\n\nDelivery has failed to these recipients:\nann@there.example\n550 5.1.1 user unknown"),
    Mail(
      name: "an error of a web site",
      header: "From: WordPress <wordpress@site.example>\nSubject: [Site] Email delivery error",
      text: "The mail could not be delivered to ann@there.example: 550 5.1.1 user unknown"),
    Mail(
      name: "an issue of a tracker",
      header:
        "From: Bob (Jira) <jira@there.example>\nSubject: [JIRA] (MAIL-550) Mail delivery failed: returning message",
      text: "Bob created MAIL-550:\n\n\(quoted)\n\(fields)"),
    Mail(
      name: "Postfix to its postmaster",
      header:
        "From: Mail Delivery System <MAILER-DAEMON@mx.our.example>\nSubject: Postfix SMTP server: errors from x[192.0.2.3]",
      text: "Out: 550 5.1.1 <ann@our.example>: Recipient address rejected: User unknown"),
    Mail(
      name: "Exim to its postmaster",
      header: "From: Mail Delivery System <Mailer-Daemon@mx.our.example>\nSubject: Message 1abc-0 frozen",
      text: "Message 1abc-0 has been frozen.\n\n  ann@there.example: Unrouteable address"),
    Mail(
      name: "a newsletter about delivery",
      header: "From: Mail Delivery Tips <news@tips.example>\nSubject: Mail delivery failed? 5 tips",
      text: "Did your message bounce? 550 5.1.1 means the user is unknown."),
    Mail(
      name: "a postmaster's newsletter",
      header: "From: Postmaster <postmaster@isp.example>\nSubject: Changes to delivery status notifications",
      text: "Undeliverable messages are rejected with 550 5.1.1. Contact postmaster@isp.example."),
    Mail(
      name: "a courier", header: "From: Courier <noreply@courier.example>\nSubject: Delivery Status Notification",
      text: "Your parcel 550 123 could not be delivered to the recipient. Address not found: 5 Main Street."),
    Mail(
      name: "a quota warning of Exchange",
      header:
        "From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@there.example>\nSubject: Your mailbox is almost full.",
      text: "1.9 GB of 2 GB\n\nPlease reduce your mailbox size."),
    Mail(
      name: "a swindler who calls himself a daemon",
      header: "From: MAILER-DAEMON <x@phish.example>\nSubject: Action required: mailbox",
      text: "Your mailbox is full. Click here."),
    Mail(
      name: "a meeting about failures, without envelope sender",
      header: "Return-Path: <>\nFrom: Bob <bob@there.example>\nSubject: Meeting Forward Notification: Delivery failure",
      text: "Your meeting was forwarded to:\n\nann@there.example"),
    Mail(
      name: "a shop without envelope sender",
      header: "Return-Path: <>\nFrom: Shop <shop@there.example>\nSubject: Your order was rejected",
      text: "Your order 5.5.0 was rejected by the bank."),
    Mail(
      name: "a mailing about absences",
      header:
        "From: Shop <shop@there.example>\nSubject: Out of office: 20 % off\nList-Unsubscribe: <https://shop.example>",
      text: "Buy now."),
    Mail(
      name: "a person called Daemon", header: "From: Mark Daemon <mdaemon@there.example>\nSubject: lunch",
      text: "See you at 12 in room 550. No such luck yesterday."),
  ]

  @Test(arguments: mails)
  func `is no bounce`(mail: Mail) {
    let found = standardClassifier.classify(crlf("\(mail.header)\nTo: me@our.example\n\n\(mail.text)"))
    #expect(found.kind == .other || found.kind == .reply, "\(found.why)")
    #expect(found.recipients.isEmpty)
  }

  @Test(arguments: [
    "Subject: Re: Hello\nIn-Reply-To: <x@our.example>", "Subject: Mailbox no longer in use",
    "Subject: Re: Hello\nIn-Reply-To: <x@our.example>\nAuto-Submitted: auto-replied",
  ])
  func `whom an absent person refers to has not bounced`(header: String) {
    let found = standardClassifier.classify(
      crlf(
        "Return-Path: <>\nFrom: Bob <bob@there.example>\nTo: me@our.example\n\(header)\n\nYour message was not delivered to Bob, who has left. Please write to\n\nann@there.example\n"
      ))
    #expect(found.kind != .bounce, "\(found.why)")
    #expect(found.recipients.isEmpty)
  }

  @Test(arguments: [
    "Automatic reply: Delivery problem with order 550\nAuto-Submitted: auto-replied",
    "Out of office: Re: delivery status of your parcel",
  ])
  func `an absence notice that quotes our subject is no bounce`(subject: String) {
    let found = standardClassifier.classify(
      crlf(
        "Return-Path: <>\nFrom: Bob <bob@there.example>\nTo: me@our.example\nSubject: \(subject)\n\nI'm away; my mailbox is read by ann@there.example."
      ))
    #expect(found.kind == .autoReply, "\(found.why)")
  }

  @Test func `a forwarded report whose parts came along is no bounce`() {
    let found = standardClassifier.classify(
      crlf(
        """
        From: Bob <bob@there.example>
        To: me@our.example
        Subject: Fwd: failure notice
        Content-Type: multipart/mixed; boundary=b

        --b

        see below
        --b
        Content-Type: message/delivery-status

        \(Self.fields)
        --b--
        """))
    #expect(found.kind == .other, "\(found.why)")
  }

  @Test(arguments: ["text/plain", "application/octet-stream"])
  func `fields in an attached text count under a notice's subject, and not in what people pass on`(type: String) {
    func found(_ header: String) -> ClassifiedReport {
      standardClassifier.classify(
        crlf(
          """
          \(header)
          To: me@our.example
          Content-Type: multipart/mixed; boundary=b

          --b

          Sorry.
          --b
          Content-Type: \(type); name=details.txt
          Content-Disposition: attachment; filename=details.txt

          \(Self.fields)
          --b--
          """))
    }
    let notice = found("From: Mail Delivery System <mailer-daemon@mx.there.example>\nSubject: Undelivered Mail")
    #expect(notice.kind == .bounce)
    #expect(notice.recipients.map(\.finalRecipient) == ["ann@there.example"])
    #expect(found("From: Bob <bob@there.example>\nSubject: a log").kind == .other)
    #expect(found("From: Bob <bob@there.example>\nSubject: Fwd: Undelivered Mail").kind == .other)
  }

  @Test func `a notice with nothing but its statement and the address is one, whoever sent it`() {
    let found = standardClassifier.classify(
      crlf(
        "From: gateway@there.example\nTo: me@our.example\nSubject: RE: Hello : non remis\n\nYour message could not be delivered to\nann@there.example\n"
      ))
    #expect(found.kind == .bounce)
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
  }

  @Test func `fields in the text count under a notice's subject, whoever the gateway says it is`() {
    let found = standardClassifier.classify(
      crlf(
        "From: noreply@gateway.example\nTo: me@our.example\nSubject: Delivery Status Notification (Failure)\n\nSorry.\n\n\(Self.fields)\n"
      ))
    #expect(found.kind == .bounce)
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
  }

  @Test func `a challenge that returns the message is no notice`() {
    let found = standardClassifier.classify(
      crlf(
        "From: Mail Gateway <gateway@there.example>\nTo: me@our.example\nSubject: Your mail to Ann\n\nYour mail to ann@there.example has not been delivered. Please verify that you are a real person.\n\(Notice.returned)"
      ))
    #expect(found.kind != .bounce, "\(found.why)")
  }
}
