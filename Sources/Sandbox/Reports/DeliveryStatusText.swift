internal import MailModel

/// A DSN as an MTA writes it (RFC 3462, RFC 3464).
struct DeliveryStatusText {
  var report: SandboxReport
  var status: EnhancedStatus
  var action: DSNAction

  func bytes(at now: Timestamp) -> [UInt8] {
    let boundary = "dsn-\(report.token)"
    let host = report.original.hostName
    let returned = report.original.returnsBody ? "message/rfc822" : "text/rfc822-headers"
    let head = """
      Date: \(MailDate.text(now))\r
      From: Mail Delivery System <MAILER-DAEMON@\(host)>\r
      To: \(report.addressee)\r
      Subject: \(action == .failed ? "Undelivered Mail Returned to Sender" : "Delayed Mail (still being retried)")\r
      Message-ID: <\(report.token)@\(host)>\r
      Auto-Submitted: auto-replied\r
      MIME-Version: 1.0\r
      Content-Type: multipart/report; report-type=delivery-status;\r
       boundary="\(boundary)"\r
      \r
      --\(boundary)\r
      Content-Type: text/plain; charset=utf-8\r
      Content-Transfer-Encoding: 8bit\r
      \r
      \(words)\r
      --\(boundary)\r
      Content-Type: message/delivery-status\r
      \r
      \(fields(at: now))\r
      --\(boundary)\r
      Content-Type: \(returned)\r
      Content-Transfer-Encoding: 8bit\r
      \r

      """
    let original = report.original.returnsBody ? report.original.content : report.original.header
    return Array(head.utf8) + original + Array("\r\n--\(boundary)--\r\n".utf8)
  }

  private var words: String {
    let what =
      action == .failed
      ? "Your message could not be delivered to this recipient."
      : "Your message has not been delivered yet. It is still being tried; you need not send it again."
    return "This is the mail system at host \(report.original.hostName).\r\n\r\n\(what)\r\n\r\n"
      + "<\(report.recipient)>: \(diagnostic)\r\n"
  }

  private var diagnostic: String {
    "\(status.statusClass == 5 ? 550 : 452) \(status) <\(report.recipient)>: \(status.explanation)"
  }

  /// The fields about the message, an empty line, those about the recipient.
  private func fields(at now: Timestamp) -> String {
    var lines = ["Reporting-MTA: dns; \(report.original.hostName)"]
    if let id = report.original.envelopeID { lines.append("Original-Envelope-Id: \(id.singleLine)") }
    lines += ["Arrival-Date: \(MailDate.text(report.original.takenAt))", ""]
    lines.append("Final-Recipient: rfc822; \(report.recipient)")
    let original = report.originalRecipient ?? "rfc822;\(report.recipient)"
    lines.append("Original-Recipient: \(original.singleLine)")
    lines += [
      "Action: \(action.rawValue)", "Status: \(status)", "Remote-MTA: dns; mx.demo.invalid",
      "Diagnostic-Code: smtp; \(diagnostic)", "Last-Attempt-Date: \(MailDate.text(now))",
    ]
    return lines.map { $0 + "\r\n" }.joined()
  }
}

extension String {
  /// Without control characters, which xtext can carry.
  var singleLine: String {
    String(String.UnicodeScalarView(unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }))
  }
}
