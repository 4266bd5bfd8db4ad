import MailFormats
import MailModel
import Testing

/// Lines of Postfix logs, and lines that only look like them.
@Suite struct PostfixLogTests {
  private func parse(_ line: String) -> PostfixLogLine? { PostfixLogLine(Array(line.utf8)) }

  @Test func `the Message-ID of a mail that comes in`() throws {
    let line = try #require(
      parse("Nov 21 04:05:06 mx1 postfix/cleanup[812]: 4Fv3kR2dQz9: message-id=<a.1@sender.invalid>\n"))
    #expect(line.moment == .local(month: 11, day: 21, hour: 4, minute: 5, second: 6))
    #expect(line.host == "mx1")
    #expect(line.daemon == "cleanup")
    #expect(line.queueID == "4Fv3kR2dQz9")
    #expect(line.statement == .messageID("<a.1@sender.invalid>"))
  }

  @Test(arguments: [
    ("2026-11-21T04:05:06.123456+01:00", 1_795_230_306_123_456), ("2026-11-21T03:05:06Z", 1_795_230_306_000_000),
    ("2026-11-20T22:35:06-0430", 1_795_230_306_000_000), ("1969-12-31T23:59:59.5+00:00", -500_000),
  ])
  func `moments with an offset`(text: String, microseconds: Int64) throws {
    let line = try #require(
      parse("\(text) mx1 postfix/qmgr[1]: A1B2C3D4E5: from=<a@b.invalid>, size=2048, nrcpt=3 (queue active)"))
    #expect(line.moment == .exact(Timestamp(microseconds: microseconds)))
    #expect(line.statement == .queued(recipients: 3))
  }

  @Test(
    arguments: [
      (
        "Nov  1 04:05:06 MX1 postfix/smtp[9]: A1B2C3: to=<x@there.invalid>, relay=mx.there.invalid[192.0.2.1]:25, delay=0.5, delays=0/0/0.2/0.3, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 99)",
        "x@there.invalid", nil, "mx.there.invalid[192.0.2.1]:25", "2.0.0", "sent", "250 2.0.0 Ok: queued as 99"
      ),
      (
        "Nov 11 04:05:06 mx1 postfix-out/relay/smtp[9]: A1B2C3: to=<y@there.invalid>, orig_to=<x@here.invalid>, relay=none, conn_use=2, delay=5, delays=5/0/0/0, dsn=4.4.1, status=deferred (connect to there.invalid[192.0.2.2]:25: Connection refused)",
        "y@there.invalid", "x@here.invalid", "none", "4.4.1", "deferred",
        "connect to there.invalid[192.0.2.2]:25: Connection refused"
      ),
      (
        "Nov 11 04:05:06 mx1 postfix/local[9]: A1B2C3: to=<\"a, status=sent\"@there.invalid>, relay=local, delay=5, delays=5/0/0/0, dsn=5.1.1, status=bounced (unknown user: \"a\" status=sent)",
        "\"a, status=sent\"@there.invalid", nil, "local", "5.1.1", "bounced", "unknown user: \"a\" status=sent"
      ),
    ] as [(String, String, String?, String, String, String, String)])
  func `what came of a message`(
    text: String, recipient: String, original: String?, relay: String, dsn: String, status: String, words: String
  ) throws {
    let line = try #require(parse(text))
    #expect(line.host == "mx1")
    guard case .delivery(let delivery) = line.statement else {
      Issue.record("no delivery")
      return
    }
    #expect(delivery.recipient == recipient)
    #expect(delivery.originalRecipient == original)
    #expect(delivery.relay == relay)
    #expect(delivery.enhancedStatus == dsn)
    #expect(delivery.status == status)
    #expect(delivery.text == words)
  }

  @Test(arguments: [
    "", " ", "\n", "Nov", "Nov 21", "Nov 21 04:05:06", "Nov 21 04:05:06 mx1", "2026", "2026-11-21T04:05:06",
    "2026-13-21T04:05:06Z mx1 postfix/cleanup[1]: A1B2C3: message-id=<a@b>",
    "2026-11-21T04:05:06. mx1 postfix/cleanup[1]: A1B2C3: message-id=<a@b>",
    "2026-11-21T04:05:06+ mx1 postfix/cleanup[1]: A1B2C3: message-id=<a@b>",
    "Nov 41 04:05:06 mx1 postfix/cleanup[1]: A1B2C3: message-id=<a@b>",
    "Nov 21 24:05:06 mx1 postfix/cleanup[1]: A1B2C3: message-id=<a@b>",
    "Nov 21 04:05:06 mx1 exim/cleanup[1]: A1B2C3: message-id=<a@b>",
    "Nov 21 04:05:06 mx1 postfix/cleanup[1]: NOQUEUE; x: message-id=<a@b>",
    "Nov 21 04:05:06 mx1 postfix/cleanup[1]: A1: message-id=<a@b>",
    "Nov 21 04:05:06 mx1 postfix/cleanup[1]: A1B2C3: message-id=",
    "Nov 21 04:05:06 mx1 postfix/cleanup[1]: A1B2C3: resent-message-id=<a@b>",
    "Nov 21 04:05:06 mx1 postfix/cleanup[1]: A1B2C3: milter-reject: END-OF-MESSAGE from x; to=<a@b>, status=sent",
    "Nov 21 04:05:06 mx1 postfix/qmgr[1]: A1B2C3: removed",
    "Nov 21 04:05:06 mx1 postfix/qmgr[1]: A1B2C3: from=<a@b>, status=expired, returned to sender",
    "Nov 21 04:05:06 mx1 postfix/smtp[1]: A1B2C3: host x[1.2.3.4] said: 450 (in reply to RCPT TO command)",
    "Nov 21 04:05:06 mx1 postfix/smtp[1]: A1B2C3: to=<a@b>, relay=x, delay=1 (status=sent)",
    "Nov 21 04:05:06 mx1 postfix/smtp[1]: A1B2C3: to=<\"a@b>, relay=x, dsn=2.0.0, status=sent (ok)",
    "Nov 21 04:05:06 mx1 postfix/smtp[1]: A1B2C3: to=<a@b>, relay=x, dsn=2.0.0, status= (ok)",
  ])
  func `everything else says nothing`(line: String) {
    #expect(parse(line) == nil)
  }

  @Test func `hostile bytes are cut or passed over, never trapped on`() throws {
    let head = Array("Nov 21 04:05:06 mx1 postfix/cleanup[1]: A1B2C3: message-id=<".utf8)
    #expect(PostfixLogLine(head + [UInt8](repeating: 0x41, count: 20_000)) == nil)
    #expect(PostfixLogLine(head + [UInt8](repeating: 0x41, count: 2_000)) == nil)
    #expect(PostfixLogLine([UInt8](repeating: 0xFF, count: 300)) == nil)
    #expect(PostfixLogLine(head + [0xFF, 0x00, 0x1B, 0x3E]) != nil)
    // Every line cut anywhere, and with any byte changed.
    let whole = Array(
      "2026-11-21T04:05:06.1+01:00 mx1 postfix/smtp[9]: A1B2C3: to=<\"x\"@b.invalid>, orig_to=<y@b.invalid>, relay=m[192.0.2.1]:25, dsn=2.0.0, status=sent (ok)"
        .utf8)
    #expect(PostfixLogLine(whole) != nil)
    for index in whole.indices {
      _ = PostfixLogLine(whole[..<index])
      for byte: UInt8 in [0x00, 0x20, 0x22, 0x3E, 0xFF] {
        var changed = whole
        changed[index] = byte
        _ = PostfixLogLine(changed)
      }
    }
  }

  @Test(arguments: [
    ("2.0.0 Ok: queued as 4Fv3kR2dQz9", "4Fv3kR2dQz9"), ("Ok: queued as A1B2C3 (arrived)", "A1B2C3"),
    ("(250 queued as A1B2C)", "A1B2C"), ("queued as smtp.example.org", nil), ("queued as 0100018c-000000", nil),
    ("queued as A1B2", nil), ("queued as ", nil), ("Ok", nil),
  ])
  func `a reply to the final dot names a queue id of Postfix or none`(text: String, id: String?) {
    #expect(QueuedReply.queueID(text) == id)
  }
}
