/// The header of a message that is to be sent, checked strictly: what is not a field is refused, never repaired.
struct HeaderLines {
  /// One field: its name in lower case and its lines.
  struct Field {
    let name: String
    let lines: [ArraySlice<UInt8>]

    /// Unfolded, without white space at the ends.
    var value: [UInt8] {
      let text = lines.flatMap { $0 }[...]
      return Array(text.dropFirst((HeaderBlock.fieldColon(text) ?? -1) + 1).trimmed)
    }
  }

  /// RFC 5322 §3.6: these may stand only once.
  private static let single: Set<String> = [
    "date", "from", "sender", "reply-to", "to", "cc", "bcc", "message-id", "in-reply-to", "references", "subject",
    "mime-version", "content-type", "content-transfer-encoding",
  ]
  /// Removed before sending (RFC 5322 §3.6.3), and a field that only the last server may write (RFC 5321 §4.4).
  private static let removed: Set<String> = ["bcc", "resent-bcc", "return-path"]

  let fields: [Field]

  var keptLines: [ArraySlice<UInt8>] { fields.filter { !Self.removed.contains($0.name) }.flatMap(\.lines) }

  func first(_ name: String) -> Field? { fields.first { $0.name == name } }

  func has(_ name: String) -> Bool { fields.contains { $0.name == name } }

  /// The header's fields and the body's lines. A message of only a header is accepted.
  static func split(
    _ lines: ArraySlice<ArraySlice<UInt8>>
  ) throws(CanonicalError) -> (header: HeaderLines, body: ArraySlice<ArraySlice<UInt8>>) {
    var fields: [Field] = []
    var index = lines.startIndex
    // The separator of an mbox.
    if let first = lines.first, first.starts(with: "from "), HeaderBlock.fieldColon(first) == nil { index += 1 }
    while index < lines.endIndex, !lines[index].isEmpty {
      guard let colon = HeaderBlock.fieldColon(lines[index]) else { throw .malformedHeader(line: index + 1) }
      let name = lines[index][..<colon].trimmed.lowercasedText
      var end = index + 1
      while end < lines.endIndex, let first = lines[end].first, Octet.isBlank(first) { end += 1 }
      for number in index..<end where lines[number].count > CanonicalMessage.maximumLineLength {
        throw .headerLineTooLong(line: number + 1, length: lines[number].count)
      }
      fields.append(Field(name: name, lines: Array(lines[index..<end])))
      guard fields.count <= HeaderBlock.maximumFields else { throw .malformedHeader(line: index + 1) }
      index = end
    }
    let body = lines[min(index + 1, lines.endIndex)...]
    for (number, line) in zip(body.indices, body) where line.count > CanonicalMessage.maximumLineLength {
      throw .bodyLineTooLong(line: number + 1, length: line.count)
    }
    return (HeaderLines(fields: fields), body)
  }

  /// Fault 19: controls in any field, fields that may stand only once.
  func check() throws(CanonicalError) {
    var seen: Set<String> = []
    for field in fields {
      let hasControl = field.lines.contains { line in line.contains { ($0 < 32 && $0 != Octet.tab) || $0 == 127 } }
      if hasControl { throw .controlInHeader(field: field.name) }
      // A continuation of only white space looks like the end of the header to some receivers.
      if field.lines.dropFirst().contains(where: { $0.trimmed.isEmpty }) { throw .controlInHeader(field: field.name) }
      if Self.single.contains(field.name), !seen.insert(field.name).inserted { throw .repeatedField(field.name) }
    }
  }
}
