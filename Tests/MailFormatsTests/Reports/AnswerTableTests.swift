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
    "503 All recipients are invalid", "553 The mailbox is not in the accepted recipient list",
    "550 Adresse ungültig", "550 Geweigerd: dit adres bestaat niet", "550 Mottakeren finnes ikke",
    "550 Your email addressed to ann@there.example was rejected. The recipient address is not valid.",
    "550 sorry, that recipient doesn't exist (#5.7.1)", "550 553 lookup in domain map failed",
    "553 Recipient mailbox is not allowed",
    "Sorry, I couldn't find a mail exchanger or IP address. (#5.4.4)",
    "550 all host address lookups failed permanently",
    "550 RCPT (ann@there.example) dosen't exist",
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
    "550 Der Kollege ist nicht mehr im Unternehmen", "550 La persona ya no trabaja aquí",
    "550 El usuario no está registrado",
    "550 A címzett nem létezik", "550 找不到该用户", "550 メールボックスが存在しません", "550 Domaine inexistant",
    "550 recipient domain has no valid MX", "510 Bad email address", "553 5.0.0 Invalid destination address",
    "550 Account ann@there.example is unavailable", "550 Kein Mailkonto mit diesem Namen",
    "550 L'adresse du destinataire est erronée", "550 Benutzer unbekannt, zurück an Absender",
    "550 User unknown, returned to sender",
    "550 Destinataire inconnu, veuillez avertir l'expéditeur",
  ]
  private static let blockWorldwide = [
    "521 5.2.1 :  (CON:B1)  https://postmaster.aol.com/error-codes#554conb1", "554 DT:SPM 163 mx13,PcCowEAJ",
    "554 您的IP被列入黑名单", "550 Mittente rifiutato", "550 Отправитель отклонен", "550 Mittente non esiste",
    "550 Absender unbekannt", "550 发件人不存在", "550 Remetente não existe", "550 Nachricht abgelehnt",
    "550 Remitente bloqueado", "550 Nadawca zablokowany", "550 Gönderen engellendi", "550 Ваш IP заблокирован",
    "550 Meddelandet är skräppost", "550 Correo no deseado", "550 Votre adresse IP est sur une liste noire",
    "550 Anhang ist nicht erlaubt", "550 Bijlage niet toegestaan", "550 Лист відхилено", "550 Địa chỉ IP bị chặn",
    "550 Bloqueado por el destinatario", "550 Запрещено политикой", "550 Rejeté: réputation insuffisante",
    "550 Dieser Absender ist nicht erwünscht", "550 From domain does not have MX or A record",
    "550 accepts internal mail only",
  ]
  private static let softWorldwide = [
    "550 Пощенската кутия е пълна", "550 5.1.1 address is on our suppression list",
    "550 5.1.1 The provider has suppressed sending to this address: invalid address", "Cuenta suspendida",
    "550 Compte bloqué", "550 Konto zablokowane", "550 unable to create Maildir: disk error",
    "550 La cuenta está bloqueada", "550 Účet je deaktivován", "550 Fiók letiltva", "550 delivery retry limit reached",
    "550 In the queue for 3 days and is being returned", "550 Délai de livraison dépassé", "550 время ожидания истекло",
    "550 has reached the maximum number of messages", "550 error writing to mail store", "550 Interner Fehler",
    "550 brak miejsca", "550 maximum number of recipients exceeded",
    "550 5.5.0 Le compte du destinataire est bloque. The recipient account is blocked. OFR_115",
  ]
  /// As postmasters of the nineties wrote it by hand.
  private static let hardByHand = [
    "554 unable to route: no mail hosts for domain", "The ID is no longer a Members Club member ID.",
    "This person has left the university.",
    "She left no forwarding address.",
    "He is not with this company any more.", "We have no record of this user.", "Unrecognised O/R name",
    "1 (transferImpossible), 0 (unrecognisedORName)", "The addressee was not found in the directory",
    "The name does not match any of our accounts", "this alias is not defined here", "(Unknown system)",
    "Deze gebruiker bestaat niet meer", "Kein Benutzer dieses Namens", "La casella e' stata chiusa",
  ]
  private static let softByHand = [
    "Your mail is larger (12840 KB) than the limit of 5120 KB", "Message is too long", "too many unread messages",
    "A caixa postal excedeu o limite de espaço", "Skrzynka pelna", "gebruiker heeft zijn limiet overschreden",
    "The remote machine did not answer.", "The host is down", "the mail program failed with exit code 75",
  ]
  private static let blockByHand = [
    "Attachments of type .exe are not accepted.", "This address takes mail from members only", "invalid originator",
  ]
  private static let block = [
    "550 Error: no valid recipients from 192.0.2.1", "554 ESMTP not accepting connections",
    "550 extreme bad ip profile", "550 Reject by recipient domain", "550 Connection refused. IP blocked",
    "554 STOREDRV.Submission.Exception:CorruptDataException",
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
    "550 archived recipient", "550 5.5.0 Archived recipient LPN007_401", "554 HL:ITC 163 mx2",
    "550 Boite du destinataire archivee. OFR_417", "550 diskspace quota",
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
      (.soft, softWorldwide), (.hard, hardByHand), (.soft, softByHand), (.block, blockByHand),
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
    "550-Callback setup failed while verifying sender",
    "Originator: me@our.example", "452 file not found in the spool directory",
    "550 Domain not found in our relay list", "550 Sender email is not in my domain", "550 no such file or directory",
  ])
  func `what is said of the sender or the message makes no address dead`(answer: String) {
    let verdict = BounceVerdict(answer, rules: standardRules)
    #expect(verdict.reason.bounceClass != .hard, "\(verdict.rule): \(verdict.reason)")
  }

  @Test(arguments: [
    "550 Dominio desconocido: el remitente usa un dominio inexistente", "550 afzender: domein bestaat niet",
    "550 Absender: Domäne unbekannt", "550 L'expéditeur n'est pas enregistré", "550 O remetente não está cadastrado",
    "550 il dominio del mittente non è registrato", "550 发件人：域名不存在", "550 送信者: ドメインが見つかりません",
    "550 발신: 도메인이 존재하지 않습니다", "550 Feladó: a fiók nem létezik", "550 Отправитель: домен не существует",
    "550 su dominio no está registrado", "550 IP 地址不存在反向解析", "550 HELO 主机名不存在", "550 ваш домен не существует",
  ])
  func `nor does what is said of them in other languages`(answer: String) {
    let verdict = BounceVerdict(answer, rules: standardRules)
    #expect(verdict.reason.bounceClass != .hard, "\(verdict.rule): \(verdict.reason)")
  }
}
