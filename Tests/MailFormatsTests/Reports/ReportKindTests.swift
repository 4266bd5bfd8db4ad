import MailFormats
import MailModel
import Testing

@Suite struct ReportKindTests {
  private func report(_ fields: String, type: String = "message/delivery-status", returned: String = "")
    -> ClassifiedReport
  {
    standardClassifier.classify(
      crlf(
        """
        From: MAILER-DAEMON@there.example
        To: me+token@our.example
        Subject: report
        Auto-Submitted: auto-replied
        Content-Type: multipart/report; boundary=b

        --b

        see below
        --b
        Content-Type: \(type)

        \(fields)
        --b
        Content-Type: message/rfc822

        Message-ID: <orig@our.example>
        \(returned)
        x
        --b--
        """))
  }

  @Test(
    arguments: [
      ("failed", "5.1.1", ReportKind.bounce), ("failed", "4.4.7", .bounce), ("delayed", "4.4.1", .delay),
      ("delivered", "2.1.5", .other), ("relayed", "2.0.0", .other), ("expanded", "2.0.0", .other),
      ("Failed (bad)", "5.0.0", .bounce), ("expired", "4.4.7", .bounce), ("DELAYED", "4.0.0", .delay),
      ("temporary failure", "4.4.1", .delay), ("retrying", "4.4.1", .delay), ("warning", "4.4.1", .delay),
    ])
  func `the action decides, not the status: delayed is no bounce, failed with 4.x.x is final`(
    action: String, status: String, kind: ReportKind
  ) {
    let found = report(
      "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; ann@there.example\nAction: \(action)\nStatus: \(status)")
    #expect(found.kind == kind)
    #expect(found.recipients.count == 1)
    #expect(found.originalMessageID == "<orig@our.example>")
    #expect(found.tokenCandidates.contains("me+token@our.example"))
  }

  @Test func `of several returned messages the first is the one that failed`() {
    let found = report(
      "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; ann@there.example\nAction: failed\nStatus: 5.1.1",
      returned: "\nHello\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <other@our.example>\n")
    #expect(found.originalMessageID == "<orig@our.example>")
  }

  @Test func `who got the mail stands beside who did not, each with their own action`() {
    let found = report(
      """
      Reporting-MTA: dns; mx

      Final-Recipient: rfc822; ann@there.example
      Action: delivered
      Status: 2.1.5

      Final-Recipient: rfc822; ben@there.example
      Action: failed
      Status: 5.1.1
      """)
    #expect(found.kind == .bounce)
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example", "ben@there.example"])
    #expect(found.recipients.map(\.action) == [.delivered, .failed])
    #expect(found.recipients.map(\.bounceClass) == [nil, .hard])
  }

  @Test(arguments: [
    ("It will be retried until it is 5 days old.", ReportKind.delay),
    ("It was retried for 5 days. Giving up on it.", .bounce), ("It could not be delivered.", .bounce),
  ])
  func `where the action is missing, a temporary status waits only if the text says so`(text: String, kind: ReportKind)
  {
    let found = standardClassifier.classify(
      crlf(
        "From: MAILER-DAEMON@there.example\nSubject: Mail\nContent-Type: multipart/report; boundary=b\n\n--b\n\n\(text)\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; ann@there.example\nStatus: 4.4.1\n--b--\n"
      ))
    #expect(found.kind == kind)
  }

  @Test(arguments: [
    ("ann@there.example", "list@there.example"), ("list@there.example, Bob <bob@there.example>", "list@there.example"),
    ("nobody@there.example", "list@there.example"),
  ])
  func `of two addresses the one that we wrote to is the original`(to: String, given: String) {
    let found = report(
      "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; ann@there.example\nOriginal-Recipient: rfc822; \(given)\nAction: failed\nStatus: 5.1.1",
      returned: "To: \(to)\n")
    let expected = to == "ann@there.example" ? to : given
    #expect(found.recipients.map(\.originalRecipient) == [expected])
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
  }

  @Test func `the id that the sender gave wins over the one that a relay put in its place`() {
    let found = report(
      "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; ann@there.example\nAction: failed\nStatus: 5.1.1",
      returned: "X-Google-Original-Message-ID: <ours@our.example>\n")
    #expect(found.originalMessageID == "<ours@our.example>")
  }

  @Test(arguments: [
    "Reporting-MTA: dns; mx\nFinal-Recipient: rfc822; ann@there.example\nAction: failed\nStatus: 5.1.1",
    "Reporting-MTA: dns; mx\n\n\n\nFinal-Recipient: <ann@there.example>\nAction: failed\nStatus: 5.1.1 (unknown)",
    "junk line\nFinal-Recipient: RFC822;ann@there.example\nAction: failed\nDiagnostic-Code: smtp; 550 5.1.1 gone",
    "Action: failed\nStatus: 5.1.1\nOriginal-Recipient: rfc822; ann@there.example",
    "Final-Recipient: rfc822; \"ann@there.example\"\nStatus: 5.1.1",
    "Final-Recipient: rfc822; ann@there.example\n\nAction: failed\n\nStatus: 5.1.1\n\nDiagnostic-Code: smtp; 550 gone",
    "Final-Recipient: rfc822; ann@there.example (Ann Lee)\nAction: failed\nStatus: 5.1.1",
    "Final-Recipient: rfc822; SMTP:ann@there.example\nAction: failed\nStatus: 5.1.1",
    "Final-Recipient: rfc822; mailto:ann@there.example\nAction: failed\nStatus: 5.1.1",
    "Final-Recipient: rfc822; ann@there.example, bob@there.example\nAction: failed\nStatus: 5.1.1",
    "   Final-Recipient: rfc822; ann@there.example\n   Action: failed\n   Status: 5.1.1",
    "Final-Recipient: local; x\nX-Actual-Recipient: rfc822; ann@there.example\nAction: failed\nStatus: 5.1.1",
  ])
  func `sloppy fields give up what they have`(fields: String) {
    let found = report(fields)
    #expect(found.kind == .bounce)
    #expect(found.recipients.compactMap { $0.finalRecipient ?? $0.originalRecipient } == ["ann@there.example"])
    #expect(found.recipients.first?.status == EnhancedStatus(5, 1, 1))
  }

  @Test(arguments: [
    "message/xdelivery-status", "message/x-delivery-status",
    "text/plain; name=status.txt\nContent-Disposition: attachment",
  ])
  func `status fields under another type`(type: String) {
    for head in ["", "Arrival-Date: Mon, 1 Jan 2024 00:00:00 +0000\nReporting-MTA: dns; mx\n\n"] {
      let found = report("\(head)Final-Recipient: rfc822; ann@there.example\nAction: failed\nStatus: 5.1.1", type: type)
      #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
      #expect(found.recipients.first?.status == EnhancedStatus(5, 1, 1))
    }
  }

  @Test(
    arguments: [
      ("Status: 552 Mailbox full", BounceClass.soft), ("Status: 5.0.0\nDiagnostic-Code: x-unix; 73", .soft),
    ])
  func `what stands in for the answer of a server`(fields: String, bounceClass: BounceClass) {
    let found = report("Final-Recipient: rfc822; ann@there.example\nAction: failed\n\(fields)")
    #expect(found.recipients.first?.bounceClass == bounceClass)
  }

  @Test func `two recipients without an empty line between them stay two`() {
    let found = report(
      "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822; b@x.example\nAction: delayed\nStatus: 4.2.2"
    )
    #expect(found.recipients.map(\.finalRecipient) == ["a@x.example", "b@x.example"])
    #expect(found.recipients.map(\.action) == [.failed, .delayed])
    let record = ClassificationRecord(file: "f", report: found)
    #expect(record.recipients == ["a@x.example"])
  }

  @Test(
    arguments: [
      ("abuse", ReportKind.complaint), ("fraud", .complaint), ("opt-out", .complaint), ("Abuse", .complaint),
      ("auth-failure", .other), ("not-spam", .other), ("dmarc", .other),
    ])
  func `only complaints of people count, RFC 5965 and RFC 6591`(type: String, kind: ReportKind) {
    let found = report(
      "Feedback-Type: \(type)\nUser-Agent: x/1\nOriginal-Rcpt-To: <ann@there.example>", type: "message/feedback-report")
    #expect(found.kind == kind)
    #expect(found.feedbackType == type.lowercased())
  }

  @Test func `a disposition notification is neither bounce nor reply`() {
    let found = report(
      "Final-Recipient: rfc822; a@x.example\nDisposition: automatic-action/MDN-sent-automatically; failed",
      type: "message/disposition-notification")
    #expect(found.kind == .other)
  }

  @Test func `an empty line in a group takes nothing from the next recipient`() {
    let found = report(
      "Final-Recipient: rfc822; a@x.example\n\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; b@x.example\nAction: delayed\nStatus: 4.2.2"
    )
    #expect(found.recipients.map(\.finalRecipient) == ["a@x.example", "b@x.example"])
    #expect(found.recipients.map(\.action) == [.failed, .delayed])
  }

  @Test func `a category stands in for the answer that a mailer left out`() {
    let found = report(
      "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.0.0\nX-PowerMTA-BounceCategory: quota-issues")
    #expect(found.recipients.first?.bounceClass == .soft)
  }

  @Test(
    arguments: [
      ("Subject: Automatically rejected mail", "deleted", ReportKind.bounce),
      ("Auto-Submitted: auto-replied (rejected)", "deleted", .bounce), ("Subject: Not read: Hello", "deleted", .other),
      ("Subject: Automatically rejected mail", "displayed", .other),
    ])
  func `a filter of a mailbox that refused says so, RFC 5429`(field: String, disposition: String, kind: ReportKind) {
    let found = standardClassifier.classify(
      crlf(
        """
        From: ann@there.example
        To: me@our.example
        \(field)
        Content-Type: multipart/report; report-type=disposition-notification; boundary=b

        --b

        No mail from you. There is no such user for you.
        --b
        Content-Type: message/disposition-notification

        Reporting-UA: mx; Sieve
        Final-Recipient: rfc822; ann@there.example
        Original-Message-ID: <orig@our.example>
        Disposition: automatic-action/MDN-sent-automatically; \(disposition)
        --b--
        """))
    #expect(found.kind == kind)
    guard kind == .bounce else { return }
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
    #expect(found.recipients.first?.bounceClass == .block, "the mailbox exists")
    #expect(found.originalMessageID == "<orig@our.example>")
  }

  @Test func `a report in a report tells both ids, and the token of the message that was sent`() {
    let inner =
      "From: MAILER-DAEMON@there.example\nMessage-ID: <dsn@there.example>\nContent-Type: multipart/report; boundary=i\n\n--i\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; ann@there.example\nAction: failed\nStatus: 5.1.1\n\n--i\nContent-Type: message/rfc822\n\nReturn-Path: <me+token@our.example>\nX-Postroom-Token: abc\nMessage-ID: <orig@our.example>\n\nx\n--i--"
    let found = standardClassifier.classify(
      crlf(
        "From: Mail Delivery Subsystem <MAILER-DAEMON@gateway.example>\nTo: me@our.example\nSubject: Returned mail: User unknown\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nSee below.\n--o\nContent-Type: message/rfc822\n\n\(inner)\n--o--"
      ))
    #expect(found.kind == .bounce)
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
    #expect(found.originalMessageID == "<dsn@there.example>")
    #expect(found.enclosedMessageID == "<orig@our.example>")
    #expect(found.ownHeader == "abc")
    #expect(found.tokenCandidates.contains("me+token@our.example"))
  }

  @Test func `a complaint that is forwarded as a whole is one`() {
    let found = report("x", type: "text/plain", returned: "To: ann@there.example\n")
    #expect(found.kind != .complaint)
    let complaint = standardClassifier.classify(
      crlf(
        "From: staff@provider.example\nTo: abuse@our.example\nSubject: complaint about message from 192.0.2.1\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nFrom: me@our.example\nTo: ann@there.example\nMessage-ID: <orig@our.example>\n\nHi\n--b--"
      ))
    #expect(complaint.kind == .complaint)
    #expect(complaint.recipients.map(\.finalRecipient) == ["ann@there.example"])
    #expect(complaint.originalMessageID == "<orig@our.example>")
  }

  @Test(
    arguments: [
      ("Auto-Submitted: auto-replied", ReportKind.autoReply), ("X-Autoreply: yes", .autoReply),
      ("Precedence: auto_reply", .autoReply), ("Subject: Out of Office: back on Monday", .autoReply),
      ("Subject: Re: Automatic reply: hi", .autoReply), ("Subject: Automatische Antwort: hi", .autoReply),
      ("Auto-Submitted: no", .other), ("Auto-Submitted: auto-generated", .other), ("Subject: hello", .other),
      ("Return-Path: <>\nIn-Reply-To: <m@our.example>", .autoReply),
      ("X-MS-Exchange-Inbox-Rules-Loop: ann@there.example", .autoReply),
      ("In-Reply-To: <m@our.example>", .reply), ("References: <a@x> <m@our.example>", .reply),
    ])
  func `automatic replies, replies and the rest`(field: String, kind: ReportKind) {
    #expect(
      standardClassifier.classify(crlf("From: ann@there.example\nTo: me@our.example\n\(field)\n\ntext")).kind == kind)
  }

  @Test func `a report of SpamCop is a complaint`() {
    let found = standardClassifier.classify(
      crlf(
        "From: 123@reports.spamcop.net\nTo: abuse@our.example\nSubject: [SpamCop (192.0.2.1) id:1]mail\n\n[ Offending message ]\nReceived: from a by b\nFrom: us@our.example\nMessage-ID: <m@our.example>\nSubject: Hello\n"
      ))
    #expect(found.kind == .complaint)
    #expect(found.originalMessageID == "<m@our.example>")
  }

  @Test func `an SES notification is read inside its SNS envelope`() {
    let inner =
      #"{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\",\"bouncedRecipients\":[{\"emailAddress\":\"ann@there.example\",\"status\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550 5.1.1 user unknown\"}]},\"mail\":{\"messageId\":\"0100-1\"}}"#
    let found = standardClassifier.classify(
      crlf(
        "From: no-reply@sns.example\nSubject: AWS Notification Message\n\n{ \"Type\": \"Notification\", \"Message\": \"\(inner)\" }\n--\nunsubscribe"
      ))
    #expect(found.kind == .bounce)
    #expect(found.recipients.first?.finalRecipient == "ann@there.example")
    #expect(found.recipients.first?.bounceClass == .hard)
    #expect(found.originalMessageID == "<0100-1>")
  }

  @Test(arguments: [
    // SES tells its own opinion beside what the server said, and alone where no report came.
    ("Transient", "MailboxFull", "", BounceClass.soft, "mailbox full"),
    ("Transient", "MessageTooLarge", "", .soft, "message too large"),
    ("Transient", "CustomTimeoutExceeded", "", .soft, "delivery time expired"),
    ("Transient", "ContentRejected", "", .block, "content refused"),
    // An absence notice is one, too.
    ("Transient", "General", "", .unknown, "reason not known"),
    ("Undetermined", "Undetermined", "", .unknown, "reason not known"),
    ("Permanent", "General", "", .hard, "user unknown"),
    ("Permanent", "OnAccountSuppressionList", "", .soft, "on the provider's suppression list"),
    ("Permanent", "NoEmail", "", .unknown, "reason not known"),
    // The server's word stands above it.
    ("Permanent", "General", #","status":"5.2.2","diagnosticCode":"552 mailbox full""#, .soft, "mailbox full"),
    ("Permanent", "General", #","status":"5.0.0","diagnosticCode":"554 zzz""#, .unknown, "reason not known"),
    ("Transient", "MailboxFull", #","diagnosticCode":"554 zzz""#, .soft, "mailbox full"),
    ("Transient", "General", #","status":"5.1.1","diagnosticCode":"550 user unknown""#, .soft, "user unknown"),
  ])
  func `the bounce type of SES counts where nothing else says why`(
    type: String, subtype: String, said: String, bounceClass: BounceClass, reason: String
  ) {
    let event =
      #"{"notificationType":"Bounce","bounce":{"bounceType":"\#(type)","bounceSubType":"\#(subtype)","bouncedRecipients":[{"emailAddress":"ann@there.example"\#(said)}]},"mail":{"messageId":"0100-1"}}"#
    let found = standardClassifier.classify(crlf("Subject: SES bounce\n\n\(event)"))
    #expect(found.kind == .bounce && found.recipients.first?.bounceClass == bounceClass)
    #expect(found.recipients.first?.reason == reason)
    if said.isEmpty, bounceClass != .unknown { #expect(found.recipients.first?.evidence == "\(type) \(subtype)") }
  }

  @Test func `the record for scripts has stable keys`() throws {
    let record = ClassificationRecord(
      file: "a.eml", report: report("Final-Recipient: rfc822; ann@there.example\nAction: failed\nStatus: 5.1.1"))
    #expect(record.kind == "bounce")
    #expect(record.status == "5.1.1")
    #expect(record.bounceClass == "hard")
    #expect(record.messageID == "<orig@our.example>")
    #expect(ClassificationRecord(file: "r", report: ClassifiedReport(kind: .reply)).kind == "other")
  }

  @Test func `what the record tells of one recipient is of the same one`() {
    let found = report(
      "Final-Recipient: rfc822; a@x.example\nAction: failed\nDiagnostic-Code: smtp; 550 no such user\n\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.2.2\n"
    )
    let record = ClassificationRecord(file: "f", report: found)
    #expect(record.recipients == ["a@x.example", "b@x.example"])
    #expect(record.status == nil)
    #expect(record.bounceClass == "hard")
  }

  @Test(arguments: [
    ("ann+2Bnews@there.example", "ann+news@there.example"), ("b+2Bann+3Dx@there.example", "b+ann=x@there.example"),
    ("ann+news@there.example", "ann+news@there.example"),
  ])
  func `an original recipient is read as it was before it travelled`(field: String, address: String) {
    let found = report(
      "Original-Recipient: rfc822;\(field)\nFinal-Recipient: rfc822;ann@there.example\nAction: failed\nStatus: 5.1.1")
    #expect(found.recipients.map(\.originalRecipient) == [address])
  }
}
