/// Reads the parts of one complete response. Never leaves its range.
struct IMAPReader {
  private let bytes: [UInt8]
  private let literals: [Range<Int>]
  private let depth: Int
  private let end: Int
  private var at: Int

  init(bytes: [UInt8], range: Range<Int>, literals: [Range<Int>], depth: Int) {
    self.bytes = bytes
    self.literals = literals
    self.depth = depth
    self.at = range.lowerBound
    self.end = range.upperBound
  }

  private var byte: UInt8? { at < end ? bytes[at] : nil }

  mutating func skip(_ wanted: UInt8) -> Bool {
    guard byte == wanted else { return false }
    at += 1
    return true
  }

  /// Everything up to the end, as text.
  func rest() -> String { String(decoding: bytes[at..<end], as: UTF8.self) }

  /// Bytes up to a space or a parenthesis; what stands in the brackets of `BODY[…]` and `BINARY[…]` belongs to it. In a
  /// keyword a bracket is a character as any other.
  mutating func word() throws(IMAPResponseError) -> String {
    let start = at
    var inBrackets = false
    while let byte, inBrackets || (byte != 0x20 && byte != 0x28 && byte != 0x29) {
      if byte == 0x5B { inBrackets = inBrackets || isSection(start..<at) } else if byte == 0x5D { inBrackets = false }
      at += 1
    }
    guard at > start else { throw .malformed("a word is missing") }
    guard at - start <= 1_024 else { throw .malformed("a word of \(at - start) bytes") }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }

  private func isSection(_ word: Range<Int>) -> Bool {
    bytes[word].starts(with: "body") || bytes[word].starts(with: "binary")
  }

  /// Numbers with a space before each, up to the end; what extensions write behind them in parentheses is passed over.
  mutating func numbers() throws(IMAPResponseError) -> [UInt32] {
    var numbers: [UInt32] = []
    while skip(0x20), let byte, byte != 0x28 {
      let word = try word()
      guard let number = UInt32(word) else { throw .malformed("\(word.debugDescription) among numbers") }
      numbers.append(number)
    }
    return numbers
  }

  /// A condition with its code and text, if one stands here; else nothing moves.
  mutating func status() -> IMAPStatus? {
    guard let condition = IMAPStatus.Condition(reading: bytes[at..<end]) else { return nil }
    at += condition.rawValue.utf8.count
    _ = skip(0x20)
    var code: String?
    if byte == 0x5B, let close = bytes[at..<end].firstIndex(of: 0x5D) {
      code = String(decoding: bytes[(at + 1)..<close], as: UTF8.self)
      at = close + 1
      _ = skip(0x20)
    }
    return IMAPStatus(condition, code: code, text: rest())
  }

  /// The parenthesised list of a FETCH response.
  mutating func fetch(_ sequence: UInt32) throws(IMAPResponseError) -> IMAPFetch {
    var fetch = IMAPFetch(sequence: sequence)
    guard skip(0x20), skip(0x28) else { throw .malformed("FETCH without a list") }
    while !skip(0x29) {
      let name = try word().uppercased()
      guard skip(0x20) else { throw .malformed("\(name) without a value") }
      switch name {
      case "UID": fetch.uid = try UInt32(word())
      case _ where name.hasPrefix("BODY["):
        fetch.body = try string()
        fetch.isWithheld = fetch.body == nil
      default: try skipValue()
      }
      _ = skip(0x20)
    }
    guard at == end else { throw .malformed("bytes after the list of FETCH") }
    return fetch
  }

  /// A literal, a quoted string, or NIL.
  private mutating func string() throws(IMAPResponseError) -> [UInt8]? {
    switch byte {
    case 0x22: return try quoted()
    case 0x7B, 0x7E: return Array(bytes[try literal()])
    default:
      guard try word().uppercased() == "NIL" else { throw .malformed("neither a string nor NIL") }
      return nil
    }
  }

  private mutating func quoted() throws(IMAPResponseError) -> [UInt8] {
    var text: [UInt8] = []
    at += 1
    while let byte {
      at += 1
      switch byte {
      case 0x22: return text
      case 0x5C:
        guard let escaped = self.byte, escaped == 0x22 || escaped == 0x5C else { throw .malformed("a bad escape") }
        text.append(escaped)
        at += 1
      case 0x0D, 0x0A, 0x00: throw .malformed("a control character in quotes")
      default: text.append(byte)
      }
    }
    throw .malformed("quotes without an end")
  }

  /// Where the literal that starts here lies.
  private mutating func literal() throws(IMAPResponseError) -> Range<Int> {
    guard let range = literals.first(where: { $0.lowerBound > at }), range.upperBound <= end,
      range.lowerBound - at <= 24
    else { throw .malformed("a literal is missing") }
    at = range.upperBound
    return range
  }

  private mutating func skipValue() throws(IMAPResponseError) {
    var level = 0
    repeat {
      switch byte {
      case nil: throw .malformed("a list without an end")
      case 0x28:
        level += 1
        guard level <= depth else { throw .tooDeep }
        at += 1
      case 0x29:
        guard level > 0 else { throw .malformed("a value is missing") }
        level -= 1
        at += 1
      case 0x20: at += 1
      case 0x22: _ = try quoted()
      case 0x7B, 0x7E: _ = try literal()
      default: _ = try word()
      }
    } while level > 0
  }
}
