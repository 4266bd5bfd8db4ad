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
    "550 Command RCPT User <ann@there.example> not OK", "550 User not a member of domain",
    "503 All recipients are invalid",
    "550 sorry, that recipient doesn't exist (#5.7.1)", "550 553 lookup in domain map failed",
    "553 Recipient mailbox is not allowed",
    "Sorry, I couldn't find a mail exchanger or IP address. (#5.4.4)",
    "550 all host address lookups failed permanently",
    "550 http://mail.i.ua/err/2/", "550 5.1.1 RCP-P1 http://postmaster.facebook.com/x",
  ]
  private static let hardWorldwide = [
    "550 Uživatel neexistuje", "550 Nie ma takiego użytkownika", "550 La casella non esiste",
    "550 Mailbox bestaat niet",
    "550 Brugeren findes ikke", "550 Käyttäjää ei löydy", "550 Kullanıcı bulunamadı", "550 Utilizatorul nu există",
    "550 Пользователь не зарегистрирован", "550 Такого ящика нет", "550 няма такъв потребител", "550 없는 사용자입니다",
    "550 Không tồn tại người dùng", "550 Pengguna tidak ditemukan", "550 O utilizador não existe",
    "550 No user with that name", "550 Böyle bir kullanıcı yok", "550 המשתמש אינו קיים", "550 L'usuari no existeix",
    "550 Nie ma takiej skrzynki", "550 Usuário não listado no Diretório", "550 Domino ディレクトリにありません",
    "550 account is unknown",
    "550 Invalid subscriber number", "550 No mail servers appear to exist for there.example",
    "550 ann is not known at there.example", "550 mailbox <ann@there.example> unknown",
  ]
  private static let blockWorldwide = [
    "554 您的IP被列入黑名单", "550 Mittente rifiutato", "550 Отправитель отклонен", "550 Mittente non esiste",
    "550 Absender unbekannt", "550 发件人不存在", "550 Remetente não existe", "550 Nachricht abgelehnt",
  ]
  private static let softWorldwide = [
    "550 Пощенската кутия е пълна", "550 5.1.1 address is on our suppression list",
    "550 5.1.1 The provider has suppressed sending to this address: invalid address", "Cuenta suspendida",
    "550 Compte bloqué", "550 Konto zablokowane", "550 unable to create Maildir: disk error",
  ]
  private static let block = [
    "550 Error: no valid recipients from 192.0.2.1", "554 ESMTP not accepting connections",
    "550 extreme bad ip profile",
    "550 server ip 192.0.2.1 listed as abusive", "550 badsendermx", "550 can't determine Purported Responsible Address",
    "550 sender has an outgoing mail suspension", "550 our system has detected that this message is likely unwanted",
    "550 rejecting banned content", "550 protocol violation", "550 this message contain invalid MIME headers",
    "550 5.0.0 <ann@there.example>: Recipient address rejected: Policy violation",
    "554 <ann@there.example>: Recipient address rejected: Access denied",
    "421 Service not available, closing transmission channel", "550 Connection reset by peer during result wait",
    "550 domain there.example mismatches client ip", "550 see http://spf.pobox.com/why.html", "550 Address rejected",
    "550 we don't handle mail for there.example", "550 not local host there.example, not a gateway",
    "Connected to 192.0.2.1 but greeting failed.", "550 le groupe n'existe pas https://groups.google.com/support/",
    "554 5.1.0 charter AUP#I-1220", "554 5.1.0 cox AUP#CXBL", "550 5.1.1 DNS-P3 http://postmaster.facebook.com/x",
    "550 http://mail.i.ua/err/10/", "421 4.7.0 [TSS04] deferred due to unexpected volume or user complaints",
    "554 Message filtered by outbound scanning", "550 Content reject. F1", "550 Specified domain is not allowed",
    "550 Requested action not taken: mail IsCNAPF76kMDARUY is rejected", "553 This route requires encryption (TLS)",
    "550 5.x.0 - Message bounced by administrator (delivery attempts: 0)",
    "550 Messages without To: fields are not accepted", "550 Verification failed for <us@our.example>",
    "521 5.2.1 :  we will not accept delivery of this message.", "550 IP 192.0.2.1 is UBL listed.",
    "550 tls required but not supported", "550 recipient refuses to accept your mail",
  ]
  private static let soft = [
    "554 5.2.0 STOREDRV.Deliver.Exception:StoreDriverAgentTransientException; x",
    "454 4.7.0 TLS not available due to local problem", "Temporary error - connect to host \"mx\"; gave up.",
    "550 archived recipient", "550 Boite du destinataire archivee. OFR_417", "550 diskspace quota",
    "550 it encountered an error while being processed", "550 recipient deferred because there is no mdb",
    "550 system config error", "550 Unrouteable mail domain", "550 please try again slower",
    "550 all hosts have been failing for a long time", "550 server did not respond",
    "550 5.4.4 SMTPSEND.DNS.NonExistentDomain; nonexistent domain",
    "550 5.1.1 INT-P7 http://postmaster.facebook.com/x", "552 5.1.0 charter AUP#O-1530", "550 http://mail.i.ua/err/4/",
    "550 Le compte du destinataire est bloque. LPN007_426", "550 Bad address syntax",
    "550 Mailaddress is administrativly disabled",
    "550 mailbox unavailable (not enough free space)", "554 id=1 - Temporary MTA failure on relaying",
    "550 Benutzer hat zuviele Mails auf dem Server", "550 Mailbox space not enough", "553 can not open new email file",
    "554 MX list for there.example. points back to mx.our.example",
    "550 <ann@there.example>... User account not activated",
    "No valid route to destination", "Could not deliver for the last 432000 seconds. Giving up.",
    "554 Mailbox unavailable or access denied", "550 angle-brackets nested too deep",
    "No MX found for destination", "Delivery failed 20 attempts: ann@there.example", "quota-issues",
    "Message could not be delivered for 5 days", "550 mailbox temporarily unavailable",
    "550 5.4.0 the DNS records for the destination computer could not be found",
  ]

  private static let answers: [(String, BounceClass)] = {
    let lists: [(BounceClass, [String])] = [
      (.hard, hard), (.hard, hardWorldwide), (.block, block), (.block, blockWorldwide), (.soft, soft),
      (.soft, softWorldwide),
    ]
    return lists.flatMap { expected, answers in answers.map { ($0, expected) } }
  }()

  @Test(arguments: answers)
  func `an answer says what the address is worth`(answer: String, expected: BounceClass) {
    let verdict = BounceVerdict(answer, rules: standardRules)
    #expect(verdict.reason.bounceClass == expected, "\(verdict.rule): \(verdict.reason)")
  }

  @Test(arguments: [
    "550 Message moved to quarantine", "550 sender not in my allow list", "550 Your host name is unknown",
    "550 Your domain does not exist", "554 The domain c.example is not in our list of relays",
    "550 Not in our relay domains",
    "535 5.7.8 no such user for authentication", "550 SMTP AUTH: user unknown",
    "550 Temporary DNS failure: host not found",
    "550 This domain does not exist in our allowed senders list", "550 Your address does not exist in our contacts",
    "550 Client c.example does not exist in DNS", "550 Header From contains invalid address", "550 bad address family",
    "550 This domain is not allowed to send here", "550 Unknown error", "550 new address space required",
    "550 5.7.27 Sender address has null MX", "550 HELO host c.example does not exist", "554 no such domain in EHLO",
    "550 helo: no such host", "550 Message-ID domain does not exist", "550 return address unknown user",
    "550 Reply-To address does not exist", "550 The From: header is invalid: user does not exist",
    "550 MAIL FROM domain not found", "550 no such sender", "550 Unable to verify your address: user unknown",
    "550 Domain not found in our relay list", "550 Sender email is not in my domain", "550 no such file or directory",
  ])
  func `what is said of the sender or the message makes no address dead`(answer: String) {
    let verdict = BounceVerdict(answer, rules: standardRules)
    #expect(verdict.reason.bounceClass != .hard, "\(verdict.rule): \(verdict.reason)")
  }
}
