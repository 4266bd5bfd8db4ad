import MailModel
import Testing

@testable import MailFormats

/// Answers whose words stand for several things: the reason, not only the class, must be the right one.
@Suite struct AnswerReasonTests {
  private static let addresses: [(String, BounceReason)] = [
    ("550 5.7.1 Recipient address rejected: this email address is marked as invalid", .userUnknown),
    ("550 No one with that name", .userUnknown), ("550 We do not handle mail for that user", .userUnknown),
    ("550 ann is not known to this server", .userUnknown),
    ("550 Benutzer ann nicht gefunden", .userUnknown), ("550 такого адреса нет", .userUnknown),
    ("554 dd This account is disabled or discontinued", .userUnknown), ("550 account is frozen", .suspended),
    ("550 cuenta inactiva", .suspended), ("550 closed due to inactivity", .suspended),
    ("501 5.1.3 Recipient address syntax is bad", .userUnknown),
    ("550 an SRV record indicated no SMTP service", .nullMX), ("550 the domain is obsolete", .hostUnknown),
  ]
  private static let resources: [(String, BounceReason)] = [
    ("550 all storage space has been used up", .mailboxFull), ("550 your partner's mail storage full", .mailboxFull),
    ("550 Error writing message: File too large", .mailboxFull), ("550 limit per connection reached", .rateLimited),
    ("451 RP:QRC please see the help page", .rateLimited), ("554 HL:REP please see the help page", .blocked),
    ("554 MI:SPF please see the help page", .senderRejected), ("550 load is too high here", .systemError),
    ("550 5.5.0 Authentification requise. OFR_402", .securityError),
  ]
  private static let languages: [(String, BounceReason)] = [
    ("550 Das Postfach ist überfüllt", .mailboxFull), ("550 la boite est saturée", .mailboxFull),
    ("550 ha superado su cuota", .mailboxFull), ("550 почтовый ящик заполнен", .mailboxFull),
    ("550 メールボックスがいっぱいです", .mailboxFull), ("550 메일함이 가득 찼습니다", .mailboxFull),
    ("550 storage allocation exceeded: message rejected", .mailboxFull), ("550 compte suspendu", .suspended),
    ("550 service for this account has been switched off", .suspended),
    ("550 No room left in the mailbox", .mailboxFull),
    ("550 delivery attempts exhausted", .expired), ("554 Internal processing failure", .systemError),
    ("554 mail identified as UCE", .spam), ("550 looks like advertising", .spam), ("550 macro found", .contentRefused),
    ("550 Date header in the future", .notCompliant), ("550 host name does not match IP", .missingPTR),
    ("550 Message exceeds the limit of 10 MB", .messageTooLarge),
    ("550 hourly quota for your host exceeded", .rateLimited),
    ("550 PTR lookup failure", .missingPTR), ("550 account is on hold", .suspended),
    ("550 Message size too large", .messageTooLarge),
    ("554 Nul character found", .notCompliant), ("550 header size exceeded", .notCompliant),
    ("550 classified as junk", .spam), ("550 Only subscribers can post", .senderRejected),
    ("550 You are not on the recipient's allow list", .senderRejected),
    ("550 cannot write: read-only file system", .systemError), ("550 hop limit reached", .networkError),
    ("421 mx.there.example (DNS:NR)", .missingPTR),
    ("550 user has been locked", .suspended), ("550 帐号被禁用", .suspended), ("550 スパムと判定", .spam),
    ("550 Nachricht enthält einen Virus", .virus), ("550 pièce jointe interdite", .contentRefused),
    ("550 country of origin not accepted here", .blocked), ("553 Sender is on user denylist", .filtered),
  ]
  private static let connections: [(String, BounceReason)] = [
    ("<ann@there.example>... Deferred: Connection refused by mx.there.example.", .networkError),
    ("<ann@there.example>... Deferred: Connection refused by [192.0.2.4].", .networkError),
    ("(reason: 4.4.1 Connection refused by mx.there.example)", .networkError),
    ("Connection was refused by the remote host mx.there.example (port 25).", .networkError),
    ("connect to mx.there.example[192.0.2.2]: Connection refused by peer", .networkError),
    ("554 your message had the virus Test-1", .virus),
    ("554 Connection refused by policy, your IP is listed", .blocked),
    ("Domain there.example has no DNS entry", .hostUnknown), ("550 user is not in the directory", .userUnknown),
    ("550 5.4.6 Unusual sending activity detected. Please try after sometime", .senderRejected),
    ("550 configuration file does not exist", .systemError), ("451 4.3.0 spam filter does not exist", .systemError),
    ("550 5.7.1 configuration file does not exist", .policy),
  ]
  private static let messages: [(String, BounceReason)] = [
    ("550 mailbox unavailable: rejected by policy", .policy),
    ("550 mailbox unavailable; your message was blocked", .policy),
    ("550 the file is password protected", .contentRefused),
    ("550 header with multiple Subject fields", .notCompliant),
    ("550 mail score too high", .spam), ("550 refused because of too many bounces", .blocked),
    ("550 hostname not found in reverse zone", .missingPTR),
  ]

  @Test(arguments: addresses + resources + languages + connections + messages)
  func `an answer has its reason`(answer: String, expected: BounceReason) {
    let verdict = BounceVerdict(answer, rules: standardRules)
    #expect(verdict.reason == expected, "\(verdict.rule)")
  }

  @Test(
    arguments: [
      ("550 5.1.1 recipient address temporarily suspended", .systemError),
      ("550 5.1.1 Zustellung nicht moeglich, bitte versuchen Sie es spaeter", .systemError),
      ("550 5.1.1 Veuillez reessayer plus tard", .systemError), ("550 5.1.1 попробуйте позже", .systemError),
      ("550 5.1.1 refused", .userUnknown), ("550 5.1.1 user unknown, try again later", .userUnknown),
    ] as [(String, BounceReason)])
  func `words that it will pass outweigh a code by itself`(answer: String, expected: BounceReason) {
    let verdict = BounceVerdict(answer, rules: standardRules)
    #expect(verdict.reason == expected, "\(verdict.rule)")
  }

  @Test(
    arguments: [
      ("500 no", .syntaxError), ("504 no", .syntaxError), ("530 no", .securityError), ("535 no", .securityError),
      ("552 no", .mailboxFull), ("556 no", .nullMX), ("450 no", .systemError), ("550 no", .undefined),
      ("554 no", .undefined), ("535 no such user", .securityError), ("530 5.1.1 no such user", .securityError),
      ("505 no", .undefined), ("529 no", .undefined), ("540 no such user", .userUnknown),
    ] as [(String, BounceReason)])
  func `a reply code tells what its text does not`(answer: String, expected: BounceReason) {
    let verdict = BounceVerdict(answer, rules: standardRules)
    #expect(verdict.reason == expected, "\(verdict.rule)")
  }
}
