/// The header of a message or a part, read leniently and within fixed bounds.
public struct HeaderBlock: Sendable {
  /// Fields after this many are not kept.
  public static let maximumFields = 2_000
  /// A field's value beyond this many bytes is not kept.
  public static let maximumFieldLength = 65_536

  public let fields: [HeaderField]
  public let defects: Set<MIMEDefect>

  /// The unfolded value of the first field called `name` (lower case), or `nil`.
  public func value(_ name: StaticString) -> String? { first(name)?.value }

  /// The first field called `name` (lower case).
  public func first(_ name: StaticString) -> HeaderField? {
    // By index: a copy of every field on the way would cost more than comparing it.
    for index in fields.indices where fields[index].nameBytes.equals(name) { return fields[index] }
    return nil
  }

  /// All fields called `name` (lower case), from the top.
  public func all(_ name: StaticString) -> [HeaderField] {
    var found: [HeaderField] = []
    for index in fields.indices where fields[index].nameBytes.equals(name) { found.append(fields[index]) }
    return found
  }

  public var isEmpty: Bool { fields.isEmpty }
}

extension HeaderBlock {
  static let empty = HeaderBlock(fields: [], defects: [])

  /// Reads fields until an empty line or the first line that cannot be part of a header. Line ends must be LF.
  ///
  /// - Returns: the header, and where the body begins.
  static func parse(_ text: Octets) -> (header: HeaderBlock, bodyStart: Int) {
    var fields: [HeaderField] = []
    var defects: Set<MIMEDefect> = []
    var index = skippingMark(text)
    var folds = 0
    while index < text.endIndex {
      let end = text.lineEnd(from: index)
      if end == index {
        return (HeaderBlock(fields: fields, defects: defects), min(end + 1, text.endIndex))
      }
      guard let colon = fieldColon(text[index..<end]) else {
        if !fields.isEmpty, folds < maximumBrokenFolds, let resumed = resumption(text, after: end) {
          defects.insert(.brokenFolding)
          folds += 1
          index = resumed
          continue
        }
        defects.insert(.missingBlankLine)
        return (HeaderBlock(fields: fields, defects: defects), index)
      }
      let valueEnd = continuationEnd(text, from: end)
      if fields.count >= maximumFields {
        defects.insert(.tooManyHeaderFields)
      } else {
        let kept = min(valueEnd, colon + 1 + maximumFieldLength)
        if kept < valueEnd { defects.insert(.headerFieldTooLong) }
        fields.append(HeaderField(nameBytes: text[index..<colon].trimmed, rawValue: text[(colon + 1)..<kept]))
      }
      index = min(valueEnd + 1, text.endIndex)
    }
    defects.insert(.missingBody)
    return (HeaderBlock(fields: fields, defects: defects), text.endIndex)
  }

  /// Lines that are looked ahead for the header to go on after a fold that lost its white space.
  private static let maximumBrokenLines = 16
  /// Such folds in one header after which what follows is taken for the body.
  private static let maximumBrokenFolds = 200

  /// Where a header goes on after lines that are no fields: at a field that every message has, before any empty line.
  private static func resumption(_ text: Octets, after end: Int) -> Int? {
    var index = min(end + 1, text.endIndex)
    for _ in 0..<maximumBrokenLines where index < text.endIndex {
      let lineEnd = text.lineEnd(from: index)
      let line = text[index..<lineEnd]
      if line.isEmpty { return nil }
      let common: [StaticString] = [
        "received:", "from:", "to:", "subject:", "date:", "message-id:", "mime-version:", "content-type:",
        "return-path:", "received-spf:", "authentication-results:", "dkim-signature:", "delivered-to:",
      ]
      if common.contains(where: { line.starts(with: $0) }) { return index }
      index = min(lineEnd + 1, text.endIndex)
    }
    return nil
  }

  /// The end of the last line that belongs to the field whose first line ends at `end`.
  private static func continuationEnd(_ text: Octets, from end: Int) -> Int {
    var last = end
    while last + 1 < text.endIndex, Octet.isBlank(text[last + 1]) { last = text.lineEnd(from: last + 1) }
    return last
  }

  /// The colon after a field name (RFC 5322 §2.2: printable ASCII), white space before it tolerated.
  static func fieldColon(_ line: Octets) -> Int? {
    var index = line.startIndex
    while index < line.endIndex, line[index] > 32, line[index] < 127, line[index] != Octet.colon { index += 1 }
    guard index > line.startIndex, index - line.startIndex <= 200 else { return nil }
    while index < line.endIndex, Octet.isBlank(line[index]) { index += 1 }
    guard index < line.endIndex, line[index] == Octet.colon else { return nil }
    return index
  }

  /// What some programs write before a file in UTF-8.
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// An mbox separator `From …` (also quoted with `>`) before the header is not a field; nor is a byte order mark.
  private static func skippingMark(_ whole: Octets) -> Int {
    let text = whole.starts(with: byteOrderMark) ? whole.dropFirst(byteOrderMark.count) : whole
    guard text.starts(with: "from ") || text.starts(with: ">from ") else { return text.startIndex }
    let end = text.lineEnd(from: text.startIndex)
    return fieldColon(text[text.startIndex..<end]) == nil ? min(end + 1, text.endIndex) : text.startIndex
  }
}
