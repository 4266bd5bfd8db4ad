import MailModel
import Testing

@testable import MailFormats

/// Answers with words that dead addresses have too, said of something else: the sender, a host, a command, a directory.
@Suite struct OtherThanAddressTests {
  private static let errors = [
    "550 Unbekannter Fehler", "550 Erreur inconnue", "550 error desconocido", "550 erro desconhecido",
    "550 errore sconosciuto", "550 onbekende fout", "550 nieznany błąd", "550 ukendt fejl", "550 ukjent feil",
    "550 невідома помилка", "550 tuntematon virhe", "550 ismeretlen hiba", "550 eroare necunoscută",
    "550 Befehl unbekannt", "550 commande inconnue", "550 comando sconosciuto", "550 servidor desconocido",
    "550 unbekannter Rechner", "550 Unbekanntes Format", "550 unknown address family",
  ]
  private static let directories = [
    "550 user unknown for the moment, try again later", "550 temporary: user not found",
    "550 directory lookup failed: user not found due to ldap timeout", "550 recipient not found in cache",
    "550 mailbox not found: storage temporarily offline", "550 user database unavailable: no such user",
    "451 no such user", "450 user unknown",
  ]
  private static let services = [
    "554 Connection has been terminated", "554 session has been closed by the administrator",
    "550 This service has been discontinued", "550 TLSv1 is no longer active here",
    "550 Message has been deleted from the queue", "550 this message has moved to quarantine",
    "550 our service has moved to another provider", "550 our policy has changed; address verification needed",
    "554 No SMTP service here for your IP", "550 accepts no mail without TLS",
    "550 server does not accept mail without authentication", "550 we reject all mails from your network",
    "550 this domain no longer accepts mail from you", "550 Your country is not in our list of allowed countries",
    "550 no account balance left", "550 unknown email client", "550 unregistered IP", "550 this user has a filter",
    "550 this user has opted out of your mails", "550 invalid domain in Message-ID", "550 unknown host key",
    "550 header contains an invalid address", "550 the URL domain does not exist", "550 certificate of unknown host",
  ]
  private static let senders = [
    "550 The sending host was not found in DNS", "550 originating domain does not exist",
    "550 bounce address does not exist", "550 reply address is unknown", "550 your account has been closed",
    "550 account you are sending from does not exist", "550 the user you authenticated as does not exist",
    "550 Message from unknown user rejected", "550 no such domain: sender", "550 your host could not be resolved",
    "550 le domaine de l'expéditeur n'existe pas", "550 die Absenderdomain existiert nicht",
    "550 el dominio del remitente no existe", "550 remetente inexistente", "550 avsändaren finns inte",
    "550 afsender findes ikke", "550 avsenderen finnes ikke", "550 lähettäjää ei löydy", "550 odesílatel neexistuje",
    "550 expeditorul nu există", "550 pošiljatelj ne postoji", "550 người gửi không tồn tại",
    "550 pengirim tidak ditemukan", "550 השולח לא קיים", "550 ไม่พบผู้ส่ง", "550 Gönderen adresi mevcut değil",
    "550 发件人域名不存在", "550 送信元ドメインが存在しません", "550 발신자가 존재하지 않습니다", "550 보낸 사람의 도메인이 존재하지 않습니다",
  ]
  private static let sendersUnknown = [
    "550 unbekannter Absender", "550 okänd avsändare", "550 ukjent avsender", "550 tuntematon lähettäjä",
    "550 nieznany nadawca", "550 neznámý odesílatel", "550 ismeretlen feladó", "550 expeditor necunoscut",
    "550 невідомий відправник", "550 непознат подател", "550 άγνωστος αποστολέας", "550 المرسل غير موجود",
    "550 寄件者不存在", "550 送信者のドメインが存在しません", "550 your mailbox does not exist",
  ]
  private static let things = [
    "550 your network is not on file", "550 Requested feature does not exist", "550 content filter could not be found",
    "550 SQL error: no such user",
    "550 home directory of user not found", "550 quota file for user does not exist", "550 Unknown local error",
    "550 mailbox could not be found at the moment", "550 directory harvest attack: invalid recipients",
    "550 Sender account closed", "550 User does not exist in your contact list", "550 Errors-To: invalid address",
    "550 the certificate was not found", "550 fichier introuvable", "550 файл не найден", "550 dosya bulunamadı",
    "550 メッセージが見つかりません", "553 Dynamic IP range, use your provider's smarthost",
    "550 configuration file does not exist", "550 mailbox file not found", "550 the certificate is not found",
    "550 the smart host does not exist", "554 relay host unknown", "550 user lookup timed out; user unknown",
    "550 message body is not found", "550 an attachment could not be found", "550 X-Header does not exist",
    "550 user unknown for now, try later", "550 mail server is not found, retrying",
  ]
  /// With a code that says that the address does not exist.
  private static let miscoded = [
    "550 5.1.1 Ihr Absender ist hier nicht erwünscht: Absender nicht erlaubt",
    "550 5.1.1 Der Empfänger nimmt keine E-Mails von Ihrer Adresse an", "550 5.1.1 Quota depasse",
    "550 5.1.1 Mailbox vol", "550 5.1.1 Schranka je plna", "550 5.1.1 受信拒否",
    "550 5.1.1 Held: the account is over its daily receive limit", "550 5.1.1 Locked for unpaid bills",
    "550 5.1.1 We accept mail from outside senders only by form: group does not accept mail from outside",
    "550 5.1.1 Maximum recipients exceeded", "550 5.1.1 Refused by the country filter",
    "550 Service unavailable: recipient of unknown status, try later",
    "550 5.1.1 Absenderadresse ungültig", "550 Ihre Absenderadresse ist ungültig",
  ]
  private static let parties = [
    "550 no matches to nameserver query for your IP", "550 IP address not found in DNS",
    "550 Client name not found: no such host",
    "550 your hostname does not exist",
    "550 Requested action not taken: mailbox unavailable; refused due to policy restrictions",
    "550 mailbox unavailable. Your message has been blocked", "535 user does not exist",
    "550 login failed: user not found",
    "550 the account sending this does not exist", "550 rejecting mail from unknown account", "550 sender user unknown",
    "550 From header: address does not exist", "550 invalid address in List-Unsubscribe",
    "550 message has an invalid recipient header", "550 callback verification: mailbox unavailable",
    "550 the list does not exist or you may not post", "550 cannot find a valid MX",
    "550 Your domain has no DNS entry", "550 Your IP has no DNS entry", "550 HELO host has no DNS entry",
    "550 sender domain c.example has no DNS entry", "550 no DNS entry for your host",
    "450 4.4.3 getaddrinfo ENOTFOUND mx.there.example", "550 user directory is down: no entry for this user",
    "550 LDAP error: no entry for this user", "550 the file is not in the directory",
    "451 4.3.0 user ann is not in the directory",
  ]

  @Test(arguments: errors + directories + services + senders + sendersUnknown + things + parties + miscoded)
  func `make no address dead`(answer: String) {
    let verdict = BounceVerdict(answer, rules: standardRules)
    #expect(verdict.reason.bounceClass != .hard, "\(verdict.rule): \(verdict.reason)")
  }

  @Test(arguments: [
    "550 The account has been deleted", "550 mailbox has been closed", "550 user no longer active",
    "550 Account deactivated", "550 Recipient has moved", "551 The user has moved to ann@there.example",
    "550 We do not know this person", "550 No matching recipient", "550 no account for ann", "550 Invalid receiver",
    "550 unknown e-mail address", "550 Unregistered user", "550 user ann is not in our directory",
    "550 5.1.1 User unknown in local user database", "550 No such user in user database", "550 not in our directory",
    "550 <ann@there.example>: no account", "550 ERR_NO_SUCH_RECIPIENT", "550 Mailbox closed", "550 no such customer",
    "550 This address has been retired", "550 The recipient has left the company",
    "550 There is no one here by that name", "550 user terminated",
    "550 Domain expired",
    "550 user id does not exist", "550 Postfach nicht vorhanden",
    "550 indirizzo non trovato", "550 adresa nenalezena", "550 utilizator inexistent", "550 bilinmeyen kullanıcı",
    "550 немає такого користувача", "550 משתמש לא ידוע", "550 用户未找到", "550 查无此人", "550 수신자를 찾을 수 없습니다",
    "550 5.1.2 The domain name in the recipient address does not resolve",
    "550 No such recipient here (your host [192.0.2.1])", "550 ann@there.example no longer active",
    "550 ann@there.example has moved", "550 Recipient not in directory", "550 неизвестный пользователь",
    "550 domain accepts no mail", "550 MX not found", "550 Host name not found",
    "550 DNS lookup failure: host not found",
    "User \"Ann Lee at HQ\" is not in the cc:Mail directory.", "no entry for this user in the post office directory",
    "Tried all MXs. Error: Domain there.example has no DNS entry (ENOTFOUND)",
    "Nowhere to deliver mail to for domain: there.example", "getaddrinfo ENOTFOUND mx.there.example",
    "550 The user is not found", "550 User not found in LDAP", "450 4.7.0 greeting\n550 5.1.1 user unknown",
  ])
  func `the same words of an address do`(answer: String) {
    let verdict = BounceVerdict(answer, rules: standardRules)
    #expect(verdict.reason.bounceClass == .hard, "\(verdict.rule): \(verdict.reason)")
  }

  @Test(arguments: [
    "550 HELO rejected: name not resolvable", "550 you talked too soon", "550 Only list members may post",
    "550 5.7.1 Spam message rejected; a URL in your message does not exist or is listed",
    "550 5.7.1 the domain of a link in your message does not exist",
    "554 5.7.1 policy file not found for what you send",
    "550 Blocked using a list; the script was not found", "550 5.4.6 Unusual sending activity detected",
  ])
  func `a refusal of the sender is a block`(answer: String) {
    #expect(BounceVerdict(answer, rules: standardRules).reason.bounceClass == .block)
  }
}
