import MailModel
import Testing

@testable import MailFormats

@Suite struct BounceVerdictTests {
  private static let cases: [(String, String?, BounceReason)] = [
    ("550 5.1.1 <a@b.example>: Recipient address rejected: User unknown in local table", "5.1.1", .userUnknown),
    ("550 5.1.1 <a@b.example>... Mailbox full", "5.1.1", .mailboxFull),
    ("552 5.2.2 The user is over quota", "5.2.2", .mailboxFull),
    ("550 5.7.1 Service unavailable, client host [192.0.2.1] blocked using zen", "5.7.1", .blocked),
    ("550 5.7.1 message content rejected as spam", "5.7.1", .spam),
    ("550 5.7.1 Relaying denied", "5.7.1", .relaying),
    ("550 5.7.1 the user's email quota exceeded", "5.7.1", .mailboxFull),
    ("550 5.7.1 refused", "5.7.1", .policy),
    ("450 4.2.1 The user is receiving mail too quickly", "4.2.1", .rateLimited),
    ("550 5.7.26 fails DMARC policy", "5.7.26", .authenticationFailed),
    ("550 5.7.25 no PTR record for your address", "5.7.25", .missingPTR),
    ("554 5.4.4 Host not found", "5.4.4", .hostUnknown),
    ("451 4.4.4 Host not found", "4.4.4", .networkError),
    ("451 4.1.1 user unknown", "4.1.1", .systemError),
    ("552 5.3.4 message size exceeds fixed limit", "5.3.4", .messageTooLarge),
    ("550 5.7.1 your message contains a virus", "5.7.1", .virus),
    ("SMTP error from remote mail server after MAIL FROM:<x@y.example>: 550 does not exist", nil, .senderRejected),
    ("SMTP error after initial connection: 554 no such domain here", nil, .blocked),
    ("550 5.2.1 the account is disabled", "5.2.1", .suspended),
    ("550 5.7.0 Recipient address rejected: not today", "5.7.0", .securityError),
    ("550 5.6.0 Recipient address rejected: media error", "5.6.0", .contentRefused),
    ("556 5.1.10 recipient domain has a null MX", "5.1.10", .nullMX),
    ("550 5.1.1 RCP-P2 http://postmaster.facebook.com/x Refused due to recipient preferences", "5.1.1", .filtered),
    ("550 5.1.1 RCP-P1 http://postmaster.facebook.com/x Recipient does not exist", "5.1.1", .userUnknown),
    ("554 5.7.1 POL-P1 http://postmaster.facebook.com/x", "5.7.1", .blocked),
    ("550 5.4.300 Message expired -> 451 4.7.500 Server busy, your IP", "5.4.300", .expired),
    ("no valid MX hosts found", nil, .hostUnknown), ("550 sender domain has no valid MX", nil, .senderRejected),
    ("delivery time expired", "4.4.7", .expired),
    ("", "5.1.1", .userUnknown), ("", "5.1.2", .hostUnknown), ("", "4.4.1", .expired), ("", "5.0.0", .undefined),
    ("550 ???", "5.0.0", .undefined), ("", nil, .undefined),
  ]

  @Test(arguments: cases)
  func reason(diagnostic: String, status: String?, expected: BounceReason) {
    let code = status.flatMap { EnhancedStatus($0) }
    let verdict = BounceVerdict(diagnostic: bytes(diagnostic), notice: [], status: code, rules: standardRules)
    #expect(verdict.reason == expected, "\(verdict.rule)")
  }

  @Test func `a generic 5.0.0 alone never makes an address dead`() {
    for text in ["", "550 error", "554 transaction failed", "550 5.0.0 administrative reasons"] {
      let verdict = BounceVerdict(
        diagnostic: bytes(text), notice: [], status: EnhancedStatus(5, 0, 0), rules: standardRules)
      #expect(verdict.reason.bounceClass != .hard, "\(text): \(verdict.rule)")
    }
  }

  @Test func `a notice about a full mailbox outweighs an unknown user in the fields`() {
    let verdict = BounceVerdict(
      diagnostic: bytes("550 5.1.1 user unknown"), notice: bytes("Your message was rejected: mailbox full"),
      status: EnhancedStatus(5, 1, 1), rules: standardRules)
    #expect(verdict.reason == .mailboxFull)
  }

  @Test func `the words in an address say nothing about it`() {
    let verdict = BounceVerdict("550 <mailbox.full-spam@there.example>: no such user", rules: standardRules)
    #expect(verdict.reason == .userUnknown)
    #expect(verdict.line == "550 <mailbox.full-spam@there.example>: no such user")
  }

  @Test(
    arguments: [
      ("550 5.1.1 x", "5.1.1"), ("(#5.7.1)", "5.7.1"), ("a 4.2.2.", "4.2.2"), ("host 5.1.1.2 said", nil),
      ("v15.1.1", nil),
      ("5.1", nil), ("5.1.1@x.example", nil), ("6.1.1", nil), ("5.1234.1", nil), ("550-5.1.10-x", "5.1.10"), ("", nil),
    ])
  func `a status code is found where it stands alone`(input: String, expected: String?) {
    #expect(StatusText.first(in: bytes(input)[...])?.description == expected)
  }

  @Test(arguments: [
    ("a", true), ("e", false), ("ab", true), ("b ", true), ("ba", false), ("b c", true), ("d宛", true), ("ab cd宛", true),
    ("cd宛ab", false), ("ab cd宛 ", false),
  ])
  func `a folded text has the phrases that stand in it, however short they are`(phrase: String, isThere: Bool) {
    #expect(FoldedText(bytes("AB  CD宛")).contains(bytes(phrase)) == isThere)
  }

  @Test(arguments: [
    ("ПОЛЬЗОВАТЕЛЬ Ёж, ЂЯ", "пользователь ёж, ђя"), ("ÄÖÜ×ß ÅÉ", "äöü×ß åé"), ("ΑΩ ΠΣ", "αω πσ"),
    ("ŚWIĘTO ŽLUŤOUČKÝ", "święto žluťoučký"), ("宛先 A", "宛先 a"),
  ])
  func `texts are folded to lower case in the alphabets that have one`(text: String, folded: String) {
    #expect(String(decoding: FoldedText(bytes(text)).bytes, as: UTF8.self) == folded)
  }
}
