/// What list servers put below each mail: a rule of underscores, the name of the list and where to write to.
enum ListFooter {
  private static let maximumLength = 1_000
  private static let minimumRule = 20

  /// Where the last such rule stands, when little follows it.
  static func start(in text: Octets) -> Int? {
    var lines = LineReader(text.suffix(maximumLength))
    var found: Int?
    while let line = lines.next() {
      let rule = line.trimmed
      if rule.count >= minimumRule, rule.allSatisfy({ $0 == 0x5F }) { found = line.startIndex }
    }
    return found
  }
}
