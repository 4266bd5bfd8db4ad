import MailModel

/// Notices that the postmasters of the nineties worded themselves, in plain text.
extension Notice {
  static let byHand = [
    Notice(
      "cc:Mail", from: "\"SMTPLINK\" <SMTPLINK@there.example>", subject: "Message not deliverable", .hard,
      "     The following addressee was not found in the directory:\n\n          ann@there.example\n"),
    Notice(
      "an error and the message", from: "mailer@there.example", subject: "Error sending your mail", .hard,
      "-- Error sending mail --\nTo: ann@there.example\nError: 550 Invalid recipient\n\n-- Your mail --\n\(returned)"),
    Notice(
      "a virus found by a gateway", from: "Mail Security <scan@there.example>",
      subject: "Mail Security detected a violation in your message", .block,
      "The message you sent to ann@there.example was rejected and not delivered.\nReason: it contained a virus.\n"),
    Notice(
      "Portuguese, not found", from: "Admin <postmaster@there.example>", subject: "Erro no envio de sua mensagem",
      .hard,
      "O destinatário abaixo não foi encontrado em nosso sistema:\n\n<ann@there.example>\n"),
    Notice(
      "French, without accents in the subject", from: "Facteur <MAILER-DAEMON@there.example>",
      subject: "Echec de distribution", .hard,
      "Nous n'avons pas réussi à délivrer votre message :\n\n ann@there.example : utilisateur inconnu chez nous\n"),
    Notice(
      "Dutch, in a sentence", from: "Postmaster <postmaster@there.example>", subject: "Onbestelbare post", .hard,
      "Uw bericht kon niet worden afgeleverd bij ann@there.example\nomdat deze gebruiker niet (meer) bestaat.\n"),
    Notice(
      "a form with an originator", from: "Mail Server <postmaster@there.example>", subject: "Non-delivery report",
      .hard,
      "  Originator:      me@our.example\n  Recipient:       ann@there.example\n  Diagnostic code: Unrecognised O/R name\n"
    ),
    Notice(
      "those that were reached come first", from: "Postmaster <postmaster@there.example>",
      subject: "Some recipients were not reached", .hard,
      "Delivered:\n    carl@there.example\n\nFailed:\n    ann@there.example     550 Unknown mailbox\n\(returned)"),
    Notice(
      "an address, a status and nothing else", from: "mailer-daemon@there.example", subject: "Error", .hard,
      "ann@there.example 5.1.1 NOUSER\n"),
    Notice(
      "a mainframe", from: "SMTP@there.example", subject: "Undelivered Mail", .hard,
      "there.example unable to deliver following mail to recipient(s):\n    <ann@there.example>\nthere.example received negative reply:\n    550 Mailbox not found\n\n    ** Text of Mail follows **\n\(returned)"
    ),
    Notice(
      "a filter that refused", from: "Mail Filter <postmaster@there.example>", subject: "Message refused: Hello",
      .block,
      "Your message to ann@there.example failed our junk mail\ntest and was refused.\n\(returned)"),
    Notice(
      "German, no longer there", from: "Mailserver <mailer-daemon@there.example>", subject: "Nicht zugestellt", .hard,
      "Ihre Mail kam zurück, da die Adresse ann@there.example nicht mehr existiert.\n"),
    Notice(
      "the text of the message below dashes", from: "Postmaster <postmaster@there.example>",
      subject: "Nondeliverable mail", .hard,
      "------- Nondeliverable to user(s) -------\nann@there.example: no such local account\n\n------- Text of your message -------\nFrom: me@our.example\nTo: ann@there.example\nSubject: Hello\nMessage-ID: <orig@our.example>\n\nHi\n"
    ),
    Notice(
      "Danish, in a sentence", from: "Postmaster <postmaster@there.example>", subject: "Post kunne ikke afleveres",
      .hard, "Din mail til ann@there.example kunne ikke afleveres.\nModtageren findes ikke.\n\(returned)"),
  ]
}
