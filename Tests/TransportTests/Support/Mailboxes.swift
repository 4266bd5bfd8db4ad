import MailFormats

@testable import Transport

extension IMAPConnection {
  /// Fetches one window as a scan does, and flags nothing.
  func mails(_ uids: ClosedRange<UInt32>, maximumBytes: Int = 1_000) throws -> [FetchedMail] {
    var windows = [uids]
    var mails: [FetchedMail] = []
    try fetch(
      maximumBytes: maximumBytes,
      FetchSteps(next: { windows.popLast() }, each: { mails.append($0) }, ended: { _ in [] }, flagged: { _ in }))
    return mails
  }

  /// Adds a mail to a mailbox, as if it had come at `date` (RFC 3501 §9, `date-time`).
  func append(_ mail: [UInt8], to mailbox: String = "INBOX", at date: String? = nil) throws(IMAPFailure) {
    let command = "APPEND \(mailbox) \(date.map { "\"\($0)\" " } ?? ""){\(mail.count)}"
    let tag = try begin(command)
    while let response = try nextResponse(of: tag, command) {
      if case .continuation = response { try write(mail + [0x0D, 0x0A]) }
    }
  }
}
