internal import MailModel

/// Feedback reports, vacation notices and answers.
extension SandboxReport {
  /// A feedback report about abuse (RFC 5965), with the whole original.
  func feedbackReport(at now: Timestamp) -> [UInt8] {
    let boundary = "arf-\(token)"
    let domain = recipient.split(separator: "@").last ?? "demo.invalid"
    let head = """
      Date: \(MailDate.text(now))\r
      From: <feedback@\(domain)>\r
      To: \(addressee)\r
      Subject: Complaint about message from 127.0.0.1\r
      Message-ID: <\(token)@\(domain)>\r
      MIME-Version: 1.0\r
      Content-Type: multipart/report; report-type=feedback-report;\r
       boundary="\(boundary)"\r
      \r
      --\(boundary)\r
      Content-Type: text/plain; charset=us-ascii\r
      Content-Transfer-Encoding: 7bit\r
      \r
      This is an email abuse report for a message received from 127.0.0.1\r
      on \(MailDate.text(original.takenAt)).\r
      \r
      --\(boundary)\r
      Content-Type: message/feedback-report\r
      \r
      Feedback-Type: abuse\r
      User-Agent: PostroomSandbox/1.0\r
      Version: 1\r
      Original-Mail-From: <\(original.envelopeSender)>\r
      Original-Rcpt-To: <\(recipient)>\r
      Arrival-Date: \(MailDate.text(original.takenAt))\r
      Reported-Domain: \(original.envelopeSender.split(separator: "@").last ?? "unknown")\r
      Source-IP: 127.0.0.1\r
      \r
      --\(boundary)\r
      Content-Type: message/rfc822\r
      Content-Disposition: inline\r
      \r

      """
    return Array(head.utf8) + original.content + Array("\r\n--\(boundary)--\r\n".utf8)
  }

  /// A vacation notice (RFC 3834, RFC 5230).
  func vacationNotice(at now: Timestamp) -> [UInt8] {
    let text = """
      \(answerHeader(at: now, subject: "Out of office: \(original.subject)"))Auto-Submitted: auto-replied (vacation)\r
      Precedence: junk\r
      \r
      I am away until Monday and will read your message then.\r

      """
    return Array(text.utf8)
  }

  /// What a person writes back.
  func answer(at now: Timestamp) -> [UInt8] {
    let text = """
      \(answerHeader(at: now, subject: "Re: \(original.subject)"))\r
      Thank you, that is what I was looking for.\r
      Could we talk about it on Thursday?\r

      """
    return Array(text.utf8)
  }

  private func answerHeader(at now: Timestamp, subject: String) -> String {
    let domain = recipient.split(separator: "@").last ?? "demo.invalid"
    var header = """
      Date: \(MailDate.text(now))\r
      From: <\(recipient)>\r
      To: <\(addressee)>\r
      Subject: \(subject.singleLine)\r
      Message-ID: <\(token)@\(domain)>\r
      MIME-Version: 1.0\r
      Content-Type: text/plain; charset=utf-8\r

      """
    if let id = original.messageID { header += "In-Reply-To: \(id)\r\nReferences: \(id)\r\n" }
    return header
  }
}
