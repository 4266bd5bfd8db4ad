/// A question for the MX records of a domain (RFC 1035 §4.1, §3.3.9).
public struct DNSQuestion: Sendable, Hashable {
  /// RFC 1035 §3.2.2.
  static let mailExchangerType: UInt16 = 15
  static let aliasType: UInt16 = 5
  static let internetClass: UInt16 = 1

  /// Told apart from other questions by it; to be chosen at random.
  public var id: UInt16
  /// ASCII, in lower case.
  public var domain: String

  /// - Throws: `DNSError.unaskable` for address literals, names without a dot, and what is no domain name.
  public init(id: UInt16, domain text: String) throws(DNSError) {
    guard let domain = try? DomainName.asciiForm(text), domain.contains("."), !domain.hasPrefix("[") else {
      throw .unaskable(String(text.prefix(80)))
    }
    self.id = id
    self.domain = domain
  }

  /// The message to send over UDP; over TCP its length goes before it in two bytes.
  public var bytes: [UInt8] {
    // Recursion desired, one question.
    var bytes: [UInt8] = [UInt8(id >> 8), UInt8(id & 0xFF), 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]
    for label in domain.split(separator: ".") {
      bytes.append(UInt8(label.utf8.count))
      bytes += label.utf8
    }
    return bytes + [0, 0, UInt8(Self.mailExchangerType), 0, UInt8(Self.internetClass)]
  }
}
