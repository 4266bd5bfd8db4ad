import MailModel
import Testing

@testable import MailFormats

/// What a server says of our own address or domain, in the words that it has for dead ones.
@Suite struct BouncePartiesTests {
  private static var parties: BounceParties {
    BounceParties(recipients: ["Ann@there.example"], senders: ["News@our.example"])
  }

  @Test(arguments: [
    ("550 <news@our.example>: no such user", BounceReason.userUnknown, true),
    ("550 <NEWS@OUR.EXAMPLE>: no such user", .userUnknown, true),
    ("550 <ann@there.example>: no such user", .userUnknown, false),
    ("550 no such user", .userUnknown, false),
    ("550 mail of news@our.example to ann@there.example: no such user", .userUnknown, false),
    ("550 no such user on out.our.example", .userUnknown, false),
    ("<ann@there.example>: host mx.there.example said: 550 <news@our.example> unknown", .userUnknown, true),
    ("ann@there.example\nhost mx.there.example [192.0.2.1]: 550 <news@our.example> unknown", .userUnknown, true),
    ("<ann@there.example>: host mx.there.example said: 550 user unknown", .userUnknown, false),
    ("550 no such domain: our.example", .hostUnknown, true),
    ("550 no such domain: there.example", .hostUnknown, false),
    ("550 no such domain", .hostUnknown, false),
  ])
  func `an answer is about the sender that it names`(answer: String, reason: BounceReason, expected: Bool) {
    #expect(Self.parties.isAboutSender(bytes(answer), reason: reason) == expected)
  }

  @Test func `nothing is told apart where a party is not known or both are the same`() {
    let own = BounceParties(recipients: ["news@our.example"], senders: ["news@our.example"])
    let unsent = BounceParties(recipients: ["ann@there.example"], senders: [])
    let unaddressed = BounceParties(recipients: [], senders: ["news@our.example"])
    for parties in [own, unsent, unaddressed, .none] {
      #expect(!parties.isAboutSender(bytes("550 <news@our.example>: no such user"), reason: .userUnknown))
    }
    let neighbours = BounceParties(recipients: ["ann@our.example"], senders: ["news@our.example"])
    #expect(!neighbours.isAboutSender(bytes("550 no such domain: our.example"), reason: .hostUnknown))
  }

  private func report(_ answer: String) -> ClassifiedReport {
    standardClassifier.classify(
      crlf(
        """
        From: MAILER-DAEMON@mx.here.example
        To: news@our.example
        Content-Type: multipart/report; report-type=delivery-status; boundary=b

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.here.example

        Final-Recipient: rfc822; ann@there.example
        Action: failed
        Status: 5.0.0
        Diagnostic-Code: smtp; \(answer)
        --b--
        """))
  }

  private func notice(_ answer: String) -> ClassifiedReport {
    standardClassifier.classify(
      crlf(
        """
        From: MAILER-DAEMON@mx.here.example
        To: bounce-17@our.example
        Subject: Undelivered Mail Returned to Sender

        <ann@there.example>: host mx.there.example[192.0.2.1] said: \(answer)

        ------ Undelivered message header ------
        From: News <news@our.example>
        To: ann@there.example
        Message-ID: <orig@our.example>
        """))
  }

  @Test func `a report kills no address by what it says of the sender`() {
    for reported in [report("550 <news@our.example>: user unknown"), notice("550 <news@our.example>: user unknown")] {
      #expect(reported.recipients.map(\.bounceClass) == [.block], "\(reported.why)")
      #expect(reported.recipients.first?.rule.hasSuffix(", but of the sender") == true)
    }
    for reported in [report("550 <ann@there.example>: user unknown"), notice("550 <ann@there.example>: user unknown")] {
      #expect(reported.recipients.map(\.bounceClass) == [.hard], "\(reported.why)")
    }
  }
}
