/// Puts commands together from lines and literals (RFC 3501 §4.3, RFC 7888), within bounds.
struct IMAPCommandReader {
  enum Event: Equatable {
    /// A whole command, literals inside as `{n}CRLF` and their bytes, without the final line end.
    case command([UInt8])
    /// The client waits for `+ ` before it sends its literal.
    case wantsLiteral
    /// Beyond the bounds: the connection cannot go on.
    case tooLong
  }

  static let lineLimit = 64 * 1024

  let literalLimit: Int
  private var command: [UInt8] = []
  private var lineStart = 0
  private var literalLeft = 0

  init(literalLimit: Int) { self.literalLimit = literalLimit }

  mutating func next(from bytes: inout ArraySlice<UInt8>) -> Event? {
    while !bytes.isEmpty {
      if literalLeft > 0 {
        takeLiteral(from: &bytes)
      } else if let event = takeLine(from: &bytes) {
        return event
      }
    }
    return nil
  }

  private mutating func takeLiteral(from bytes: inout ArraySlice<UInt8>) {
    let part = bytes.prefix(literalLeft)
    command += part
    literalLeft -= part.count
    bytes = bytes.dropFirst(part.count)
    lineStart = command.count
  }

  private mutating func takeLine(from bytes: inout ArraySlice<UInt8>) -> Event? {
    let end = bytes.firstIndex(of: 0x0A)
    let part = bytes[..<(end ?? bytes.endIndex)]
    guard command.count - lineStart + part.count <= Self.lineLimit else { return .tooLong }
    command += part
    bytes = bytes[(end.map { $0 + 1 } ?? bytes.endIndex)...]
    guard end != nil else { return nil }
    if command.last == 0x0D, command.count > lineStart { command.removeLast() }
    guard let literal = Self.literal(endingLine: command[lineStart...]) else {
      defer {
        command = []
        lineStart = 0
      }
      return .command(command)
    }
    guard literal.size <= literalLimit, command.count <= literalLimit else { return .tooLong }
    command += [0x0D, 0x0A]
    literalLeft = literal.size
    lineStart = command.count
    return literal.isSynchronizing ? .wantsLiteral : nil
  }

  /// `{n}` or `{n+}` at the end of a line.
  private static func literal(endingLine line: ArraySlice<UInt8>) -> (size: Int, isSynchronizing: Bool)? {
    guard line.last == UInt8(ascii: "}"), let open = line.lastIndex(of: UInt8(ascii: "{")) else { return nil }
    var digits = line[(open + 1)..<(line.endIndex - 1)]
    let isSynchronizing = digits.last != UInt8(ascii: "+")
    if !isSynchronizing { digits = digits.dropLast() }
    guard (1...15).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }),
      let size = Int(String(decoding: digits, as: UTF8.self))
    else { return nil }
    return (size, isSynchronizing)
  }
}
