/// Cuts the body of a multipart at its delimiter lines (RFC 2046 §5.1.1).
enum MultipartSplitter {
  /// The sections between delimiters, and whether the closing delimiter was there. Without any delimiter there is no
  /// section.
  static func split(_ body: Octets, boundary: [UInt8]) -> (sections: [Octets], isClosed: Bool) {
    let delimiter = [Octet.dash, Octet.dash] + boundary
    var sections: [Octets] = []
    var start: Int?
    var index = body.startIndex
    while let hit = body.firstRange(of: delimiter, from: index) {
      let lineEnd = body.lineEnd(from: hit.upperBound)
      index = min(lineEnd + 1, body.endIndex)
      let isAtLineStart = hit.lowerBound == body.startIndex || body[hit.lowerBound - 1] == Octet.lf
      guard isAtLineStart, let isClosing = delimiterEnd(body[hit.upperBound..<lineEnd]) else {
        if index == body.endIndex { break }
        continue
      }
      if let start { sections.append(body[start..<max(start, hit.lowerBound - 1)]) }
      start = index
      if isClosing { return (sections, true) }
      // A bound of its own: the caller opens no more than this anyway.
      if sections.count > MIMEMessage.maximumParts || index >= body.endIndex { break }
    }
    if let start, start < body.endIndex { sections.append(body[start...]) }
    return (sections, false)
  }

  /// What follows the boundary on its line: nothing (`false`), the closing dashes (`true`), or other text (`nil`: another
  /// boundary that starts with this one).
  private static func delimiterEnd(_ rest: Octets) -> Bool? {
    if rest.trimmed.isEmpty { return false }
    return rest.starts(with: "--") && rest.dropFirst(2).trimmed.isEmpty ? true : nil
  }
}
