import Foundation
import MailModel
import Testing

@testable import Sandbox

/// The sandbox as Python's smtplib, imaplib and email see it.
@Suite(.enabled(if: Python.isPresent)) struct PythonTests {
  private static let send = """
    import smtplib, sys
    s = smtplib.SMTP('127.0.0.1', int(sys.argv[1]), timeout=60)
    for number, to in enumerate(sys.argv[2:]):
        mail = ('From: News <news@postroom.invalid>\\r\\nTo: <%s>\\r\\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\\r\\n'
                'Message-ID: <m%d@postroom.invalid>\\r\\n\\r\\nHello\\r\\n.dot\\r\\n' % (to, number))
        s.sendmail('bounces+tok%d@postroom.invalid' % number, [to], mail, mail_options=['BODY=8BITMIME'])
    print(s.quit()[0])
    """

  /// Prints one line for each report: what a reader needs to act on it.
  private static let read = """
    import imaplib, sys, email, email.policy
    m = imaplib.IMAP4('127.0.0.1', int(sys.argv[1]), timeout=60)
    m.login('reports@postroom.invalid', 'rehearsal')
    m.select('INBOX', readonly=True)
    for uid in m.uid('SEARCH', 'ALL')[1][0].split():
        data = m.uid('FETCH', uid, '(UID RFC822.SIZE INTERNALDATE FLAGS BODY.PEEK[])')[1]
        raw = data[0][1]
        assert b'RFC822.SIZE %d ' % len(raw) in data[0][0], data[0][0]
        assert imaplib.Internaldate2tuple(data[0][0]) is not None, data[0][0]
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        parts = [p.get_content_type() for p in mail.walk()]
        assert not any(p.defects for p in mail.walk()), [p.defects for p in mail.walk()]
        line = [mail.get_content_type(), str(mail.get_param('report-type')), mail['Delivered-To'], mail['Return-Path']]
        for part in mail.walk():
            if part.get_content_type() == 'message/delivery-status':
                fields = part.get_payload()[1]
                line += [fields['Action'], fields['Status'], fields['Final-Recipient']]
            if part.get_content_type() == 'message/feedback-report':
                text = part.as_string()
                line += [l for l in text.splitlines() if l.startswith(('Feedback-Type', 'Original-Rcpt-To'))]
            if part.get_content_type() == 'text/rfc822-headers':
                line.append(email.message_from_string(part.get_payload())['Message-ID'])
        line += [mail[h] for h in ('Auto-Submitted', 'In-Reply-To', 'Subject') if mail[h]]
        print('|'.join(line))
    m.logout()
    """

  @Test func reportsReachTheMailboxOfTheEnvelopeSender() async throws {
    let (sandbox, smtp, imap) = try quickSandbox()
    defer { sandbox.stop() }
    let recipients = ["ok.1", "bounce-5.1.1.1", "delay", "complain.2", "autoreply", "reply"].map { $0 + "@d.invalid" }
    let sent = try await Python.run(Self.send, ["\(smtp)"] + recipients)
    #expect(sent == "221")
    #expect(sandbox.record.acceptedCount == 6)
    #expect(sandbox.record.doubledMessageIDs.isEmpty)
    #expect(try await eventually { sandbox.record.reportsUnderway == 0 })
    #expect(sandbox.record.reportsDelivered == 5)
    let output = try await Python.run(Self.read, ["\(imap)"])
    let lines = output.split(separator: "\n").sorted()
    let dsn = "multipart/report|delivery-status|"
    let expected = [
      "\(dsn)bounces+tok1@postroom.invalid|<>|failed|5.1.1|rfc822; bounce-5.1.1.1@d.invalid|<m1@postroom.invalid>",
      "\(dsn)bounces+tok2@postroom.invalid|<>|delayed|4.4.1|rfc822; delay@d.invalid|<m2@postroom.invalid>",
      "multipart/report|feedback-report|bounces+tok3@postroom.invalid|<>|Feedback-Type: abuse|"
        + "Original-Rcpt-To: <complain.2@d.invalid>|<m3@postroom.invalid>",
      "text/plain|None|bounces+tok4@postroom.invalid|<>|auto-replied|<m4@postroom.invalid>|Auto: Grüße",
      "text/plain|None|news@postroom.invalid|<reply@d.invalid>|<m5@postroom.invalid>|Re: Grüße",
    ]
    #expect(lines.count == expected.count, "\(output)")
    for beginning in expected { #expect(lines.contains { $0.hasPrefix(beginning) }, "\(beginning)\n\(output)") }
  }

  @Test func nullSenderAndNotifyNeverCauseNoReport() async throws {
    let (sandbox, smtp, _) = try quickSandbox()
    defer { sandbox.stop() }
    let script = """
      import smtplib, sys
      s = smtplib.SMTP('127.0.0.1', int(sys.argv[1]), timeout=60)
      s.sendmail('', ['bounce-5.1.1@d.invalid'], 'Subject: a\\r\\n\\r\\nb')
      s.sendmail('a@b.invalid', ['bounce-5.1.1@d.invalid'], 'Subject: a\\r\\n\\r\\nb', rcpt_options=['NOTIFY=NEVER'])
      print(s.quit()[0])
      """
    #expect(try await Python.run(script, ["\(smtp)"]) == "221")
    #expect(sandbox.record.acceptedCount == 2)
    #expect(sandbox.record.reportsUnderway + sandbox.record.reportsDelivered == 0)
  }

  @Test func smtplibLogsInAndSeesRefusals() async throws {
    let (sandbox, smtp, _) = try quickSandbox { $0.smtpLogin = SandboxLogin(user: "u", password: "pä") }
    defer { sandbox.stop() }
    let script = """
      import smtplib, sys
      s = smtplib.SMTP('127.0.0.1', int(sys.argv[1]), timeout=60)
      s.ehlo()
      print(s.esmtp_features['auth'].split(), 'pipelining' in s.esmtp_features, s.esmtp_features['size'])
      for method in (s.auth_plain, s.auth_login):
          s.user, s.password = 'u', 'no'
          try: s.auth(method.__name__[5:].upper(), method)
          except smtplib.SMTPAuthenticationError as error: print(error.smtp_code)
      s.user, s.password = 'u', 'pw'
      s.auth('LOGIN', s.auth_login)
      s.mail('a@b.invalid')
      print(s.rcpt('reject-5.1.1@d.invalid')[0], s.rcpt('defer-4.2.2@d.invalid')[0], s.rcpt('busy-421@d.invalid')[0])
      """
    sandbox.configure { $0.smtpLogin = SandboxLogin(user: "u", password: "pw") }
    let output = try await Python.run(script, ["\(smtp)"])
    #expect(output == "['PLAIN', 'LOGIN'] True 10485760\n535\n535\n550 452 421")
  }

  @Test func imaplibWorksTheMailbox() async throws {
    let (sandbox, _, imap) = try quickSandbox()
    defer { sandbox.stop() }
    for number in 1...3 { sandbox.deliver(Array("Subject: n\(number)\r\n\r\nA005 OK\r\nbody \(number)\r\n".utf8)) }
    let script = """
      import imaplib, sys
      m = imaplib.IMAP4('127.0.0.1', int(sys.argv[1]), timeout=60)
      try: m.login('reports@postroom.invalid', 'wrong')
      except imaplib.IMAP4.error as error: print('refused')
      m.authenticate('PLAIN', lambda challenge: b'\\0reports@postroom.invalid\\0rehearsal')
      print(m.status('INBOX', '(MESSAGES UNSEEN UIDNEXT)')[1][0].decode())
      print(m.select('INBOX'), m.uid('SEARCH', 'UNSEEN')[1])
      print(m.uid('FETCH', '1', '(BODY[]<9.2>)')[1][0][1], m.uid('SEARCH', 'UNSEEN', 'UID', '1:2')[1])
      print(m.uid('STORE', '2', '+FLAGS', '(\\\\Seen \\\\Deleted kw)')[1])
      print(m.uid('FETCH', '1:*', '(FLAGS)')[1])
      print(m.append('INBOX', '(\\\\Flagged)', None, b'Subject: n4\\r\\n\\r\\nx\\r\\n')[0], m.expunge()[1])
      print(m.uid('SEARCH', 'OR', 'FLAGGED', 'HEADER', 'Subject', '"N3"')[1], m.fetch('3', '(BODY[HEADER])')[1][0][1])
      import time
      today = time.strftime('%-d-%b-%Y', time.gmtime(time.time() - 86400))
      print(m.uid('SEARCH', 'SINCE', today)[1], m.uid('SEARCH', 'SINCE', '1-Jan-2100')[1])
      print(m.list()[1], m.noop()[0], m.close()[0], m.logout()[0])
      """
    let output = try await Python.run(script, ["\(imap)"])
    #expect(
      output.split(separator: "\n").map(String.init) == [
        "refused", "\"INBOX\" (MESSAGES 3 UNSEEN 3 UIDNEXT 4)", "('OK', [b'3']) [b'1 2 3']", "b'n1' [b'2']",
        "[b'2 (UID 2 FLAGS (\\\\Deleted \\\\Seen kw))']",
        "[b'1 (UID 1 FLAGS (\\\\Seen))', b'2 (UID 2 FLAGS (\\\\Deleted \\\\Seen kw))', b'3 (UID 3 FLAGS ())']",
        "OK [b'2']", "[b'3 4'] b'Subject: n4\\r\\n\\r\\n'", "[b'1 3 4'] [b'']",
        "[b'() \"/\" \"INBOX\"'] OK OK BYE",
      ], "\(output)")
    #expect(sandbox.mails().map(\.uid) == [1, 3, 4])
  }
}
