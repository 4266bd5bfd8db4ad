/// Bytes as digits of base 16, in lower case.
public enum Hexadecimal {
  @usableFromInline static let alphabet = Array("0123456789abcdef".utf8)

  /// Two digits for each byte.
  // Inlined: every row of the audit log has its hash written so.
  @inlinable public static func text(_ bytes: some Sequence<UInt8>) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity(64)
    for byte in bytes {
      digits.append(alphabet[Int(byte >> 4)])
      digits.append(alphabet[Int(byte & 15)])
    }
    return String(decoding: digits, as: UTF8.self)
  }
}
