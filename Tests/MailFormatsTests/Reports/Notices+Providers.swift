import MailModel

/// Notices as mailers and providers write them, in words of our own after their formats.
extension Notice {
  static let providers = [
    Notice(
      "SES text", from: "MAILER-DAEMON@amazonses.com", subject: "Delivery Status Notification (Failure)", .hard,
      """
      An error occurred while trying to deliver the mail to the following recipients:
      ann@there.example: 550 5.1.1 user unknown

      """),
    Notice(
      "GMX", from: "\"GMX Mailer Daemon\" <mailer-daemon@gmx.net>",
      subject: "Mail delivery failed: returning message to sender", .soft,
      """
      This message was created automatically by mail delivery software.

      A message that you sent could not be delivered to one or more of
      its recipients. This is a permanent error. The following address
      failed:

      "ann@there.example":
      SMTP error from remote server after RCPT command:
      host: mx.there.example
      5.2.2 <ann@there.example>: Mailbox full

      --- The header of the original message is following. ---
      \(returned)
      """),
    Notice(
      "mail.ru", from: "mailer-daemon@corp.mail.ru", subject: "Mail failure.", .hard,
      """
      This message was created automatically by mail delivery software.

      A message that you sent could not be delivered to one or more of its
      recipients. This is a permanent error. The following address(es) failed:

        ann@there.example
          SMTP error from remote mail server after RCPT TO:<ann@there.example>:
          host mxs.mail.ru [192.0.2.9]: 550 Message was not accepted -- invalid mailbox.
          Local mailbox ann@there.example is unavailable: user not found

      """),
    Notice(
      "Yandex", from: "MAILER-DAEMON@yandex.ru", subject: "Недоставленное сообщение", .hard,
      """
      Это письмо отправлено почтовым сервером yandex.ru.

      К сожалению, мы вынуждены сообщить Вам о том, что Ваше письмо не может
      быть отправлено одному или нескольким адресатам. Технические подробности можно найти ниже.

      <ann@there.example>: host mx.there.example[192.0.2.10] said: 550 5.1.1 User unknown (in reply to RCPT TO command)

      """),
    Notice(
      "Zoho", from: "mailer-daemon@mail.zoho.com", subject: "Undelivered Mail Returned to Sender", .hard,
      """
      This message was created automatically by mail delivery software.
      A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.

      ann@there.example Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 <ann@there.example>... User unknown

      Received:from mail.zoho.com by mx.zohomail.com

      """),
    Notice(
      "Mimecast", from: "postmaster@mimecast.com", subject: "[Postmaster] Email Delivery Failure", .block,
      """
      This is a message generated automatically by the Mimecast service.

      The message you sent was not delivered to one or more recipients:

      ann@there.example

      reason: 554 Email rejected due to security policies - https://community.mimecast.example/docs#554

      """),
    Notice(
      "Barracuda", from: "\"Barracuda Email Security\" <postmaster@barracuda.example>",
      subject: "**Message you sent blocked by our bulk email filter**", .block,
      """
      Your message to: ann@there.example
      was blocked by our Spam Firewall. The email you sent with the following subject has NOT BEEN DELIVERED:

      Subject: Hello

      """),
    Notice(
      "SendGrid", from: "MAILER-DAEMON@sendgrid.net", subject: "Undelivered Mail Returned to Sender", .hard,
      """
      Hello, this is the mail server on sendgrid.net.

      I am sending you this message to inform you on the delivery status of a
      message you previously sent.

      <ann@there.example>; failed with permanent error: 550 5.1.1 no such user

      """),
    Notice(
      "PowerMTA", from: "mailer-daemon@mx.there.example", subject: "Delivery report", .hard,
      """
      Hello, this is the mail server on mx.there.example.

      I am sending you this message to inform you on the delivery status of a
      message you previously sent.  Immediately below you will find a list of
      the affected recipients;  also attached is a Delivery Status Notification
      (DSN) report in standard format, as well as the headers of the original
      message.

        <ann@there.example>  delivery failed; will not continue trying

        550 5.1.1 unknown user

      """),
    Notice(
      "Softbank", from: "Mail Delivery Subsystem <MAILER-DAEMON@softbank.ne.jp>",
      subject: "Returned mail: see transcript for details", .hard,
      """
      The original message was received at Mon, 1 Jan 2024 10:00:00 +0900

         ----- The following addresses had permanent fatal errors -----
      <ann@there.example>
          (reason: 550 Invalid recipient: <ann@there.example>)

         ----- Transcript of session follows -----
      ... while talking to mx.there.example.:
      >>> RCPT To:<ann@there.example>
      <<< 550 Invalid recipient: <ann@there.example>
      550 5.1.1 <ann@there.example>... User unknown

      """),
    Notice(
      "docomo", from: "mail_system@docomo.ne.jp", subject: "Mail System Error - Returned Mail", .hard,
      """
      Your message was not delivered to the following recipients.

      <ann@there.example>: unknown user

      """),
    Notice(
      "Mercury", from: "\"Electronic Postmaster\" <postmaster@there.example>",
      subject: "Postmaster notify: see transcript for details", .hard,
      """
      The following addresses had delivery problems:

      <ann@there.example>\t: User not known at this site.

      The text of your message follows:

      """),
    Notice(
      "XMail", from: "postmaster@there.example", subject: "Error sending message [12345] from [there.example]", .hard,
      """
      [00] XMail bounce: Rcpt=[ann@there.example];Error=[550 No such user here]


      [01] Error sending message [12345] from [there.example].

      ID:        <S12>
      Mail From: <me@our.example>
      Rcpt To:   <ann@there.example>

      [02] The reason of the delivery failure was:

      550 No such user here

      """),
    Notice(
      "hMailServer", from: "mailer-daemon@there.example", subject: "Message undeliverable: Hello", .hard,
      """
      Your message did not reach some or all of the intended recipients.

         Sent: Mon, 1 Jan 2024 10:00:00 +0100
         Subject: Hello

      The following recipient(s) could not be reached:

      ann@there.example
         Error Type: SMTP
         Remote server (192.0.2.5) issued an error.
         hMailServer sent: RCPT TO:<ann@there.example>
         Remote server replied: 550 Unknown user

      hMailServer

      """),
  ]
}
