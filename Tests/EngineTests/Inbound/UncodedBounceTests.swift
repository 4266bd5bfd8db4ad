import MailModel
import Storage
import Testing

@testable import Engine

/// Bounces whose server gave no enhanced status code are counted, and found, as such.
@Suite struct UncodedBounceTests {
  @Test func `the pattern without a code lists its bounces`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["gone@there.invalid"])[0]
    let mailbox = FakeMailbox()
    mailbox.put(
      Array(
        """
        From: MAILER-DAEMON@there.invalid\r
        To: \(try place.tokenAddress(id))\r
        Subject: failure notice\r
        \r
        Your message could not be delivered to this address:\r
        <gone@there.invalid>: no such user\r

        """.utf8))
    try place.scan(mailbox)
    let (patterns, uncoded, coded) = try place.store.read { transaction in
      (
        try transaction.bouncePatterns.top(.code, since: place.open.clock.now() - .hours(1), limit: 9),
        try transaction.bounces.page(Filter("code:none", .bounces).bounces(at: place.open.clock.now())).rows,
        try transaction.bounces.page(Filter("code:5", .bounces).bounces(at: place.open.clock.now())).rows
      )
    }
    #expect(patterns.map(\.value) == ["none"])
    #expect(uncoded.map(\.recipient) == ["gone@there.invalid"])
    #expect(coded.isEmpty)
  }
}
