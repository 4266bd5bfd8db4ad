/// Reads numbers and names from a DNS message, never beyond its end.
struct DNSReader {
  /// RFC 1035 §2.3.4, with length bytes and the root.
  static let maximumName = 255

  let bytes: [UInt8]
  var position = 0

  mutating func byte() throws(DNSError) -> UInt8 {
    guard position < bytes.count else { throw .short }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func number() throws(DNSError) -> UInt16 {
    let high = try byte()
    return UInt16(high) << 8 | UInt16(try byte())
  }

  mutating func longNumber() throws(DNSError) -> UInt32 {
    let high = try number()
    return UInt32(high) << 16 | UInt32(try number())
  }

  mutating func skip(_ count: Int) throws(DNSError) {
    guard bytes.count - position >= count else { throw .short }
    position += count
  }

  /// A name in lower case, labels joined by dots; empty for the root. `nil` when a label holds bytes that no host's name
  /// has, a dot among them: such a name must not be taken for another.
  ///
  /// A pointer leads backwards only, further with every jump, so there are no loops (RFC 1035 §4.1.4).
  mutating func name() throws(DNSError) -> String? {
    var labels: [[UInt8]] = []
    var length = 1
    var cursor = position
    var end: Int?
    var limit = position
    var isHostName = true
    while true {
      guard cursor < bytes.count else { throw .short }
      let size = Int(bytes[cursor])
      if size == 0 { break }
      switch size & 0xC0 {
      case 0:
        guard cursor + 1 + size <= bytes.count else { throw .short }
        length += size + 1
        guard length <= DNSReader.maximumName else { throw .badName }
        let label = bytes[(cursor + 1)..<(cursor + 1 + size)].lowercasedBytes
        isHostName = isHostName && label.allSatisfy(DNSReader.isHostByte)
        labels.append(label)
        cursor += 1 + size
      case 0xC0:
        guard cursor + 1 < bytes.count else { throw .short }
        let target = (size & 0x3F) << 8 | Int(bytes[cursor + 1])
        if end == nil { end = cursor + 2 }
        guard target < limit else { throw .badName }
        (limit, cursor) = (target, target)
      default: throw .badName
      }
    }
    position = end ?? cursor + 1
    return isHostName ? labels.map(\.utf8Text).joined(separator: ".") : nil
  }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    Octet.isLetter(byte) || Octet.isDigit(byte) || byte == Octet.dash || byte == UInt8(ascii: "_")
  }
}
