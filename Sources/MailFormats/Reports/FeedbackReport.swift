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
    type = value.valueBytes.prefix { !Octet.isSpace($0) && $0 != Octet.semicolon }.lowercasedText
    let named = header.all("original-rcpt-to") + header.all("removal-recipient") + header.all("original-recipient")
    recipients = Self.addresses(named.map(\.valueBytes))
    originalMailFrom = header.value("original-mail-from")
    messageID = header.value("original-message-id")
    reportingMTA = header.value("reporting-mta")
  }

  /// The addresses that `values` name, each once. What providers leave of an address that they hide, as in `redacted@`,
  /// is none.
  static func addresses(_ values: [[UInt8]]) -> [String] {
    var found: [String] = []
    for value in values.prefix(maximumRecipients) {
      for mailbox in AddressList.parse(value.prefix(maximumFieldLength))
      where found.count < maximumRecipients && isWhole(mailbox.address) && !found.contains(mailbox.address) {
        found.append(mailbox.address)
      }
    }
    return found
  }

  private static let maximumFieldLength = 16 << 10

  private static func isWhole(_ address: String) -> Bool {
    guard let at = address.utf8.lastIndex(of: Octet.at) else { return false }
    return at > address.startIndex && address.utf8.index(after: at) < address.endIndex
  }
}
