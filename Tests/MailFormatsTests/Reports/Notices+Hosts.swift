import MailModel

/// Notices of mail servers that small hosts run, in their own words.
extension Notice {
  private static let missed = """
    Your message did not reach some or all of the intended recipients.

    The following recipient(s) could not be reached:

    ann@there.example
       Error Type: SMTP
    """

  static let hosts = [
    Notice(
      "a filter's refusal", from: "Mail Sieve Subsystem <postmaster@there.example>",
      subject: "Automatically rejected mail", .block,
      """
      Your message was automatically rejected by Sieve, a mail filtering language.

      The following reason was given:
      Your message looks like spam

      The rejected message went to: ann@there.example

      """),
    Notice(
      "Notes in German", from: "Postmaster <postmaster@there.example>",
      subject: "ÜBERMITTLUNGSFEHLER: Benutzer ann nicht im Verzeichnis", .hard,
      """
      Ihre Nachricht

        Betreff: Hello

      wurde nicht übermittelt an:

        ann@there.example

      da:

        User unknown

      """),
    Notice(
      "an error in sending", from: "Postmaster <postmaster@there.example>",
      subject: "There was an error sending your mail", .hard,
      """
      1 error:

      The following recipients returned permanent errors: ann@there.example.
      550 5.1.1 User unknown

      """),
    Notice(
      "a server that answers the subject", from: "postmaster@there.example", subject: "Re: Hello", .hard,
      """
      Hi. This is the mail server at mx.there.example.
      I'm afraid I wasn't able to deliver your message to the following addresses.

      ann@there.example

      Error message:
      550 5.1.1 User unknown

      """),
    Notice(
      "hMailServer, no mail exchanger", from: "mailer-daemon@there.example", subject: "Message undeliverable: Hello",
      .hard, "\(missed)\n   No mail servers appear to exists for the recipient's address.\n"),
    Notice(
      "hMailServer, no connection", from: "mailer-daemon@there.example", subject: "Message undeliverable: Hello",
      .soft, "\(missed)\n   Connection to recipients server failed. The remote server could not be reached.\n"),
    Notice(
      "a transcript with the time before each line", from: "MDaemon at there.example <MDaemon@there.example>",
      subject: "Permanent Delivery Failure", .hard,
      """
      YOUR MESSAGE WAS NOT DELIVERED TO THE RECIPIENTS LISTED BELOW!

      Failed address: ann@there.example

      --- Session Transcript ---
       Mon 2024-01-01 10:00:01: *  Message-ID: <orig@our.example>
       Mon 2024-01-01 10:00:02: --> RCPT To:<ann@there.example>
       Mon 2024-01-01 10:00:02: <-- 550 <ann@there.example>, Recipient unknown
      --- End Transcript ---

      """),
    Notice(
      "CommuniGate", from: "<MAILER-DAEMON@there.example>", subject: "Undeliverable mail: Hello", .hard,
      "Failed to deliver to 'ann@there.example'\nLOCAL module(account ann) reports:\n account is unknown\n"),
    Notice(
      "a content checker", from: "Content-filter <postmaster@there.example>",
      subject: "BANNED contents from you (.exe)",
      .block,
      "Our content checker found a banned name,\n\nto: ann@there.example\n\nDelivery of the email was stopped!\n"),
    Notice(
      "a content policy", from: "MIMEsweeper <mimesweeper@there.example>", subject: "Message blocked", .block,
      "The following message was blocked by our content policy:\n\n  To: ann@there.example\n"),
    Notice(
      "no mailer's name, Korean", from: "<mail_noreply@there.example>", subject: "[발송실패 안내] 메일이 전송되지 못했습니다.", .soft,
      "받는사람\n\n<ann@there.example>:\n수신자의 메일함 용량이 초과되었습니다.\n"),
    Notice(
      "Catalan", from: "Sistema <postmaster@there.example>", subject: "No es pot lliurar: Hello", .hard,
      "El vostre missatge no s'ha pogut lliurar a:\n\nann@there.example\nL'usuari no existeix\n"),
    Notice(
      "a carrier", from: "Mail Delivery <postmaster@there.example>", subject: "Undeliverable message", .hard,
      "Unable to deliver message to ann@there.example\n\nReason: not a valid subscriber.\n"),
  ]
}
