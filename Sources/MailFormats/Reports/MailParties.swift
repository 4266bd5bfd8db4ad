/// The addresses in the header of a report and of what it returned: read when they are asked for, and once, as a report may
/// name hundreds of recipients.
final class MailParties {
  private let header: HeaderBlock
  private let returned: HeaderBlock?

  /// Addresses of each side that an answer is looked through for.
  private static let maximumCount = 50

  init(header: HeaderBlock, returned: HeaderBlock?) {
    self.header = header
    self.returned = returned
  }

  /// Fields that name the author of the returned message.
  var authorFields: [HeaderField] { returned.map { $0.all("return-path") + $0.all("from") } ?? [] }

  /// Who sent the message: the report went to the envelope sender, the returned message names the author.
  private(set) lazy var senders: [String] = [authorFields, header.all("to")].flatMap {
    $0.addresses.sorted().prefix(Self.maximumCount)
  }

  /// To whom the returned message was addressed; `nil` when none came back.
  private(set) lazy var addressees: Set<String>? = returned.map { ($0.all("to") + $0.all("cc")).addresses }
}
