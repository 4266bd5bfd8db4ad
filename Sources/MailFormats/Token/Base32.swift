/// Base32 in lower case without padding (RFC 4648 §6): survives mail systems that fold the case of local parts.
enum Base32 {
  private static let alphabet = [UInt8]("abcdefghijklmnopqrstuvwxyz234567")

  static func encode(_ input: [UInt8]) -> String {
    var output: [UInt8] = []
    var bits: UInt32 = 0
    var count: UInt32 = 0
    for byte in input {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= 5 {
        count -= 5
        output.append(alphabet[Int(bits >> count & 31)])
      }
    }
    if count > 0 { output.append(alphabet[Int(bits << (5 - count) & 31)]) }
    return output.utf8Text
  }

  /// `nil` for any character outside the alphabet (either case), or when unused bits are not zero.
  static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    var output: [UInt8] = []
    var bits: UInt32 = 0
    var count: UInt32 = 0
    for byte in text {
      guard let value = alphabet.firstIndex(of: Octet.lower(byte)) else { return nil }
      bits = bits << 5 | UInt32(value)
      count += 5
      if count >= 8 {
        count -= 8
        output.append(UInt8(truncatingIfNeeded: bits >> count))
      }
    }
    guard count < 5, bits & (1 << count - 1) == 0 else { return nil }
    return output
  }
}
