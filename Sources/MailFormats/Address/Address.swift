/// An envelope address that is safe to write into MAIL FROM and RCPT TO (RFC 5321 §4.1.2, RFC 6531 §3.3).
///
/// The domain is in lower case with A-labels; the local part is kept as it was written, because its case and its
/// encoding belong to the receiving host.
public struct Address: Hashable, Sendable, CustomStringConvertible {
  /// RFC 5321 §4.5.3.1.3 allows a path of 256 bytes with its brackets.
  public static let maximumLength = 254
  /// RFC 5321 §4.5.3.1.1.
  public static let maximumLocalPartLength = 64

  public let localPart: String
  /// A-labels in lower case, or an address literal in square brackets.
  public let domain: String

  public var description: String { "\(localPart)@\(domain)" }

  /// Reads exactly one address, nothing around it: no brackets, no display name, no source route.
  ///
  /// - Throws: ``AddressError``.
  public init(parsing text: String) throws(AddressError) {
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty else { throw .empty }
    guard bytes.count <= Self.maximumLength * 4 else { throw .tooLong(part: "address") }
    try Self.rejectForbidden(text)
    guard let at = bytes.lastIndex(of: Octet.at) else { throw .missingAt }
    let local = bytes[..<at]
    guard !local.isEmpty else { throw .emptyLocalPart }
    guard local.count <= Self.maximumLocalPartLength else { throw .tooLong(part: "part before the @") }
    guard Self.isDotAtom(local) || Self.isQuotedString(local) else { throw .malformedLocalPart }
    domain = try DomainName.asciiForm(bytes[(at + 1)...].utf8Text)
    localPart = local.utf8Text
    guard localPart.utf8.count + 1 + domain.utf8.count <= Self.maximumLength else { throw .tooLong(part: "address") }
  }

  private static func rejectForbidden(_ text: String) throws(AddressError) {
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0: throw .forbiddenCharacter("NUL")
      case 10: throw .forbiddenCharacter("a line feed")
      case 13: throw .forbiddenCharacter("a carriage return")
      case 0x20: throw .forbiddenCharacter("a space")
      case 0x3C, 0x3E: throw .forbiddenCharacter("an angle bracket")
      case ..<0x20, 0x7F..<0xA0: throw .forbiddenCharacter("a control character")
      case 0x2028, 0x2029, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF, 0xFFFD:
        throw .forbiddenCharacter("an invisible or unreadable character")
      default: if scalar.properties.isWhitespace { throw .forbiddenCharacter("a space") }
      }
    }
  }

  private static func isDotAtom(_ bytes: Octets) -> Bool {
    guard bytes.first != Octet.dot, bytes.last != Octet.dot, !bytes.contains([Octet.dot, Octet.dot]) else {
      return false
    }
    return bytes.allSatisfy { $0 == Octet.dot || isAtomText($0) }
  }

  /// RFC 5322 §3.2.3 atext, and UTF-8 as RFC 6532 adds it.
  private static func isAtomText(_ byte: UInt8) -> Bool {
    if byte >= 0x80 || Octet.isLetter(byte) || Octet.isDigit(byte) { return true }
    return switch byte {
    case 33, 35...39, 42, 43, 45, 47, 61, 63, 94...96, 123...126: true
    default: false
    }
  }

  /// RFC 5321 §4.1.2 Quoted-string without the characters rejected before (space, brackets).
  private static func isQuotedString(_ bytes: Octets) -> Bool {
    guard bytes.count > 2, bytes.first == Octet.quote, bytes.last == Octet.quote else { return false }
    var index = bytes.startIndex + 1
    let end = bytes.endIndex - 1
    while index < end {
      if bytes[index] == Octet.quote { return false }
      index += bytes[index] == Octet.backslash ? 2 : 1
    }
    return index == end
  }
}
