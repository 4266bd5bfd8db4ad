/// Reads the parts of one command from the front; every method leaves the place alone when it fails.
struct IMAPScanner {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let byte = rest.first, UInt32(byte) == character.value else { return false }
    rest = rest.dropFirst()
    return true
  }

  mutating func space() -> Bool { take(" ") }

  /// An atom; brackets may hold anything, as in `BODY.PEEK[HEADER.FIELDS (Subject)]<0.100>`.
  mutating func word() -> String? {
    var isBracketed = false
    let part = rest.prefix { byte in
      if byte == UInt8(ascii: "[") { isBracketed = true }
      if byte == UInt8(ascii: "]") { isBracketed = false }
      return isBracketed || !(byte <= 0x20 || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")"))
    }
    guard !part.isEmpty else { return nil }
    rest = rest.dropFirst(part.count)
    return String(decoding: part, as: UTF8.self)
  }

  /// An astring: quoted, literal or atom.
  mutating func string() -> [UInt8]? {
    switch rest.first {
    case UInt8(ascii: "\""): quoted()
    case UInt8(ascii: "{"): literal()
    default: word().map { Array($0.utf8) }
    }
  }

  mutating func text() -> String? { string().map { String(decoding: $0, as: UTF8.self) } }

  /// `(a b c)`, flat; `nil` when it is not a closed list.
  mutating func list() -> [String]? {
    let start = rest
    guard take("(") else { return nil }
    var words: [String] = []
    while !take(")") {
      _ = space()
      guard let word = text() else {
        if take(")") { break }
        rest = start
        return nil
      }
      words.append(word)
    }
    return words
  }

  private mutating func quoted() -> [UInt8]? {
    var text: [UInt8] = []
    var isEscaped = false
    for index in rest.indices.dropFirst() {
      let byte = rest[index]
      if isEscaped {
        text.append(byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        rest = rest[(index + 1)...]
        return text
      } else {
        text.append(byte)
      }
    }
    return nil
  }

  private mutating func literal() -> [UInt8]? {
    guard let close = rest.firstIndex(of: UInt8(ascii: "}")) else { return nil }
    let digits = rest[(rest.startIndex + 1)..<close].filter { $0 != UInt8(ascii: "+") }
    let content = rest[close...].dropFirst(3)
    guard let size = Int(String(decoding: digits, as: UTF8.self)), size >= 0, content.count >= size else { return nil }
    rest = content.dropFirst(size)
    return Array(content.prefix(size))
  }
}
