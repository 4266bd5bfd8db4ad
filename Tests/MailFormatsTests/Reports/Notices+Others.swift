import MailModel

/// Notices as mailers and providers write them, in words of our own after their formats.
extension Notice {
  static let others = [
    Notice(
      "certified mail of Italy", from: "posta-certificata@there.example", subject: "AVVISO DI MANCATA CONSEGNA: Hello",
      .hard,
      "Il giorno 07/03/2016 nel messaggio \"Hello\" destinato all'utente \"ann@there.example\"\nè stato rilevato un errore 5.1.1 - indirizzo non valido.\nIl messaggio è stato rifiutato dal sistema.\n"
    ),
    Notice(
      "SmarterMail", from: "System Administrator <postmaster@there.example>", subject: "Delivery Failure", .hard,
      """
      Could not deliver message to the following recipient(s):

      Failed Recipient: ann@there.example
      Reason: Remote host said: 550 5.1.1 User unknown

         -- The header and top 20 lines of the message follows --
      \(returned)
      """),
    Notice(
      "Kerio", from: "Mail Delivery Subsystem <MAILER-DAEMON@there.example>", subject: "Delivery failed: Hello", .hard,
      """
      Your message could not be delivered to the following recipients:

      ann@there.example (550 5.1.1 User unknown)

      """),
    Notice(
      "QQ", from: "PostMaster <PostMaster@qq.com>", subject: "系统退信/Systems bounce", .hard,
      """
      抱歉，您的邮件被退回来了……

      收件人邮件地址（ann@there.example）不存在，邮件无法送达。

      host mx.there.example said: 550 User not found

      """),
    Notice(
      "163", from: "Postmaster@163.com", subject: "系统退信", .hard,
      """
      抱歉，您的邮件未能送达

      收件人： ann@there.example
      退信代码： 550 User not found: ann@there.example

      """),
    Notice(
      "T-Online", from: "Mail Delivery System <mailer-daemon@t-online.example>",
      subject: "Ihre E-Mail konnte nicht zugestellt werden", .hard,
      """
      |Diese Nachricht wurde automatisch erzeugt.
      |Ihre E-Mail konnte an folgende Adressen nicht zugestellt werden:

      <ann@there.example>
        550 Empfänger unbekannt

      """),
    Notice(
      "Orange", from: "MAILER-DAEMON@orange.example", subject: "Message non remis", .hard,
      """
      Votre message n'a pas pu être remis aux destinataires suivants :

      <ann@there.example>:
      550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]

      """),
    Notice(
      "Tiscali", from: "mailer-daemon@tiscali.example", subject: "Mancato recapito del messaggio", .soft,
      """
      Il messaggio non è stato recapitato al destinatario:

      ann@there.example

      La casella del destinatario è piena.

      """),
    Notice(
      "Terra", from: "MAILER-DAEMON@terra.example", subject: "No se pudo entregar el mensaje", .hard,
      """
      Su mensaje no pudo ser entregado a:

      <ann@there.example>: el usuario no existe

      """),
    Notice(
      "UOL", from: "mailer-daemon@uol.example", subject: "Mensagem devolvida", .hard,
      """
      Não foi possível entregar sua mensagem para o destinatário abaixo:

      <ann@there.example>
      usuário inexistente

      """),
  ]
}
