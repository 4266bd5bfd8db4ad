/// Addresses of type `utf-8` in reports (RFC 6533 §3): `m\x{FC}ller@there.example`, where the report may hold ASCII only.
enum InternationalAddress {
  /// The address with its letters; as it stands where something in it is no letter that an address may have.
  static func decoded(_ address: Octets) -> String {
    var result: [UInt8] = []
    var index = address.startIndex
    while index < address.endIndex {
      if address[index...].starts(with: "\\x{") {
        guard let (scalar, end) = scalar(address, from: index + 3) else { return address.utf8Text }
        result += Array(String(scalar).utf8)
        index = end
      } else {
        result.append(address[index])
        index += 1
      }
    }
    return result[...].utf8Text
  }

  /// The letter whose number stands there in hexadecimal digits, and where its bracket ends.
  private static func scalar(_ text: Octets, from start: Int) -> (Unicode.Scalar, Int)? {
    let digits = text[start...].prefix { Octet.hexValue($0) != nil }
    guard (1...6).contains(digits.count), digits.endIndex < text.endIndex, text[digits.endIndex] == 0x7D,
      let value = UInt32(digits.utf8Text, radix: 16), let scalar = Unicode.Scalar(value), isPrintable(scalar)
    else { return nil }
    return (scalar, digits.endIndex + 1)
  }

  /// Controls and spaces must not come in this way, nor what would part the address elsewhere.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x20, 0x40, 0x7F...0xA0: false
    default: true
    }
  }
}
