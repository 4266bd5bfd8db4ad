import MailModel
import Testing

@testable import MailFormats

/// Answers of servers by themselves: what they mean for the address.
@Suite struct AnswerTableTests {
  private static let hard = [
    "550 5.1.0 Address rejected.", "550 <ann@there.example> not found", "550 We could not find that mailbox",
    "550 user deleted", "550 Unrecognized recipient", "550 callback setup failed while verifying recipient",
    "550 is not an active address at this host", "550 не найден", "550 Empfänger existiert nicht",
    "550 bad destination email address", "550 no such name here", "550 user not here",
    "550 5.1.1 This account has been closed", "550 utente non trovato", "550 Receiver not found",
    "550 RESOLVER.ADR.RecipientNotFound; x", "550 the domain name does not appear to be registered", "bad-mailbox",
  ]
  private static let block = [
    "550 Error: no valid recipients from 192.0.2.1", "554 ESMTP not accepting connections",
    "550 extreme bad ip profile",
    "550 server ip 192.0.2.1 listed as abusive", "550 badsendermx", "550 can't determine Purported Responsible Address",
    "550 sender has an outgoing mail suspension", "550 our system has detected that this message is likely unwanted",
    "550 rejecting banned content", "550 protocol violation", "550 this message contain invalid MIME headers",
    "421 Service not available, closing transmission channel", "550 Connection reset by peer during result wait",
    "550 domain there.example mismatches client ip", "550 see http://spf.pobox.com/why.html", "550 Address rejected",
    "550 we don't handle mail for there.example", "550 not local host there.example, not a gateway",
    "Connected to 192.0.2.1 but greeting failed.", "550 le groupe n'existe pas https://groups.google.com/support/",
    "550 tls required but not supported", "550 recipient refuses to accept your mail",
  ]
  private static let soft = [
    "550 archived recipient", "550 Boite du destinataire archivee. OFR_417", "550 diskspace quota",
    "550 it encountered an error while being processed", "550 recipient deferred because there is no mdb",
    "550 system config error", "550 Unrouteable mail domain", "550 please try again slower",
    "550 all hosts have been failing for a long time", "550 server did not respond",
    "550 5.4.4 SMTPSEND.DNS.NonExistentDomain; nonexistent domain",
    "No MX found for destination", "Delivery failed 20 attempts: ann@there.example", "quota-issues",
    "Message could not be delivered for 5 days", "550 mailbox temporarily unavailable",
    "550 5.4.0 the DNS records for the destination computer could not be found",
  ]

  @Test(arguments: hard.map { ($0, BounceClass.hard) } + block.map { ($0, .block) } + soft.map { ($0, .soft) })
  func `an answer says what the address is worth`(answer: String, expected: BounceClass) {
    let verdict = BounceVerdict(answer, rules: standardRules)
    #expect(verdict.reason.bounceClass == expected, "\(verdict.rule): \(verdict.reason)")
  }
}
