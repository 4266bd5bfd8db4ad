/// What people write and mailers do not: how a letter begins, ends and asks.
struct LetterMarks {
  let words: KindWords

  /// Bytes at the front, and at the end, that are looked at.
  private static let maximumLength = 1_200

  /// Whether somebody wrote this to somebody.
  func areIn(_ notice: [UInt8]) -> Bool {
    let front = FoldedText(Array(notice[...].prefix(Self.maximumLength)))
    let start = front.bytes.trimmed
    if front.containsAny(words[.letterQuestions]) || start.prefix(Self.maximumFirstLine).contains(Octet.question) {
      return true
    }
    return isGreeting(start)
  }

  /// Whether it begins and ends as a letter does, which is more than programs imitate.
  func frame(_ notice: [UInt8]) -> Bool {
    guard isGreeting(FoldedText(Array(notice[...].prefix(Self.maximumFirstLine))).bytes.trimmed) else { return false }
    return FoldedText(Array(notice[...].suffix(Self.maximumClosing))).containsAny(words[.letterClosings])
  }

  static let maximumClosingLine = 40

  /// Whether a line ends a letter: `Kind regards,`.
  func isClosing(_ line: Octets) -> Bool {
    guard line.trimmed.last == 0x2C else { return false }
    let text = FoldedText(Array(line)).bytes.trimmed
    return words[.letterClosings].contains { text.starts(with: $0) || text.suffix($0.count + 1).starts(with: $0) }
  }

  private func isGreeting(_ start: Octets) -> Bool {
    words[.letterGreetings].contains(where: start.starts)
      && !words[.letterStrangers].contains(where: start.starts)
  }

  private static let maximumFirstLine = 80
  private static let maximumClosing = 200
}
