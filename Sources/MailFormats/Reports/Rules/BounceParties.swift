/// Whom a message was from and to: what a server says of our own address or domain makes no recipient dead.
struct BounceParties {
  private let recipients: [[UInt8]]
  /// Read where an answer names no recipient; most do.
  private let senders: () -> [String]

  /// Nothing is known of either.
  static var none: BounceParties { BounceParties(recipients: [], senders: []) }

  init(recipients: some Sequence<String>, senders: @autoclosure @escaping () -> [String]) {
    self.recipients = recipients.map { Array($0.lowercased().utf8) }
    self.senders = senders
  }

  /// What mailers write between the recipient and the answer.
  private static let introductions: [[UInt8]] = ["said: ", "]: "].map { Array($0.utf8) }

  /// Whether an answer names a sender and no recipient: the address, or for an unknown host the domain.
  func isAboutSender(_ answer: [UInt8], reason: BounceReason) -> Bool {
    guard !recipients.isEmpty else { return false }
    let whole = answer.prefix(BounceRules.maximumTextLength).lowercasedBytes[...]
    let start = Self.introductions.compactMap { whole.firstRange(of: $0)?.upperBound }.min() ?? whole.startIndex
    let text = whole[start...]
    func names(_ address: [UInt8]) -> Bool {
      text.contains(reason == .hostUnknown ? Self.domain(address) : address)
    }
    return !recipients.contains(where: names) && senders().contains { names(Array($0.lowercased().utf8)) }
  }

  private static func domain(_ address: [UInt8]) -> [UInt8] {
    address.lastIndex(of: Octet.at).map { Array(address[($0 + 1)...]) } ?? address
  }
}
