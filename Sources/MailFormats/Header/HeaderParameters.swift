/// `value; name=value; …` with quoted strings, comments, and the continuations and charsets of RFC 2231.
enum HeaderParameters {
  /// Parameters after this many are not read.
  static let maximumCount = 64
  /// A value longer than this is cut.
  static let maximumValueLength = 4_096

  /// The part before the first semicolon, and the parameters with names in lower case and decoded values.
  static func parse(_ value: Octets) -> (value: Octets, parameters: [String: String]) {
    let headEnd = value.firstIndex(of: Octet.semicolon) ?? value.endIndex
    var index = headEnd
    var pieces: [(name: String, value: [UInt8])] = []
    while index < value.endIndex, pieces.count < maximumCount {
      index += 1
      let nameStart = index
      while index < value.endIndex, value[index] != Octet.equals, value[index] != Octet.semicolon { index += 1 }
      guard index < value.endIndex else { break }
      guard value[index] == Octet.equals else { continue }
      let name = value[nameStart..<index].trimmed.prefix(128)
      let (text, next) = parameterValue(value, from: index + 1)
      if !name.isEmpty { pieces.append((name.lowercasedText, text)) }
      index = next
    }
    return (value[value.startIndex..<headEnd].trimmed, joined(pieces))
  }

  /// A token or a quoted string, and the position of the semicolon after it.
  private static func parameterValue(_ value: Octets, from start: Int) -> (text: [UInt8], next: Int) {
    var index = start
    while index < value.endIndex, Octet.isSpace(value[index]) { index += 1 }
    var text: [UInt8] = []
    if index < value.endIndex, value[index] == Octet.quote {
      index += 1
      while index < value.endIndex, value[index] != Octet.quote {
        if value[index] == Octet.backslash, index + 1 < value.endIndex { index += 1 }
        if text.count < maximumValueLength { text.append(value[index]) }
        index += 1
      }
      while index < value.endIndex, value[index] != Octet.semicolon { index += 1 }
      return (text, index)
    }
    let end = value[index...].firstIndex(of: Octet.semicolon) ?? value.endIndex
    var token = value[index..<end].trimmed
    if let comment = token.firstIndex(of: 0x28) { token = token[token.startIndex..<comment].trimmed }
    return (Array(token.prefix(maximumValueLength)), end)
  }

  private static func joined(_ pieces: [(name: String, value: [UInt8])]) -> [String: String] {
    var result = [String: String](minimumCapacity: pieces.count)
    var sections: [String: [(number: Int, isEncoded: Bool, value: [UInt8])]] = [:]
    for piece in pieces {
      guard piece.name.utf8.contains(0x2A) else {
        if result[piece.name] == nil { result[piece.name] = EncodedWord.decode(piece.value) }
        continue
      }
      let fields = piece.name.split(separator: "*", omittingEmptySubsequences: false)
      let number = fields.count > 1 ? Int(fields[1]) ?? 0 : 0
      sections[String(fields[0]), default: []].append((number, piece.name.hasSuffix("*"), piece.value))
    }
    for (name, parts) in sections {
      result[name] = extended(parts.sorted { $0.number < $1.number })
    }
    return result
  }

  /// RFC 2231 §4: `charset'language'percent-encoded`, the charset in the first section only.
  private static func extended(_ parts: [(number: Int, isEncoded: Bool, value: [UInt8])]) -> String {
    var charset = ""
    var bytes: [UInt8] = []
    for (position, part) in parts.enumerated() {
      var value = part.value[...]
      if position == 0, part.isEncoded {
        let fields = value.split(separator: 0x27, maxSplits: 2, omittingEmptySubsequences: false)
        if fields.count == 3 {
          charset = fields[0].utf8Text
          value = fields[2]
        }
      }
      bytes += part.isEncoded ? percentDecoded(value) : Array(value)
      if bytes.count > maximumValueLength { break }
    }
    return CharsetDecoder.text(bytes[...].prefix(maximumValueLength), label: charset)
  }

  private static func percentDecoded(_ value: Octets) -> [UInt8] {
    QuotedPrintable.decodeEscapes(value, escape: 0x25)
  }
}
