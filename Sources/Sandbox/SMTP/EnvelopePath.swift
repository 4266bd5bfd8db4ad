/// The argument of MAIL FROM or RCPT TO: a path in angle brackets and its parameters (RFC 5321 §4.1.2).
struct EnvelopePath: Equatable {
  enum Fault: Error, Equatable { case syntax, tooLong, unknownParameter }

  /// Without brackets and source route; empty for `<>`.
  var address: String
  /// Keywords in upper case.
  var parameters: [String: String]

  /// - Parameter text: what follows the colon.
  init(_ text: Substring, known keywords: Set<String>) throws(Fault) {
    let text = text.drop { $0 == " " }
    guard text.first == "<", let end = Self.closingBracket(of: text) else { throw .syntax }
    var path = text[text.index(after: text.startIndex)..<end]
    if path.first == "@", let colon = path.firstIndex(of: ":") { path = path[path.index(after: colon)...] }
    guard path.utf8.count <= 320 else { throw .tooLong }
    guard path.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7f && $0 != "<" }) else { throw .syntax }
    address = String(path)
    parameters = [:]
    let rest = text[text.index(after: end)...]
    guard rest.isEmpty || rest.first == " " else { throw .syntax }
    for word in rest.split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let keyword = parts[0].uppercased()
      guard keywords.contains(keyword) else { throw .unknownParameter }
      parameters[keyword] = parts.count > 1 ? String(parts[1]) : ""
    }
  }

  private static func closingBracket(of text: Substring) -> Substring.Index? {
    var isQuoted = false
    var isEscaped = false
    for index in text.indices {
      let character = text[index]
      if isEscaped {
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        isQuoted.toggle()
      } else if character == ">", !isQuoted {
        return index
      }
    }
    return nil
  }

  /// A mailbox as RCPT needs it: something, `@`, something.
  var isMailbox: Bool {
    guard let at = address.lastIndex(of: "@") else { return address.lowercased() == "postmaster" }
    return at != address.startIndex && address.index(after: at) != address.endIndex
  }

  var isASCII: Bool { address.utf8.allSatisfy { $0 < 0x80 } }
}

extension String {
  /// Undoes xtext (RFC 3461 §4): `+2B` is `+`. What is no xtext stays as it is.
  var decodedXtext: String {
    var bytes: [UInt8] = []
    var rest = Array(utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "+"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
