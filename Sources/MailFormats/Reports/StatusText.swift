internal import MailModel

/// Enhanced status codes and reply codes inside free text.
enum StatusText {
  /// The first `class.subject.detail` of class 4 or 5 (or 2) that stands alone, not part of an address or a version.
  static func first(in text: Octets) -> EnhancedStatus? { all(in: text, limit: 1).first }

  static func all(in text: Octets, limit: Int) -> [EnhancedStatus] {
    var found: [EnhancedStatus] = []
    var index = text.startIndex
    while index + 4 < text.endIndex, found.count < limit {
      guard text[index + 1] == Octet.dot, text[index] == 52 || text[index] == 53 || text[index] == 50,
        index == text.startIndex || isBoundary(text[index - 1]), let (status, end) = code(text, at: index)
      else {
        index += 1
        continue
      }
      found.append(status)
      index = end
    }
    return found
  }

  private static func isBoundary(_ byte: UInt8) -> Bool {
    !Octet.isDigit(byte) && !Octet.isLetter(byte) && byte != Octet.dot && byte != Octet.at
  }

  private static func code(_ text: Octets, at start: Int) -> (EnhancedStatus, Int)? {
    let tail = text[start...].prefix(12)
    let fields = tail.prefix { Octet.isDigit($0) || $0 == Octet.dot }
    var trimmed = fields
    while trimmed.last == Octet.dot { trimmed = trimmed.dropLast() }
    let end = trimmed.endIndex
    if end < text.endIndex, Octet.isLetter(text[end]) || text[end] == Octet.at { return nil }
    guard let status = EnhancedStatus(trimmed.utf8Text) else { return nil }
    return (status, end)
  }

  /// The first reply code 4xx or 5xx that looks like one: three digits, then a space, dash, or the end.
  static func replyCode(in text: Octets) -> Int? {
    var index = text.startIndex
    while index + 2 < text.endIndex {
      let first = text[index]
      if first == 52 || first == 53, (48...53).contains(text[index + 1]), Octet.isDigit(text[index + 2]),
        index == text.startIndex || isCodeStart(text[index - 1]),
        index + 3 == text.endIndex || isCodeEnd(text[index + 3])
      {
        return (Int(first) - 48) * 100 + (Int(text[index + 1]) - 48) * 10 + Int(text[index + 2]) - 48
      }
      index += 1
    }
    return nil
  }

  private static func isCodeStart(_ byte: UInt8) -> Bool {
    Octet.isSpace(byte) || byte == Octet.colon || byte == 0x28 || byte == 0x5B || byte == Octet.semicolon
      || byte == 0x23
      || byte == Octet.quote
  }

  private static func isCodeEnd(_ byte: UInt8) -> Bool {
    Octet.isSpace(byte) || byte == Octet.dash || byte == Octet.colon || byte == 0x29 || byte == 0x5D
      || byte == 0x2C
  }
}
