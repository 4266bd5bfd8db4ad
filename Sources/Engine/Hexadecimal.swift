/// Bytes as digits of base 16, in lower case.
enum Hexadecimal {
  private static let alphabet = Array("0123456789abcdef")

  static func digits(_ byte: UInt8) -> [Character] { [alphabet[Int(byte >> 4)], alphabet[Int(byte & 15)]] }

  static func text(_ bytes: some Sequence<UInt8>) -> String { String(bytes.flatMap(digits)) }
}
