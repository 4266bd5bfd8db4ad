import MailFormats
import MailModel
import Testing

@Suite struct ExplanationTests {
  private let mail = crlf(
    """
    From: MAILER-DAEMON@there.example
    Content-Type: multipart/report; report-type=delivery-status; boundary=b

    --b

    <ann@there.example>: host mx.there.example said:
      552 5.2.2 mailbox is over quota (in reply to RCPT TO command)
    --b
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mx.here.example
    Original-Envelope-Id: env-1

    Original-Recipient: rfc822; ann@alias.example
    Final-Recipient: rfc822; ann@there.example
    Action: failed
    Status: 5.2.2
    Remote-MTA: dns; mx.there.example
    Diagnostic-Code: smtp; 552 5.2.2 mailbox is over quota
    --b
    Content-Type: text/rfc822-headers

    Message-ID: <orig@our.example>
    --b--
    """)

  @Test func `an explanation names the kind, the recipient, the reason, the rule and the line`() {
    #expect(
      ClassificationExplanation(standardClassifier.classify(mail)).lines == [
        "bounce: RFC 3464 per-recipient fields, mailbox full (mailbox-full)",
        "  original Message-ID: <orig@our.example>", "  envelope id: env-1", "  reporting MTA: mx.here.example",
        "  ann@alias.example: failed, 5.2.2, soft, mailbox full", "    final recipient: ann@there.example",
        "    remote MTA: mx.there.example", "    rule: mailbox-full", "    line: 552 5.2.2 mailbox is over quota",
      ])
  }

  @Test func `the line that decided is the one in the notice when the fields say nothing`() {
    let found = standardClassifier.classify(
      crlf(
        "From: MAILER-DAEMON@there.example\nReturn-Path: <>\nSubject: failure notice\n\nSorry.\n\n<ann@there.example>:\nWe could not help:\n   550 No SUCH   user here.\nGoodbye.\n"
      ))
    #expect(found.recipients.first?.rule == "user-unknown")
    #expect(found.recipients.first?.evidence == "550 No SUCH   user here.")
  }
}
