/// The header of a message that is to be sent, checked strictly: what is not a field is refused, never repaired.
struct HeaderLines {
  /// One field: its name in lower case and its lines.
  struct Field {
    let name: String
    fileprivate(set) var lines: [ArraySlice<UInt8>]

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

  /// Reads up to and past the empty line that ends the header.
  init(reading lines: inout CanonicalLines) throws(CanonicalError) {
    let start = lines.offset
    var fields: [Field] = []
    // The separator of an mbox.
    if let first = lines.peek(), first.starts(with: "from "), HeaderBlock.fieldColon(first) == nil { _ = lines.next() }
    while let line = lines.next(), let first = line.first {
      if Octet.isBlank(first), !fields.isEmpty {
        fields[fields.count - 1].lines.append(line)
      } else {
        guard let colon = HeaderBlock.fieldColon(line), fields.count < HeaderBlock.maximumFields else {
          throw .malformedHeader(line: lines.number)
        }
        fields.append(Field(name: line[..<colon].trimmed.lowercasedText, lines: [line]))
      }
      guard line.count <= CanonicalMessage.maximumLineLength else {
        throw .headerLineTooLong(line: lines.number, length: line.count)
      }
      guard lines.offset - start <= CanonicalMessage.maximumHeaderLength else {
        throw .headerTooLong(limit: CanonicalMessage.maximumHeaderLength)
      }
    }
    self.fields = fields
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
