/// A text in the form that rules are written against: lower case (Latin, Greek, Cyrillic), white space folded to single
/// spaces, bounded.
struct FoldedText: Sendable {
  let bytes: ArraySlice<UInt8>
  let trigrams: Trigrams
  private let source: [UInt8]

  /// - Parameter blotsAddresses: puts underscores in place of the local parts of addresses, because
  ///   `mailbox.full@a.example` says nothing about a mailbox.
  init(_ text: [UInt8], blotsAddresses: Bool = false) {
    bytes = Self.folded(text[...], blotsAddresses: blotsAddresses)[...]
    trigrams = Trigrams(bytes)
    source = text
  }

  /// A text in this form by itself, for single lines.
  static func folded(_ text: Octets, blotsAddresses: Bool = false) -> [UInt8] {
    text.withUnsafeBufferPointer { text in
      [UInt8](unsafeUninitializedCapacity: min(text.count, BounceRules.maximumTextLength)) { buffer, count in
        var folding = Folding(text: buffer)
        for byte in text {
          if folding.count == buffer.count { break }
          folding.append(byte, blotsAddresses: blotsAddresses)
        }
        count = folding.count
      }
    }
  }

  func contains(_ phrase: [UInt8]) -> Bool {
    let last = phrase.count - 3
    guard last >= 0 else { return bytes.contains(phrase) }
    // Phrases of one kind begin alike more often than they end alike.
    return trigrams.contains(Trigrams.index(of: phrase, at: last))
      && trigrams.contains(Trigrams.index(of: phrase, at: 0))
      && bytes.contains(phrase)
  }

  func containsAny(_ phrases: [[UInt8]]) -> Bool { phrases.contains(where: contains) }

  /// The line of the text before folding where `offset` stands.
  func line(at offset: Int) -> String {
    var folded = 0
    var wasSpace = false
    var position = 0
    while position < source.count {
      let isSpace = Octet.isSpace(source[position])
      if !(isSpace && wasSpace) {
        if folded >= offset && !isSpace { break }
        folded += 1
      }
      wasSpace = isSpace
      position += 1
    }
    guard position < source.count else { return "" }
    let start = source[..<position].lastIndex(of: Octet.lf).map { $0 + 1 } ?? 0
    let end = source[...].lineEnd(from: position)
    return source[start..<end].trimmed.prefix(Self.maximumLineLength).utf8Text
  }

  /// Bytes that are kept of a line that decided.
  static let maximumLineLength = 240
}

/// A text while it is folded: into memory of its own size, because most of a mail's text goes through here.
private struct Folding {
  let text: UnsafeMutableBufferPointer<UInt8>
  private(set) var count = 0

  init(text: UnsafeMutableBufferPointer<UInt8>) { self.text = text }

  /// There must be room for it.
  mutating func append(_ byte: UInt8, blotsAddresses: Bool) {
    // Most are letters.
    if byte > Octet.at, byte < 0x80 { return put(Octet.lower(byte)) }
    if Octet.isSpace(byte) {
      if count == 0 || text[count - 1] != Octet.space { put(Octet.space) }
      return
    }
    if blotsAddresses, byte == Octet.at { blotLocalPart() }
    put(Octet.lower(byte))
    if byte >= 0x80, byte < 0xC0 { lowerLetter() }
  }

  private mutating func put(_ byte: UInt8) {
    text[count] = byte
    count += 1
  }

  /// Lower case for a Latin, Greek or Cyrillic capital that the text's last two bytes are in UTF-8.
  private func lowerLetter() {
    let last = count - 1
    guard last > 0 else { return }
    let letter = text[last]
    switch (text[last - 1], letter) {
    case (0xC3, 0x80...0x9E) where letter != 0x97, (0xCE, 0x91...0x9F), (0xD0, 0x90...0x9F): text[last] = letter + 0x20
    case (0xCE, 0xA0...0xA9): (text[last - 1], text[last]) = (0xCF, letter - 0x20)
    case (0xD0, 0xA0...0xAF): (text[last - 1], text[last]) = (0xD1, letter - 0x20)
    case (0xD0, 0x80...0x8F): (text[last - 1], text[last]) = (0xD1, letter + 0x10)
    case (0xC4, 0x80...0xB7) where letter & 1 == 0, (0xC5, 0x8A...0xB7) where letter & 1 == 0,
      (0xC5, 0xB9...0xBE) where letter & 1 == 1:
      text[last] = letter + 1
    default: break
    }
  }

  private func blotLocalPart() {
    var index = count - 1
    while index >= 0, count - index <= 64 {
      let byte = text[index]
      let isMark = byte == 0x2B || byte == Octet.dash || byte == Octet.dot || byte == 0x5F
      guard Octet.isLetter(byte) || Octet.isDigit(byte) || isMark else { return }
      text[index] = 0x5F
      index -= 1
    }
  }
}
