import MailModel

/// Notices as mailers and providers write them, in words of our own after their formats.
extension Notice {
  static let mailers = [
    Notice(
      "Mercury/32", from: "Electronic Postmaster <postmaster@there.example>",
      subject: "Postmaster Notify: Delivery Failure.", .hard,
      """
      The attached message has failed delivery and has been referred
      to you as postmaster.  The following error was given:

         *** ann@there.example
         User not known at this site.
      """),
    Notice(
      "VMS", from: "SMTP%\"POSTMASTER@there.example\"", subject: "SMTP mail failed: Undeliverable Mail", .hard,
      "Bad address -- <ann@there.example>\nError -- Nonexistent user: ANN\n"),
    Notice(
      "BITNET", from: "Network Mailer <MAILER@THERE.EXAMPLE>", subject: "Mail delivery error", .hard,
      """
      Batch SMTP transaction log follows:

      050 MAIL FROM:<me@our.example>
      250 <me@our.example>... sender OK.
      050 RCPT TO:<ann@there.example>
      550 Mailbox not found: ann@there.example

      Original message follows:
      \(returned)
      """),
    Notice(
      "XMail", from: "postmaster@there.example", subject: "Error sending message [15.mx] from [our.example]", .hard,
      """
      [00] XMail bounce: Rcpt=[ann@there.example];Error=[550 no such user]

      [01] Error sending message [15.mx] from [our.example].

      Mail From: <me@our.example>
      Rcpt To:   <ann@there.example>

      [02] The reason of the delivery failure was:

      550 no such user

      [05] Here is listed the initial part of the message:
      \(returned)
      """),
    Notice(
      "an operator's words above sendmail's", from: "Mail Delivery Subsystem <MAILER-DAEMON@there.example>",
      subject: "Returned mail: User unknown", .hard,
      """
      The address that is to blame is listed in the section labeled as follows.

        ----- The following addresses had permanent fatal errors -----
      <ann@there.example>

        ----- Transcript of session follows -----
      550 <ann@there.example>... User unknown
      """),
    Notice(
      "qmail long", from: "MAILER-DAEMON@mx.there.example", subject: "failure notice", .soft,
      """
      Hi. This is the qmail-send program at mx.there.example.
      I'm afraid I wasn't able to deliver your message to the following addresses.
      This is a permanent error; I've given up. Sorry it didn't work out.

      <ann@there.example>:
      Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)
      I'm not going to try again; this message has been in the queue too long.

      --- Below this line is a copy of the message.
      \(returned)
      """),
    Notice(
      "Exim deferred too long", from: "Mail Delivery System <Mailer-Daemon@mx.here.example>",
      subject: "Mail delivery failed: returning message to sender", .soft,
      """
      This message was created automatically by mail delivery software.

      A message that you sent could not be delivered to one or more of its
      recipients. This is a permanent error. The following address(es) failed:

        ann@there.example
          retry timeout exceeded

      ------ This is a copy of the message, including all the headers. ------
      \(returned)
      """),
    Notice(
      "Exchange 5.5", from: "System Administrator <postmaster@there.example>", subject: "Undeliverable: Hello", .hard,
      """
      Your message

        To:      ann@there.example
        Subject: Hello
        Sent:    Mon, 1 Jan 2024 10:00:00 +0100

      did not reach the following recipient(s):

      ann@there.example on Mon, 1 Jan 2024 10:00:05 +0100
          The recipient name is not recognized
      \tThe MTS-ID of the original message is: c=us;a= ;p=org;l=MX0124
          MSEXCH:IMS:ORG:SITE:MX 0 (000C05A6) Unknown Recipient

      """),
    Notice(
      "Exchange 2010 text", from: "Microsoft Outlook <postmaster@there.example>", subject: "Undeliverable: Hello",
      .hard,
      """
      Delivery has failed to these recipients or groups:

      ann@there.example<mailto:ann@there.example>
      The e-mail address you entered couldn't be found. Please check the recipient's e-mail address and try to resend the message. If the problem continues, please contact your helpdesk.

      Diagnostic information for administrators:

      Generating server: mx.there.example

      ann@there.example
      #550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##

      Original message headers:
      \(returned)
      """),
    Notice(
      "Microsoft 365", from: "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@our.example>",
      subject: "Undeliverable: Hello", .soft,
      """
      Your message to ann@there.example couldn't be delivered.

      ann's mailbox is full and can't accept messages now.

      me\tOffice 365\tann
      Action Required\t\t\tRecipient

      Recipient's mailbox is full

      How to Fix It
      Ask the recipient by phone to free space.

      More Info for Email Admins
      Status code: 550 5.2.2

      """),
    Notice(
      "Gmail now", from: "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
      subject: "Delivery Status Notification (Failure)", .hard,
      """

      ** Address not found **

      Your message wasn't delivered to ann@there.example because the address couldn't be found, or is unable to receive mail.

      Learn more here: https://support.google.example/mail/?p=NoSuchUser

      The response was:

      550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's email address.

      """),
    Notice(
      "Gmail older", from: "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
      subject: "Delivery Status Notification (Failure)", .soft,
      """
      Delivery to the following recipient failed permanently:

           ann@there.example

      Technical details of permanent failure: 
      Google tried to deliver your message, but it was rejected by the server for the recipient domain there.example by mx.there.example. [192.0.2.1].

      The error that the other server returned was:
      552 5.2.2 Over quota

      ----- Original message -----
      \(returned)
      """),
    Notice(
      "Yahoo", from: "MAILER-DAEMON@yahoo.com", subject: "Failure Notice", .hard,
      """
      Sorry, we were unable to deliver your message to the following address.

      <ann@there.example>:
      550: Requested action not taken: mailbox unavailable

      --- Below this line is a copy of the message.
      \(returned)
      """),
    Notice(
      "Notes", from: "Mail Router <postmaster@there.example>",
      subject: "DELIVERY FAILURE: User ann (ann@there.example) not listed in Domino Directory", .hard,
      """
      Your message

        Subject: Hello

      was not delivered to:

        ann@there.example

      because:

        User ann (ann@there.example) not listed in Domino Directory

      """),
    Notice(
      "GroupWise", from: "Mailer-Daemon@there.example", subject: "Message status - undeliverable", .hard,
      """
      The message that you sent was undeliverable to the following:
      \tann@there.example (user not found)

      Possibly truncated original message follows:

      """),
    Notice(
      "IMail", from: "Postmaster <postmaster@there.example>", subject: "Undeliverable Mail", .hard,
      """
      Unknown user: ann@there.example

      Original message follows.
      \(returned)
      """),
    Notice(
      "IMail full", from: "Postmaster <postmaster@there.example>", subject: "Undeliverable Mail", .soft,
      """
      User mailbox exceeds allowed size: ann@there.example

      Original message follows.
      \(returned)
      """),
    Notice(
      "MailEnable", from: "postmaster@there.example", subject: "Message Delivery Failure", .hard,
      """
      MailEnable: Message could not be delivered to some recipients.
      The following recipient(s) could not be reached:

      \t[SMTP:ann@there.example]: Recipient mailbox not found (550 unknown user)

      Message headers follow:
      \(returned)
      """),
    Notice(
      "MDaemon", from: "MDaemon at mail.there.example <MDaemon@there.example>", subject: "Permanent Delivery Failure",
      .hard,
      """
      The attached message had PERMANENT fatal delivery errors.

      After one or more unsuccessful delivery attempts the attached message has
      been removed from the mail queue on this server.

      YOUR DATA FILE:
      Failed address: ann@there.example

      --- Session Transcript ---
       Mon 2024-01-01 10:00:00: --> RCPT To:<ann@there.example>
       Mon 2024-01-01 10:00:00: <-- 550 5.1.1 Recipient unknown
      --- End Transcript ---

      """),
    Notice(
      "CommuniGate", from: "MAILER-DAEMON@mx.there.example", subject: "Undeliverable mail: Hello", .soft,
      """
      Failed to deliver to '<ann@there.example>'
      LOCAL module(account ann) reports:
       account is full (quota exceeded)

      """),
    Notice(
      "Courier", from: "\"Courier mail server at mx.there.example\" <postmaster@there.example>",
      subject: "NOTICE: mail delivery status.", .hard,
      """
      This is a delivery status notification from mx.there.example,
      running the Courier mail server, version 0.65.2.

      The original message was received on Mon, 1 Jan 2024 10:00:00 +0100
      from our.example (mx.our.example [192.0.2.7])

      ---------------------------------------------------------------------------

                                 UNDELIVERABLE MAIL

      Your message to the following recipients cannot be delivered:

      <ann@there.example>:
          mx.there.example [192.0.2.8]:
      >>> RCPT TO:<ann@there.example>
      <<< 550 User unknown.

      """),
  ]
}
