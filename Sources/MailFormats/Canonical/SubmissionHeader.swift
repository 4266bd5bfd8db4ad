/// What a submitted message says about itself: everything that a way in (`enqueue`, `sendmail -t`) needs to know.
public struct SubmissionHeader: Sendable, Equatable {
  /// More recipients than this in one message are refused.
  public static let maximumRecipients = 1_000

  /// The one address in From.
  public var from: Address
  /// To, Cc and Bcc in this order, each address once.
  public var recipients: [Address]
  /// Decoded, for people.
  public var subject: String
  /// With its angle brackets; `nil` when the message has none.
  public var messageID: String?
  public var hasDate: Bool

  /// Reads the header of a message as submitted (before Bcc is removed).
  ///
  /// - Throws: ``CanonicalError`` when there is not exactly one From address or a named address is not one. A message
  ///   without recipients is fine here: the command line may name them.
  public init(parsing bytes: [UInt8]) throws(CanonicalError) {
    let header = try CanonicalMessage.read(bytes).header
    guard let field = header.first("from") else { throw .missingFrom }
    let mailboxes = AddressList.parseStrictly(field.value)
    guard mailboxes.count <= 1 else { throw .severalFrom }
    guard let mailbox = mailboxes.first else { throw .missingFrom }
    from = try Self.address(mailbox.address, field: "From")
    recipients = try Self.recipients(in: header)
    subject = header.first("subject").map { EncodedWord.decode($0.value) } ?? ""
    messageID = try Self.messageID(in: header)
    hasDate = header.has("date")
  }

  private static func recipients(in header: HeaderLines) throws(CanonicalError) -> [Address] {
    var result: [Address] = []
    var seen: Set<Address> = []
    for (name, title) in [("to", "To"), ("cc", "Cc"), ("bcc", "Bcc")] {
      let written = header.first(name)?.value ?? []
      for mailbox in AddressList.parseStrictly(written) {
        let address = try address(mailbox.address, field: title)
        // The obsolete syntax joins words across spaces and comments: "<a b@x>" would go to somebody else, "ab@x".
        guard written.utf8Text.contains(mailbox.address) else {
          throw .badAddress(field: title, text: mailbox.address, .forbiddenCharacter("a space or a comment"))
        }
        guard seen.insert(address).inserted else { continue }
        guard result.count < maximumRecipients else { throw .tooManyRecipients(limit: maximumRecipients) }
        result.append(address)
      }
    }
    return result
  }

  private static func address(_ text: String, field: String) throws(CanonicalError) -> Address {
    do {
      return try Address(parsing: text)
    } catch {
      throw .badAddress(field: field, text: String(text.prefix(120)), error)
    }
  }

  private static func messageID(in header: HeaderLines) throws(CanonicalError) -> String? {
    guard let value = header.first("message-id")?.value.utf8Text, !value.isEmpty else { return nil }
    let inner = value.utf8.dropFirst().dropLast()
    let isPlain = inner.allSatisfy { $0 > 32 && $0 < 127 && $0 != Octet.less && $0 != Octet.greater }
    guard value.hasPrefix("<"), value.hasSuffix(">"), (3...500).contains(inner.count), isPlain else {
      throw .malformedMessageID(String(value.prefix(120)))
    }
    return value
  }
}
