/// Message-IDs in header fields (RFC 5322 §3.6.4).
public enum MessageIDText {
  static let maximumLength = 998
  static let maximumCount = 100

  /// An id with its angle brackets, also where they are left out, as providers' events do.
  public static func bracketed(_ id: String) -> String { id.hasPrefix("<") ? id : "<\(id)>" }

  /// The ids in angle brackets, with them.
  static func all(in value: Octets) -> [String] {
    var found: [String] = []
    var index = value.startIndex
    while found.count < maximumCount, let open = value[index...].firstIndex(of: Octet.less) {
      guard let close = value.index(of: Octet.greater, from: open, within: maximumLength) else { break }
      let id = value[open...close].filter { !Octet.isSpace($0) }
      if id.count > 2 { found.append(id.utf8Text) }
      index = close + 1
    }
    return found
  }

  /// The id of a message: what stands in brackets, else the first word, in brackets. One whose bracket is never closed
  /// was cut, and would be no id of ours.
  static func own(_ header: HeaderBlock) -> String? {
    for field in header.all("message-id") {
      let value = field.valueBytes[...]
      if let id = all(in: value).first { return id }
      if value.contains(Octet.less) { continue }
      let word = value.prefix { !Octet.isSpace($0) }.filter { $0 != Octet.greater }
      if !word.isEmpty, word.count <= maximumLength { return "<\(word.utf8Text)>" }
    }
    return nil
  }

  /// The id that its sender gave a message: relays that put an id of their own in its place keep it in another field.
  static func sent(_ header: HeaderBlock) -> String? {
    let kept = header.all("x-google-original-message-id") + header.all("x-original-message-id")
    return kept.lazy.compactMap { all(in: $0.valueBytes[...]).first { $0.utf8.contains(Octet.at) } }.first
      ?? own(header)
  }

  /// A line `Message-ID: …` anywhere in a text whose header could not be read, also where a transcript writes its time
  /// before it, or a sentence names it.
  static func loose(in text: Octets) -> String? {
    for line in LineReader(text.prefix(128 << 10)) {
      guard let value = value(in: line) else { continue }
      if let id = all(in: value).first(where: { $0.utf8.contains(Octet.at) }) ?? bare(value) { return id }
    }
    return nil
  }

  /// What follows the name of the field on a line.
  private static func value(in line: Octets) -> Octets? {
    let body = line.drop { Octet.isSpace($0) || $0 == Octet.greater || $0 == 0x2A || $0 == 0x7C }
    if names.contains(where: { body.starts(with: $0) }) { return body.firstIndex(of: Octet.colon).map { body[$0...] } }
    // A bracket comes after the name; most lines have none.
    guard let open = body.prefix(maximumMark).firstIndex(of: Octet.less), open - body.startIndex > shortest else {
      return nil
    }
    let before = body[..<open].trimmed
    let label = before.last == Octet.colon ? before.dropLast().trimmed : before
    guard let name = names.first(where: { label.suffix($0.utf8CodeUnitCount).equals($0) }) else { return nil }
    let rest = label.dropLast(name.utf8CodeUnitCount)
    let isWord = rest.last.map { !Octet.isLetter($0) && !Octet.isDigit($0) } ?? true
    return isWord && !rest.suffix(7).equals("resent-") ? body[open...] : nil
  }

  /// The id on a line of its own without brackets: `Message-ID: a@b`.
  private static func bare(_ value: Octets) -> String? {
    let word = value.dropFirst().trimmed
    guard value.first == Octet.colon, word.count <= maximumLength, let at = word.firstIndex(of: Octet.at),
      at > word.startIndex, at < word.endIndex - 1, !word.contains(where: { Octet.isSpace($0) || $0 == Octet.less })
    else { return nil }
    return "<\(word.utf8Text)>"
  }

  private static let names: [StaticString] = ["message-id", "messageid", "message id"]
  private static let shortest = 9
  private static let maximumMark = 160
}
