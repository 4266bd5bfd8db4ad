import MailModel

/// Notices of Exchange and Domino in the languages of their servers: nothing but the subject's first words, the address
/// and the code tells what they are.
extension Notice {
  private static func exchange(_ name: String, subject: String, _ text: String) -> Notice {
    Notice(
      name, from: "<postmaster@there.example>", subject: "\(subject) Hello", .hard,
      "\(text)\n\n      ann@there.example 1/1/2024 10:00\n            <mx.there.example #5.1.1>\n")
  }

  static let languages =
    [
      exchange("German", subject: "Unzustellbar:", "Ihre Nachricht hat diese Empfänger nicht erreicht."),
      exchange("Spanish", subject: "No se puede entregar:", "El mensaje no llegó a estos destinatarios."),
      exchange("Dutch", subject: "Niet te bestellen:", "Uw bericht heeft deze personen niet bereikt."),
      exchange("Swedish", subject: "Oleverbart:", "Ditt meddelande nådde inte de här mottagarna."),
      exchange("Danish", subject: "Kan ikke leveres:", "Din meddelelse nåede ikke frem."),
      exchange("Chinese", subject: "未传递的邮件:", "您的邮件未能到达。"),
      exchange("Russian", subject: "Не удается доставить:", "Сообщение получили не все."),
      exchange("Greek", subject: "Μη παραδοτέο:", "Το μήνυμά σας δεν έφτασε."),
      exchange("Latvian", subject: "Neizdevās:", "Jūsu ziņojums nav saņemts."),
    ] + [
      Notice(
        "Domino in German", from: "Postmaster@there.example", subject: "ZUSTELLUNGSFEHLER: Hello", .hard,
        "Ihre Nachricht\n\n  Betreff: Hello\n\nging nicht an:\n\n  ann@there.example\n\nweil:\n\n  Benutzer ann nicht im Domino-Verzeichnis aufgeführt\n"
      ),
      Notice(
        "Polish", from: "Postmaster <postmaster@there.example>", subject: "Nie można dostarczyć: Hello", .hard,
        "Wiadomość do ann@there.example nie została dostarczona: 550 user unknown\n"),
      Notice(
        "Romanian", from: "Postmaster <postmaster@there.example>", subject: "Nelivrabil: Hello", .hard,
        "Mesajul către ann@there.example nu a putut fi livrat: 550 user unknown\n"),
      Notice(
        "Bulgarian", from: "Postmaster <postmaster@there.example>", subject: "Недоставено: Hello", .hard,
        "Съобщението до ann@there.example не може да бъде доставено: 550 user unknown\n"),
      Notice(
        "Coremail", from: "Postmaster@there.example", subject: "系统退信", .hard,
        "收件人：ann@there.example\n退信代码：550 User not found\n"),
      Notice(
        "a Thai office", from: "postmaster@there.example", subject: "ส่งอีเมลไม่ถึง", .hard,
        "ไม่สามารถส่งข้อความถึง:\n\n<ann@there.example>\n\nเหตุผล: 550 User unknown\n"),
      Notice(
        "a Chinese carrier", from: "Postmaster@there.example", subject: "邮件投递失败通知", .soft,
        "您发给 ann@there.example 的邮件投递失败。\n失败原因：对方邮箱已满\n"),
      Notice(
        "a Chinese office", from: "postmaster <postmaster@service.there.example>", subject: "退信通知 Returned mail", .hard,
        "很抱歉，您发送的邮件未能成功送达。\n\n收件人：ann@there.example\n退信原因：找不到收件人域名\n"),
      Notice(
        "German cloud", from: "postmaster@our.example", subject: "Unzustellbar: Hello", .hard,
        "Fehler bei der Übermittlung an folgende Personen:\n\nann@there.example (ann@there.example)\nDie E-Mail-Adresse konnte nicht gefunden werden.\n"
      ),
      Notice(
        "sendmail says nothing more", from: "Mail Delivery Subsystem <MAILER-DAEMON@our.example>",
        subject: "Returned mail: see transcript for details", .block,
        "   ----- The following addresses had permanent fatal errors -----\n<ann@there.example>\n    (reason: 550 Message rejected, see our page)\n\n   ----- Transcript of session follows -----\n<<< 550 Message rejected, see our page\n554 5.0.0 Service unavailable\n"
      ),
      Notice(
        "qmail gives up after a refusal", from: "MAILER-DAEMON@there.example", subject: "failure notice", .hard,
        "<ann@there.example>:\n192.0.2.7 does not like recipient.\nRemote host said: 550 Requested action not taken: mailbox unavailable\nGiving up on 192.0.2.7.\n"
      ),
    ]
}
