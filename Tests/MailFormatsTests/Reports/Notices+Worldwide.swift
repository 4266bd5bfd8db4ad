import MailModel

/// Notices in the languages of the world, and of gateways with names of their own.
extension Notice {
  private static let daemon = "Mail Delivery System <MAILER-DAEMON@there.example>"

  /// One sentence, one address, one reason.
  private static func told(
    _ language: String, _ subject: String, _ sentence: String, _ reason: String, _ bounceClass: BounceClass = .hard
  ) -> Notice {
    Notice(language, from: daemon, subject: subject, bounceClass, "\(sentence)\n\n<ann@there.example>: \(reason)\n")
  }

  static let worldwide = [
    told("Swedish", "Meddelandet kunde inte levereras", "Meddelandet gick inte fram.", "okänd användare"),
    told("Danish", "Kunne ikke leveres: Hej", "Beskeden nåede ikke frem.", "ukendt bruger"),
    told("Norwegian", "Kan ikke leveres: Hei", "Meldingen kom ikke frem.", "ukjent mottaker"),
    told("Finnish", "Toimitus epäonnistui", "Viesti ei mennyt perille.", "tuntematon käyttäjä"),
    told("Czech", "Zprávu nelze doručit", "Zpráva nedošla.", "neznámý uživatel"),
    told("Greek", "Αποτυχία παράδοσης", "Το μήνυμα επέστρεψε.", "άγνωστος χρήστης"),
    told("Russian, in capitals", "НЕДОСТАВЛЕННОЕ СООБЩЕНИЕ", "Письмо возвращено.", "Пользователь не найден"),
    told("Ukrainian", "Лист не доставлено", "Лист повернуто.", "користувача не знайдено"),
    told("Turkish", "İleti teslim edilemedi", "İleti geri döndü.", "kullanıcı bilinmiyor"),
    told("Portuguese, full", "Falha na entrega da mensagem", "A mensagem voltou.", "caixa postal cheia", .soft),
    told("Polish, full", "Niedostarczona wiadomość", "List wrócił.", "skrzynka przepełniona", .soft),
    told("French", "Courrier non distribué", "Votre courrier revient.", "utilisateur inconnu"),
    told("Indonesian", "Pesan tidak terkirim", "Pesan kembali.", "pengguna tidak dikenal"),
    Notice(
      "a carrier that names the address last", from: "<no-reply@carrier.example>", subject: "Mail delivery failure",
      .soft,
      """
      Your mail of Monday
          Could not be delivered to: <ann@there.example>
          As their mailbox is full.

      """),
    Notice(
      "a misspelt daemon", from: "\"Mail Deliver System\" <root@there.example>", subject: "Returned Mail: User unknown",
      .hard, "---The following addresses had delivery errors---\n\nann@there.example [User unknown]\n"),
    Notice(
      "a virus wall", from: "<viruswall@there.example>", subject: "Undeliverable mail", .hard,
      "****** Message from the mail gateway ******\n\nSent>>> RCPT TO:<ann@there.example>\nReceived <<< 550 User unknown\n"
    ),
    Notice(
      "a directory service", from: "postmaster@there.example", subject: "Returned mail - nameserver error report",
      .hard,
      " --------Message not delivered to the following addresses:\n\n ann@there.example     No matches to nameserver query\n"
    ),
    Notice(
      "an unregistered domain", from: "\"Postmaster\" <POSTMASTER@there.example>", subject: "Message Delivery Failure",
      .hard,
      "The following recipient(s) could not be reached:\n\n\tRecipient: [SMTP:ann@there.example]\n\tReason: the domain name does not appear to be registered.\n"
    ),
    Notice(
      "a carrier that asks to write to its postmaster", from: daemon, subject: "Mail System Error - Returned Mail",
      .hard,
      """
      The following destination addresses were unknown:

      SMTP <ann@there.example>

      Please reply to <postmaster@there.example>
      if you feel this message to be in error.

      """),
    Notice(
      "words we have never seen, and the message", from: "MAILER-DAEMON@there.example", subject: "Xyzzy plugh",
      .unknown,
      "Plover:\n\n<ann@there.example>\n\(Notice.returned)"),
    Notice(
      "a delay that came to an end", from: daemon, subject: "Mail delivery failed", .soft,
      "Your message has been delayed for 4 days. No further attempts will be made.\n\n  ann@there.example\n    timed out\n"
    ),
    Notice(
      "a subject of ours that speaks of a delay", from: "postmaster@there.example",
      subject: "Undeliverable: Your parcel is delayed", .hard,
      "Your message did not reach the following recipient(s):\n\nann@there.example on Monday\n    550 5.1.1 no such user\n"
    ),
    Notice(
      "a closed group in the reader's language", from: "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
      subject: "Delivery Status Notification (Failure)", .block,
      "Le groupe <ann@there.example> n'existe pas, ou vous n'avez pas le droit d'y écrire.\n\nhttps://groups.google.com/support/\n"
    ),
  ]

  static let delaysWorldwide =
    [
      told("German", "Zustellung verzögert", "Ihre Nachricht konnte noch nicht zugestellt werden.", "wartet"),
      told("French", "Remise différée", "La remise est retardée.", "patience"),
      told("Spanish", "Aviso: entrega retrasada", "Se seguirá intentando.", "espera"),
      told("Portuguese", "Entrega atrasada", "A mensagem ainda não foi entregue.", "espera"),
      told("Italian", "Avviso: recapito ritardato", "Il messaggio non è stato ancora consegnato.", "attesa"),
      told("Dutch", "Waarschuwing: bericht vertraagd", "Uw bericht is nog niet bezorgd.", "wacht"),
      told("Russian", "Доставка задерживается", "Ваше письмо пока не доставлено.", "ждёт"),
      told("Chinese", "邮件投递延迟", "系统将继续重试。", "等待"),
    ] + [
      Notice(
        "Courier delay", from: "\"Courier mail server at mx.there.example\" <@>", subject: "WARNING: delayed mail.",
        nil,
        "                    DELAYS IN DELIVERING YOUR MESSAGE\n\n<ann@there.example>:\n<<< 450 4.2.0 try later\n"),
      Notice(
        "Outlook delay", from: "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@our.example>",
        subject: "Delivery delayed: Hello", nil,
        "Delivery is delayed to these recipients or groups:\n\nann@there.example\n\nThis message hasn't been delivered yet.\n"
      ),
      Notice(
        "an advisory", from: "<Postmaster@there.example>", subject: "Mail Delivery Warning", nil,
        "Delivery of email to this address\n\n\"ann@there.example\"\n\nhas been postponed due to a full mailbox.\n"),
      Notice(
        "MMDF", from: "MMDF Mail System <mmdf@there.example>", subject: "Waiting mail (msg.aa1)", nil,
        "Attempts to deliver the message will continue for 10 more days.\n\n        ann@there.example (queue: smtp)\n"),
      Notice(
        "an old sendmail", from: daemon, subject: "Warning: cannot send message for 4 hours", nil,
        "   ----- Transcript of session follows -----\n421 there.example: Host there.example is down\nann@there.example\n"
      ),
      Notice(
        "qmail with a patch", from: "MAILER-DAEMON@there.example", subject: "deferral notice", nil,
        "Your message has been deferred; I have not given up.\n\n<ann@there.example>:\nConnection timed out\n"),
      Notice(
        "just a warning", from: "Mail Administrator <postmaster@there.example>",
        subject: "Mail System Error - Returned Mail", nil,
        "Your message to:\n ann@there.example\ncould not be passed on.\n\nThis is just a warning.\n"),
    ]
}
