/// Mailbox names as IMAP wants them: modified UTF-7 in quotes (RFC 3501 §5.1.3).
enum MailboxName {
  /// - Returns: `nil` for a name that is empty, over 1,000 bytes, or holds a control character.
  static func quoted(_ name: String) -> String? {
    guard !name.isEmpty, name.utf8.count <= 1_000, name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      return nil
    }
    var result = "\""
    for character in modifiedUTF7(name).unicodeScalars {
      if character == "\"" || character == "\\" { result.unicodeScalars.append("\\") }
      result.unicodeScalars.append(character)
    }
    return result + "\""
  }

  static func modifiedUTF7(_ name: String) -> String {
    var result = ""
    var pending: [UInt16] = []
    for unit in name.utf16 {
      guard (0x20...0x7E).contains(unit) else {
        pending.append(unit)
        continue
      }
      result += flush(&pending)
      result += unit == 0x26 ? "&-" : String(UnicodeScalar(UInt8(unit)))
    }
    return result + flush(&pending)
  }

  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,".unicodeScalars)

  private static func flush(_ units: inout [UInt16]) -> String {
    guard !units.isEmpty else { return "" }
    defer { units.removeAll() }
    var result = "&"
    var bits: UInt32 = 0
    var count = 0
    for unit in units {
      bits = (bits << 16 | UInt32(unit)) & 0x3F_FFFF
      count += 16
      while count >= 6 {
        count -= 6
        result.unicodeScalars.append(digits[Int(bits >> UInt32(count) & 0x3F)])
      }
    }
    if count > 0 { result.unicodeScalars.append(digits[Int(bits << UInt32(6 - count) & 0x3F)]) }
    return result + "-"
  }
}
