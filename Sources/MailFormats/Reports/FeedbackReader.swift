internal import MailModel

/// The fields of a message/feedback-report body (RFC 5965 §3).
struct FeedbackReport {
  static let maximumRecipients = 100
  /// Types that a person's complaint has; the others are statistics or the opposite of a complaint (RFC 5965 §7.3,
  /// RFC 6591, RFC 6430).
  private static let complaints: Set<String> = [
    "abuse", "fraud", "virus", "other", "opt-out", "opt-out-list", "miscategorized", "unsolicited",
  ]

  let type: String
  let recipients: [String]
  let originalMailFrom: String?
  let messageID: String?
  let reportingMTA: String?

  var isComplaint: Bool { Self.complaints.contains(type) }

  /// `nil` when the body has no Feedback-Type.
  init?(_ body: Octets) {
    let header = HeaderBlock.parse(body.drop { Octet.isSpace($0) }).header
    guard let value = header.first("feedback-type") else { return nil }
    type = value.valueBytes.prefix { !Octet.isSpace($0) && $0 != Octet.semicolon }.lowercasedBytes.utf8Text
    let named = header.all("original-rcpt-to") + header.all("removal-recipient") + header.all("original-recipient")
    var found: [String] = []
    for field in named.prefix(Self.maximumRecipients) {
      for mailbox in AddressList.parse(field.valueBytes) where !found.contains(mailbox.address) {
        found.append(mailbox.address)
      }
    }
    recipients = found
    originalMailFrom = header.value("original-mail-from")
    messageID = header.value("original-message-id")
    reportingMTA = header.value("reporting-mta")
  }
}
