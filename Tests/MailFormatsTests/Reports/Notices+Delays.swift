/// Warnings that a message waits: no bounces.
extension Notice {
  static let delays = [
    Notice(
      "sendmail warning", from: "Mail Delivery Subsystem <MAILER-DAEMON@mx.here.example>",
      subject: "Warning: could not send message for past 4 hours", nil,
      """
          **********************************************
          **      THIS IS A WARNING MESSAGE ONLY      **
          **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **
          **********************************************

      The original message was received at Mon, 1 Jan 2024 10:00:00 +0100

         ----- Transcript of session follows -----
      <ann@there.example>... Deferred: Connection timed out with mx.there.example.
      Warning: message still undelivered after 4 hours
      Will keep trying until message is 5 days old

      """),
    Notice(
      "Exim warning", from: "Mail Delivery System <Mailer-Daemon@mx.here.example>",
      subject: "Warning: message 1abc-0000-00 delayed 24 hours", nil,
      """
      This message was created automatically by mail delivery software.
      A message that you sent has not yet been delivered to one or more of its
      recipients after more than 24 hours on the queue on mx.here.example.

      The address to which the message has not yet been delivered is:

        ann@there.example
          Delay reason: connection timed out

      No action is required on your part. Delivery attempts will continue for
      some time, and this warning may be repeated at intervals if the message
      remains undelivered.

      """),
    Notice(
      "German, without umlauts", from: "Mail-System <mailer-daemon@there.example>", subject: "Zustellung verzoegert",
      nil,
      "Ihre Nachricht an\n\n   <ann@there.example>\n\nkonnte bisher nicht zugestellt werden. Wir versuchen es weitere 3 Tage.\n"
    ),
    Notice(
      "Exchange delay", from: "postmaster@there.example", subject: "Delivery delayed: Hello", nil,
      """
      Delivery is delayed to these recipients or groups:

      ann@there.example (ann@there.example)

      Subject: Hello

      This message hasn't been delivered yet. Delivery will continue to be attempted.

      The server will keep trying to deliver this message for the next 1 days, 19 hours.

      """),
    Notice(
      "Gmail delay", from: "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
      subject: "Delivery Status Notification (Delay)", nil,
      """
      ** Delivery incomplete **

      There was a temporary problem delivering your message to ann@there.example. Gmail will retry for 46 more hours. You'll be notified if the delivery fails permanently.

      """),
    Notice(
      "qmail delay", from: "MAILER-DAEMON@mx.there.example", subject: "deferral notice", nil,
      """
      Hi. This is the qmail-delaysend program at mx.there.example. I'm afraid I haven't been able to deliver your message to the following addresses yet. I'll keep trying; this is only a warning.

      <ann@there.example>:
      connection refused

      """),
    Notice(
      "German delay", from: "Mail Delivery System <mailer-daemon@web.example>", subject: "Verzögerte Zustellung", nil,
      """
      Ihre Nachricht konnte noch nicht zugestellt werden an:

      <ann@there.example>

      Die Zustellversuche werden fortgesetzt. Sie müssen die Nachricht nicht erneut senden.

      """),
    Notice(
      "Exchange delay in Swedish", from: "postmaster@here.example", subject: "Leverans fördröjd:Hej", nil,
      """
      Leveransen är fördröjd till följande mottagare eller grupper:

      ann@there.example (ann@there.example)

      Meddelandet har ännu inte levererats. Leveransförsöken fortsätter.

      """),
    Notice(
      "a sentence names whom the message waits for", from: "Mail Delivery System <mailer-daemon@here.example>",
      subject: "Delivery Delayed", nil,
      """
      Message from <me@our.example> to <ann@there.example> is delayed: network error. We will try again later.

      """),
  ]
}
