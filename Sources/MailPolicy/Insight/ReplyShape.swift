/// A reply's text without what differs from message to message, so that replies of one cause are counted as one.
public enum ReplyShape {
  static let maximumLength = 100
  private static let maximumWords = 16

  /// Addresses become `…@…`, links `…://…`, words with digits `#`, words longer than 24 characters `…`; what follows
  /// the sixteenth word is left out.
  public static func of(_ text: String) -> String {
    let words = text.prefix(2_000).split(whereSeparator: \.isWhitespace).prefix(maximumWords).map(shape)
    var shape: [String] = []
    for word in words where !(word == "#" && shape.last == "#") { shape.append(word) }
    return String(shape.joined(separator: " ").prefix(maximumLength))
  }

  private static func shape(_ word: Substring) -> String {
    let end = word.last.map { ":,;.".contains($0) ? String($0) : "" } ?? ""
    if word.contains("@") { return "…@…" + end }
    if word.contains("://") { return "…://…" + end }
    if word.unicodeScalars.contains(where: { (48...57).contains($0.value) }) { return "#" }
    return word.count > 24 ? "…" + end : String(word)
  }
}
