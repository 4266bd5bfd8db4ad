/// Why a value may not stand in a header.
public enum HeaderError: Error, Equatable, Sendable, CustomStringConvertible {
  /// CR, LF, NUL or another control character: never stripped, always refused (fault 19).
  case forbiddenCharacter(field: String, codePoint: UInt32)
  case malformedName(String)
  case tooLong(field: String, limit: Int)

  public var description: String {
    switch self {
    case .forbiddenCharacter(let field, let code): "\(field) contains the control character \(code)"
    case .malformedName(let name): "\"\(name)\" is not the name of a header field"
    case .tooLong(let field, let limit): "\(field) is longer than \(limit) bytes"
    }
  }
}

/// Values → header fields: encoded words (RFC 2047), folding (RFC 5322 §2.2.3).
public enum HeaderEncoder {
  /// The longest value taken, in bytes before encoding.
  public static let maximumValueLength = 8_192
  static let lineLength = 76

  /// `Name: value` in folded lines joined and ended by CRLF; unstructured, non-ASCII becomes encoded words.
  ///
  /// - Throws: ``HeaderError``.
  public static func field(_ name: String, text: String) throws(HeaderError) -> [UInt8] {
    try check(name, text)
    return folded(name, words: try words(text, used: name.utf8.count + 2))
  }

  /// An address field; display names are quoted or encoded, addresses kept as they are.
  public static func field(_ name: String, mailboxes: [NamedAddress]) throws(HeaderError) -> [UInt8] {
    var parts: [String] = []
    for (offset, mailbox) in mailboxes.enumerated() {
      try check(name, mailbox.displayName)
      let end = offset < mailboxes.count - 1 ? "," : ""
      if mailbox.displayName.isEmpty {
        parts.append("\(mailbox.address)\(end)")
      } else {
        parts += phrase(mailbox.displayName) + ["<\(mailbox.address)>\(end)"]
      }
    }
    return folded(name, words: parts)
  }

  /// A structured field whose value is already in its final form: checked, folded at spaces, not encoded.
  public static func field(_ name: String, structured value: String) throws(HeaderError) -> [UInt8] {
    try check(name, value)
    return folded(name, words: value.split(separator: " ").map(String.init))
  }

  private static func check(_ name: String, _ value: String) throws(HeaderError) {
    let isName = name.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != Octet.colon }
    guard !name.isEmpty, name.utf8.count <= 77, isName else { throw .malformedName(String(name.prefix(80))) }
    guard value.utf8.count <= maximumValueLength else { throw .tooLong(field: name, limit: maximumValueLength) }
    for scalar in value.unicodeScalars
    where scalar.value < 32 && scalar.value != 9 || (127..<160).contains(scalar.value) {
      throw .forbiddenCharacter(field: name, codePoint: scalar.value)
    }
    // Line separators of Unicode end a line for some receivers.
    for scalar in value.unicodeScalars where scalar.value == 0x2028 || scalar.value == 0x2029 {
      throw .forbiddenCharacter(field: name, codePoint: scalar.value)
    }
  }

  private static func words(_ text: String, used: Int) throws(HeaderError) -> [String] {
    let longest = text.utf8.split(separator: Octet.space).map(\.count).max() ?? 0
    let isPlain = text.utf8.allSatisfy { $0 < 0x80 } && !text.contains("=?") && longest < 900
    return isPlain ? text.split(separator: " ", omittingEmptySubsequences: false).map(String.init) : encodedWords(text)
  }

  /// A display name as an atom phrase, a quoted string or encoded words.
  private static func phrase(_ name: String) -> [String] {
    guard name.utf8.allSatisfy({ $0 < 0x80 }), !name.contains("=?"), name.utf8.count < 60 else {
      return encodedWords(name)
    }
    let isAtoms = name.utf8.allSatisfy {
      Octet.isLetter($0) || Octet.isDigit($0) || $0 == Octet.space || $0 == Octet.dash
    }
    if isAtoms { return [name] }
    let escaped = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return ["\"\(escaped)\""]
  }

  /// B-encoded UTF-8 words of at most 75 characters, cut between characters (RFC 2047 §2, §5).
  private static func encodedWords(_ text: String) -> [String] {
    var words: [String] = []
    var bytes: [UInt8] = []
    func flush() {
      if !bytes.isEmpty { words.append("=?utf-8?B?\(Base64.encode(bytes[...]).utf8Text)?=") }
      bytes = []
    }
    for scalar in text.unicodeScalars {
      let encoded = Array(String(scalar).utf8)
      if bytes.count + encoded.count > 39 { flush() }
      bytes += encoded
    }
    flush()
    return words
  }

  private static func folded(_ name: String, words: [String]) -> [UInt8] {
    var result = Array("\(name):".utf8)
    var column = result.count
    for (offset, word) in words.enumerated() {
      let width = word.utf8.count + 1
      // A fold before an empty word would leave a line of white space.
      if offset > 0, column + width > lineLength, !word.isEmpty {
        result += [Octet.cr, Octet.lf]
        column = 0
      }
      result.append(Octet.space)
      result += Array(word.utf8)
      column += width
    }
    return result + [Octet.cr, Octet.lf]
  }
}
