/// Base64 (RFC 2045 §6.8): tolerant decoding, canonical encoding.
enum Base64 {
  private static let alphabet = [UInt8]("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

  private static let values: [UInt8] = {
    var table = [UInt8](repeating: 255, count: 256)
    for (value, byte) in alphabet.enumerated() { table[Int(byte)] = UInt8(value) }
    return table
  }()

  /// Decodes what can be decoded: bytes outside the alphabet are skipped, padding ends a quantum, missing padding is
  /// accepted. At most `limit` bytes come out.
  static func decode(_ input: Octets, limit: Int) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(min(limit, input.count / 4 * 3 + 3))
    var bits: UInt32 = 0
    var count = 0
    for byte in input {
      if byte == Octet.equals {
        bits = 0
        count = 0
        continue
      }
      let value = values[Int(byte)]
      if value == 255 { continue }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        guard output.count < limit else { return output }
        output.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return output
  }

  /// The encoding in one piece, with padding.
  static func encode(_ input: Octets) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity((input.count + 2) / 3 * 4)
    var index = input.startIndex
    while index < input.endIndex {
      let left = input.endIndex - index
      let first = UInt32(input[index]) << 16
      let second = left > 1 ? UInt32(input[index + 1]) << 8 : 0
      let group = first | second | (left > 2 ? UInt32(input[index + 2]) : 0)
      output.append(alphabet[Int(group >> 18)])
      output.append(alphabet[Int(group >> 12 & 63)])
      output.append(left > 1 ? alphabet[Int(group >> 6 & 63)] : Octet.equals)
      output.append(left > 2 ? alphabet[Int(group & 63)] : Octet.equals)
      index += 3
    }
    return output
  }

  /// The encoding in lines of 76 characters, each ended by CRLF.
  static func encodeLines(_ input: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(input.count * 3 / 2 + 4)
    var index = 0
    while index < input.count {
      let end = min(index + 57, input.count)
      output += encode(input[index..<end])
      output += [Octet.cr, Octet.lf]
      index = end
    }
    return output
  }
}
