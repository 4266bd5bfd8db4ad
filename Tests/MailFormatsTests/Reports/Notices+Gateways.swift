import MailModel

/// Notices of gateways, carriers and older mailers, in words of our own after their formats.
extension Notice {
  static let gateways = [
    Notice(
      "Active!hunter", from: "\"MAILER-DAEMON\" <MAILER-DAEMON@there.example>", subject: "FAILURE NOTICE :Hello", .hard,
      """
        ----- The following addresses had permanent fatal errors -----

      >>> ann@there.example <ann@there.example>

       ----- Transcript of session follows -----
      550 sorry, no mailbox here by that name (#5.1.1 - chkusr)

      """),
    Notice(
      "Biglobe full", from: "postmaster@biglobe.ne.jp", subject: "Returned mail: User unknown", .soft,
      """
         ----- The following addresses had delivery problems -----
      ann@there.example

         ----- Non-delivered information -----
      The number of messages in recipient's mailbox exceeded the local limit.

      """),
    Notice(
      "Domino", from: "Postmaster@there.example", subject: "DELIVERY FAILURE: User ann not listed in Domino Directory",
      .hard,
      """
      Your message

        Subject: Hello

      was not delivered to:

        ann@there.example

      because:

        User ann (ann@there.example) not listed in Domino Directory

      """),
    Notice(
      "InterScan", from: "\"InterScan MSS\" <isvw@there.example>", subject: "Mail could not be delivered", .hard,
      """
      Sent <<< RCPT TO:<ann@there.example>
      Received >>> 550 5.1.1 <ann@there.example>... user unknown

      """),
    Notice(
      "InterScan in Japanese", from: "\"InterScan MSS\" <isvw@there.example>", subject: "メッセージを配信できません。", .hard,
      """
      次の宛先へのメールを配信できませんでした。
      送信 >>> RCPT TO:<ann@there.example>
      受信 <<< 550 5.1.1 <ann@there.example>: user unknown

      """),
    Notice(
      "MailMarshal", from: "MailMarshal <postmaster@there.example>", subject: "Undeliverable Mail: \"Hello\"", .hard,
      """
      Your message:
         From:    me@our.example
         Subject: Hello

      Could not be delivered because of

      550 5.1.1 User unknown

      The following recipients were affected:
          ann@there.example

      Additional Information
      ======================
      Original Sender:    <me@our.example>

      """),
    Notice(
      "Smail", from: "<MAILER-DAEMON@there.example>", subject: "mail failed, returning to sender", .hard,
      """
      |------------------------- Message log follows: -------------------------|
       no valid recipients were found for this message
      |------------------------- Failed addresses follow: ---------------------|
       ann@there.example ... unknown host

      |------------------------- Message text follows: ------------------------|
      \(returned)
      """),
    Notice(
      "errors in brackets", from: "\"Mail Deliver System\" <postmaster@there.example>",
      subject: "Returned Mail: User unknown",
      .hard,
      """
      The original message was received at Thu, 29 Apr 2010 23:34:45 +0900
      from me@our.example

      ---The following addresses had delivery errors---

      ann@there.example [User unknown]

      """),
    Notice(
      "qmail clone in Spanish", from: "MAILER-DAEMON@there.example", subject: "failure notice", .soft,
      """
      Su mensaje no pudo ser entregado

      <ann@there.example>:
      192.0.2.153 does not like recipient.
      Remote host said: 450 4.2.0 Greylisted
      Giving up on 192.0.2.153.

      --- Below this line is a copy of the message.
      \(returned)
      """),
    Notice(
      "MMDF", from: "\"there.example mail (MMDF)\" <mmdf@there.example>", subject: "Failed mail  (msg.aa12345)", .hard,
      """
          Your message could not be delivered to
      'ann@there.example (host: there.example) (queue: smtp)' for the following
      reason:  ' 550 Unknown user ann'

          Your message follows:
      \(returned)
      """),
    Notice(
      "SurfControl", from: "Mail Delivery <postmaster@there.example>", subject: "Message could not be delivered", .hard,
      """
      Your message could not be sent.
      A transcript of the attempts to send the message follows.
      The number of attempts made: 1
      Addressed To: ann@there.example

      Failed to send to identified host,
      ann@there.example: [192.0.2.5], 550 5.1.1 <ann@there.example>... User unknown
      --- Message non-deliverable.

      """),
    Notice(
      "Verizon", from: "Vtext <post_master@there.example>", subject: "Undeliverable Message", .hard,
      """
      Error:    No valid recipients for this MM

      Message details:
        Subject: Hello
        RCPT TO: ann@there.example

      """),
    Notice(
      "Amazon WorkMail", from: "MAILER-DAEMON@us-west-2.amazonses.example",
      subject: "Delivery Status Notification (Failure)", .hard,
      """
      An error occurred while trying to deliver the mail to the following recipients:
      ann@there.example

      Technical report:

      Reporting-MTA: dsn; a27-85.smtp-out.there.example

      Action: failed
      Final-Recipient: rfc822; ann@there.example
      Diagnostic-Code: smtp; 550 5.1.1 <ann@there.example>... User unknown
      Status: 5.1.1

      """),
    Notice(
      "German, closed", from: "Mailsystem <noreply@there.example>",
      subject: "Ihre E-Mail konnte nicht zugestellt werden",
      .hard,
      """
      Ihre E-Mail an ann@there.example konnte nicht zugestellt werden, da die
      Kollegin nicht mehr in unserem Haus arbeitet und das Postfach geschlossen wurde.

      """),
    Notice(
      "Greek, in HTML's words", from: "postmaster@there.example", subject: "πρόβλημα παράδοσης", .hard,
      """
      Το μήνυμα δεν ήταν δυνατό να παραδοθεί στο ann@there.example.
      Ο παραλήπτης δεν υπάρχει.

      """),
    Notice(
      "Korean, by nobody", from: "메일 <mail_noreply@there.example>", subject: "[발송실패 안내] Hello", .hard,
      """
      메일 발송에 실패하였습니다.
      받는 사람: ann@there.example
      실패 사유: 없는 사용자입니다. (550 5.1.1 No such user)

      """),
    Notice(
      "a limit of the sender's", from: "Mail Delivery Subsystem <mailer-daemon@there.example>",
      subject: "Delivery Status Notification (Failure)", .block,
      """
      You have reached a limit for sending mail. Your message to ann@there.example was not sent.

      """),
  ]
}
