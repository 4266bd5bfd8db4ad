/// The id that Amazon SES gives a message: in its reply to the final dot (`250 Ok 0100018c…-000000`), in its events as
/// `mail.messageId`, and in what it delivers and returns as `<0100018c…-000000@eu-west-1.amazonses.com>`.
enum ProviderID {
  /// - Parameter messageID: with its brackets. - Returns: `nil` when it is not of this form.
  static func inside(_ messageID: String) -> String? {
    let parts = messageID.dropFirst().dropLast().split(separator: "@", omittingEmptySubsequences: false)
    guard let id = parts.first, (20...100).contains(id.utf8.count), id.utf8.first == 0x30,
      id.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == 0x2D })
    else { return nil }
    let isOfProvider = parts.count == 2 && (parts[1] == "amazonses.com" || parts[1].hasSuffix(".amazonses.com"))
    return parts.count == 1 || isOfProvider ? String(id) : nil
  }
}
