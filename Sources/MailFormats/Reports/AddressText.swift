/// Addresses inside free text.
enum AddressText {
  private static func isLocal(_ byte: UInt8) -> Bool {
    if Octet.isLetter(byte) || Octet.isDigit(byte) || byte >= 0x80 { return true }
    return switch byte {
    case 33, 35...38, 43, 45, 46, 47, 61, 63, 94...96, 123...126: true
    default: false
    }
  }

  private static func isDomain(_ byte: UInt8) -> Bool {
    Octet.isLetter(byte) || Octet.isDigit(byte) || byte == Octet.dash || byte == Octet.dot || byte == 0x5F
      || byte == 0x23
  }

  /// The address that `text` begins with.
  static func read(_ text: Octets) -> Octets? {
    var local = text.prefix(256).prefix(while: isLocal)
    if local.endIndex < text.endIndex, text[local.endIndex] == 0x27, local.last.map(Octet.isLetter) == true {
      // O'Brien
      let rest = text[(local.endIndex + 1)...].prefix(256).prefix(while: isLocal)
      if rest.first.map(Octet.isLetter) == true { local = text[local.startIndex..<rest.endIndex] }
    }
    guard local.endIndex < text.endIndex, text[local.endIndex] == Octet.at else { return nil }
    return around(text, at: local.endIndex)
  }

  /// The address around the `@` at `at`.
  static func around(_ text: Octets, at: Int) -> Octets? {
    var start = at
    while start > text.startIndex, at - start < 256, isLocal(text[start - 1]) { start -= 1 }
    start = beforeApostrophe(text, start: start)
    var end = at + 1
    while end < text.endIndex, end - at < 256, isDomain(text[end]) { end += 1 }
    while end > at + 1, text[end - 1] == Octet.dot || text[end - 1] == Octet.dash { end -= 1 }
    while start < at,
      text[start] == 0x27 || text[start] == Octet.equals || text[start] == 0x60 || text[start] == Octet.dot
    { start += 1 }
    start = afterWidePunctuation(text, from: start, to: at)
    guard start < at, end > at + 1, text[(at + 1)..<end].contains(Octet.dot) else { return nil }
    return text[start..<end]
  }

  /// Where the address starts when its local part has an apostrophe in it, as O'Brien's has. French puts one before
  /// words too, so that something must open the address unless the one letter before the apostrophe is an o.
  private static func beforeApostrophe(_ text: Octets, start: Int) -> Int {
    guard start - 1 > text.startIndex, text[start - 1] == 0x27, Octet.isLetter(text[start]),
      Octet.isLetter(text[start - 2])
    else { return start }
    var first = start - 1
    while first > text.startIndex, start - first < 64, isLocal(text[first - 1]) { first -= 1 }
    let isOpened =
      first == text.startIndex || text[first - 1] == Octet.less || text[first - 1] == Octet.quote
      || text[first - 1] == Octet.colon
    let isIrish = start - first == 2 && Octet.lower(text[first]) == UInt8(ascii: "o")
    return isOpened || isIrish ? first : start
  }

  /// Where the address starts when wide punctuation, as in （a@b） or “a@b”, stands before it: U+2010–U+205F,
  /// U+3000–U+303F, U+FF00–U+FFFF are part of no address.
  private static func afterWidePunctuation(_ text: Octets, from start: Int, to at: Int) -> Int {
    var result = start
    var index = start
    while index + 2 < at {
      let (first, second) = (text[index], text[index + 1])
      let isPunctuation =
        (first == 0xE2 && second == 0x80) || (first == 0xE3 && second == 0x80) || (first == 0xEF && second >= 0xBC)
      if isPunctuation {
        result = index + 3
        index += 3
      } else {
        index += 1
      }
    }
    return result
  }
}
