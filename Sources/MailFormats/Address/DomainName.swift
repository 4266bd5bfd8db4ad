import Foundation

/// Domain names as SMTP carries them: ASCII, lower case (RFC 5321 §2.3.5, RFC 5890).
enum DomainName {
  /// RFC 1035 §2.3.4, without the root's dot.
  static let maximumLength = 253
  static let maximumLabelLength = 63

  /// The A-label form of `text`. Address literals keep their brackets.
  static func asciiForm(_ text: String) throws(AddressError) -> String {
    guard !text.isEmpty else { throw .emptyDomain }
    if text.hasPrefix("[") { return try literal(text) }
    let dotted = text.map { "\u{3002}\u{FF0E}\u{FF61}".contains($0) ? "." : $0 }
    var labels: [String] = []
    for label in String(dotted).split(separator: ".", omittingEmptySubsequences: false) {
      labels.append(try asciiLabel(String(label)))
    }
    let domain = labels.joined(separator: ".")
    guard domain.utf8.count <= maximumLength else { throw .tooLong(part: "domain") }
    return domain
  }

  private static func asciiLabel(_ label: String) throws(AddressError) -> String {
    guard !label.isEmpty else { throw .malformedDomain(label) }
    var ascii = label.lowercased()
    if !ascii.utf8.allSatisfy({ $0 < 0x80 }) {
      guard let encoded = Punycode.encode(ascii.precomposedStringWithCompatibilityMapping.lowercased()) else {
        throw .malformedDomain(label)
      }
      ascii = encoded
    }
    guard ascii.utf8.count <= maximumLabelLength else { throw .tooLong(part: "domain label") }
    let isLDH = ascii.utf8.allSatisfy { Octet.isLetter($0) || Octet.isDigit($0) || $0 == Octet.dash }
    guard isLDH, ascii.utf8.first != Octet.dash, ascii.utf8.last != Octet.dash else { throw .malformedDomain(label) }
    return ascii
  }

  /// `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321 §4.1.3), checked for its characters only.
  private static func literal(_ text: String) throws(AddressError) -> String {
    let inner = text.dropFirst().dropLast()
    let allowed = inner.utf8.allSatisfy {
      Octet.isDigit($0) || Octet.isLetter($0) || $0 == Octet.colon || $0 == Octet.dot || $0 == Octet.dash
    }
    guard text.hasSuffix("]"), (1...64).contains(inner.utf8.count), allowed else { throw .malformedDomain(text) }
    return text
  }
}
