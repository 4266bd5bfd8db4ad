import MailModel

/// Notices that name others than the one who failed: sender, helpers, ids.
extension Notice {
  private static let daemon = "Mail Delivery System <MAILER-DAEMON@there.example>"

  private static func told(_ name: String, _ text: String, _ bounceClass: BounceClass = .hard) -> Notice {
    Notice(name, from: daemon, subject: "Undelivered Mail", bounceClass, text)
  }

  private static func table(_ sender: String, _ recipient: String, _ reason: String) -> Notice {
    told(recipient, "\(sender) news@our.example\n\(recipient) ann@there.example\n\n\(reason)\n")
  }

  static let tables = [
    table("Absender:", "Empfänger:", "Benutzer unbekannt"),
    table("Expéditeur :", "Destinataire :", "Utilisateur inconnu"),
    table("Remetente:", "Destinatário:", "usuário desconhecido"),
    table("Afzender:", "Ontvanger:", "onbekende gebruiker"),
    table("Avsändare:", "Mottagare:", "okänd mottagare"), table("Nadawca:", "Odbiorca:", "nieznany użytkownik"),
    table("Odesílatel:", "Příjemce:", "neznámý uživatel"), table("Gönderen:", "Alıcı:", "kullanıcı bulunamadı"),
    table("Отправитель:", "Получатель:", "пользователь не найден"), table("发件人：", "收件人：", "用户不存在"),
    table("送信者:", "宛先:", "ユーザーが存在しません"), table("보낸사람:", "받는사람:", "존재하지 않는 사용자"),
    table("Envelope sender:", "Envelope recipient:", "550 no such user"),
    told("who sent it to whom", "A mail that news@our.example sent to ann@there.example was refused: no such user.\n"),
    told(
      "whom the failed one was made of",
      "  an undisclosed address\n    (generated from ann@there.example)\nuser unknown\n"),
    told(
      "an id in Italian",
      "Il messaggio destinato a \"ann@there.example\" è stato rifiutato: utente sconosciuto.\nIdentificativo messaggio: opec1.2@pec.example\n"
    ),
    told(
      "those who have it",
      "The following recipients failed:\n\nann@there.example: user unknown\n\nThe following were delivered:\n\nbob@there.example\n"
    ),
    told(
      "those who had it before",
      "  ----- The following addresses had successful delivery notifications -----\n<bob@there.example>  (to mailbox)\n\n  ----- The following addresses had permanent fatal errors -----\n<ann@there.example>\n    (reason: 550 user unknown)\n"
    ),
    told("an id", "Message <20240101.A@our.example> to <ann@there.example> failed: user unknown\n"),
    told("whom to ask", "<ann@there.example>:\n550 Client blocked. For removal mail\nremoval@rbl.example\n", .block),
    told(
      "a signature",
      "Your mail to ann@there.example was not delivered: no such user.\n\n--\nThere Inc.\nhelp@there.example\n"),
    told("a signature below a line", "ann@there.example: no such user.\n\n-- \nThere Inc.\ninfo@there.example\n"),
  ]
}
