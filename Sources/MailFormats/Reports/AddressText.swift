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
    if text.first == Octet.quote { return readQuoted(text) }
    var local = text.prefix(256).prefix(while: isLocal)
    if local.endIndex < text.endIndex, text[local.endIndex] == 0x27, local.last.map(Octet.isLetter) == true {
      // O'Brien
      let rest = text[(local.endIndex + 1)...].prefix(256).prefix(while: isLocal)
      if rest.first.map(Octet.isLetter) == true { local = text[local.startIndex..<rest.endIndex] }
    }
    guard local.endIndex < text.endIndex, text[local.endIndex] == Octet.at else { return nil }
    return around(text, at: local.endIndex)
  }

  private static func readQuoted(_ text: Octets) -> Octets? {
    guard let close = text.dropFirst().prefix(66).firstIndex(of: Octet.quote), close + 1 < text.endIndex,
      text[close + 1] == Octet.at
    else { return nil }
    return around(text, at: close + 1)
  }

  /// The address around the `@` at `at`.
  static func around(_ text: Octets, at: Int) -> Octets? {
    if let start = quotedLocal(text, endingAt: at) { return domainEnd(text, from: at).map { text[start..<$0] } }
    var start = at
    while start > text.startIndex, at - start < 256, isLocal(text[start - 1]) { start -= 1 }
    start = beforeApostrophe(text, start: start)
    while start < at, [0x27, Octet.equals, 0x60, Octet.dot, 0x7B, 0x7C].contains(text[start]) { start += 1 }
    guard start < at else { return nil }
    start = afterWidePunctuation(text, from: start, to: at)
    // An address of X.400 or of a log holds ours: `dda:SMTP=a@b;`.
    if text[start..<at].starts(with: "smtp=") { start += 5 }
    start = afterFolders(text, from: start, to: at)
    guard start < at, let end = domainEnd(text, from: at) else { return nil }
    return text[start..<end]
  }

  /// Where the address starts in a file's path, `/var/mail/ann@there.example`. Addresses of X.400 have slashes too:
  /// `/G=Ann/S=Lee/@there.example`.
  private static func afterFolders(_ text: Octets, from start: Int, to at: Int) -> Int {
    let slash = UInt8(ascii: "/")
    guard text[start] == slash, !text[start..<at].contains(Octet.equals), let last = text[..<at].lastIndex(of: slash)
    else { return start }
    return last + 1
  }

  /// Where the domain after the `@` at `at` ends; `nil` when there is none.
  private static func domainEnd(_ text: Octets, from at: Int) -> Int? {
    var end = at + 1
    if end < text.endIndex, text[end] == 0x5B { return literalEnd(text, from: end) }
    while end < text.endIndex, end - at < 256 {
      if isDomain(text[end]) {
        end += 1
      } else if isLetterPair(text, at: end) {
        end += 2
      } else {
        break
      }
    }
    while end > at + 1, text[end - 1] == Octet.dot || text[end - 1] == Octet.dash { end -= 1 }
    return end > at + 1 && text[(at + 1)..<end].contains(Octet.dot) ? end : nil
  }

  /// Whether a Latin, Greek or Cyrillic letter outside ASCII stands there, as in `a@müller.example`. Scripts that put no
  /// spaces between words would make what follows part of the domain.
  private static func isLetterPair(_ text: Octets, at index: Int) -> Bool {
    (0xC3...0xD4).contains(text[index]) && index + 1 < text.endIndex && (0x80...0xBF).contains(text[index + 1])
  }

  /// The end of an address literal: `[192.0.2.1]`.
  private static func literalEnd(_ text: Octets, from open: Int) -> Int? {
    guard let close = text.index(of: 0x5D, from: open, within: 60) else { return nil }
    let host = text[(open + 1)..<close]
    let isHost = host.allSatisfy { Octet.hexValue($0) != nil || $0 == Octet.dot || $0 == Octet.colon }
    return isHost && host.contains(where: Octet.isDigit) ? close + 1 : nil
  }

  /// Where a local part in quotes begins: `"ann lee"@there.example`.
  private static func quotedLocal(_ text: Octets, endingAt at: Int) -> Int? {
    guard at - 2 > text.startIndex, text[at - 1] == Octet.quote,
      let open = text[max(text.startIndex, at - 66)..<(at - 1)].lastIndex(of: Octet.quote), open < at - 2,
      open == text.startIndex || Octet.isSpace(text[open - 1]) || text[open - 1] == Octet.less
        || text[open - 1] == Octet.colon
    else { return nil }
    return open
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
  /// U+3000–U+303F, U+FF00–U+FFFF are part of no address. Nor are words of scripts that put no spaces between words,
  /// where the address goes on in ASCII and no bracket opens it.
  private static func afterWidePunctuation(_ text: Octets, from start: Int, to at: Int) -> Int {
    let hasWords = text[at - 1] < 0x80 && (start == text.startIndex || text[start - 1] != Octet.less)
    var result = start
    var index = start
    while index + 2 < at {
      let (first, second) = (text[index], text[index + 1])
      let isPunctuation =
        (first == 0xE2 && second == 0x80) || (first == 0xE3 && second == 0x80) || (first == 0xEF && second >= 0xBC)
      if isPunctuation || (hasWords && (0xE3...0xED).contains(first) && second >= 0x80) {
        result = index + 3
        index += 3
      } else {
        index += 1
      }
    }
    return result
  }
}
