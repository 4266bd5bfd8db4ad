/// Quoted-printable (RFC 2045 §6.7) and the Q encoding of headers (RFC 2047 §4.2).
enum QuotedPrintable {
  /// The longest line, without its end.
  static let maximumLineLength = 76

  /// Decodes a body with LF line ends. What is not an escape stays as it is. Never longer than the input.
  static func decode(_ input: Octets, limit: Int) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(min(limit, input.count))
    var index = input.startIndex
    while index < input.endIndex, output.count < limit {
      guard input[index] == Octet.equals else {
        output.append(input[index])
        index += 1
        continue
      }
      if let next = softBreakEnd(input, after: index + 1) {
        index = next
      } else if let byte = escapedByte(input, at: index + 1) {
        output.append(byte)
        index += 3
      } else {
        output.append(Octet.equals)
        index += 1
      }
    }
    return output
  }

  /// White space and a line end after the equals sign: the line goes on.
  private static func softBreakEnd(_ input: Octets, after start: Int) -> Int? {
    var index = start
    while index < input.endIndex, Octet.isBlank(input[index]) || input[index] == Octet.cr { index += 1 }
    if index == input.endIndex { return index }
    return input[index] == Octet.lf ? index + 1 : nil
  }

  private static func escapedByte(_ input: Octets, at index: Int) -> UInt8? {
    guard index + 1 < input.endIndex, let high = Octet.hexValue(input[index]),
      let low = Octet.hexValue(input[index + 1])
    else { return nil }
    return high << 4 | low
  }

  /// The payload of a Q encoded word: underscores are spaces.
  static func decodeWord(_ input: Octets) -> [UInt8] {
    decodeEscapes(Octets(input.map { $0 == 0x5F ? Octet.space : $0 }), escape: Octet.equals)
  }

  static func decodeEscapes(_ input: Octets, escape: UInt8) -> [UInt8] {
    var output: [UInt8] = []
    var index = input.startIndex
    while index < input.endIndex {
      if input[index] == escape, let byte = escapedByte(input, at: index + 1) {
        output.append(byte)
        index += 3
      } else {
        output.append(input[index])
        index += 1
      }
    }
    return output
  }

  /// Encodes text whose line ends are CRLF or LF; the lines that come out end with CRLF.
  static func encode(_ input: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(input.count + input.count / 4)
    for line in LineReader(LineEnds.normalised(input)[...]) {
      appendLine(line, to: &output)
      output += [Octet.cr, Octet.lf]
    }
    return output
  }

  private static func appendLine(_ line: Octets, to output: inout [UInt8]) {
    var column = 0
    for (offset, byte) in zip(line.indices, line) {
      let isLast = offset == line.endIndex - 1
      let isPlain = (byte > 32 && byte < 127 && byte != Octet.equals) || (Octet.isBlank(byte) && !isLast)
      let width = isPlain ? 1 : 3
      if column + width > maximumLineLength - 1 {
        output += [Octet.equals, Octet.cr, Octet.lf]
        column = 0
      }
      if isPlain { output.append(byte) } else { appendEscape(byte, to: &output) }
      column += width
    }
  }

  static func appendEscape(_ byte: UInt8, to output: inout [UInt8]) {
    let digits = [UInt8]("0123456789ABCDEF")
    output += [Octet.equals, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }
}
