/// Finds typed letters in a longer text, in order but not necessarily together.
public enum FuzzyMatch {
  /// How well `query` matches, higher is better; nil when a letter is missing. Case and blanks in the query do not count.
  /// Letters at the beginnings of words and letters in a row are worth more.
  public static func score(_ query: String, in text: String) -> Int? {
    let wanted = query.lowercased().filter { !$0.isWhitespace }.prefix(64)
    let letters = Array(text.lowercased().prefix(256))
    guard !wanted.isEmpty else { return 0 }
    let whole = String(letters)
    if whole.contains(wanted) { return 1000 - letters.count + (whole.hasPrefix(wanted) ? 500 : 0) }
    var score = 0
    var place = 0
    var previous = -2
    for letter in wanted {
      guard let found = letters[place...].firstIndex(of: letter) else { return nil }
      let startsWord = found == 0 || !(letters[found - 1].isLetter || letters[found - 1].isNumber)
      score += startsWord ? 12 : 1
      if found == previous + 1 { score += 8 }
      previous = found
      place = found + 1
    }
    return score - letters.count / 8
  }

  /// Indices of the entries of which a name matches, best first; in their own order when nothing is typed.
  public static func ranked(_ query: String, among entries: [[String]]) -> [Int] {
    let scored = entries.enumerated().compactMap { index, names in
      names.compactMap { score(query, in: $0) }.max().map { (index: index, score: $0) }
    }
    return scored.sorted { ($1.score, $0.index) < ($0.score, $1.index) }.map(\.index)
  }
}
