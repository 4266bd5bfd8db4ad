/// Words that a line may begin with, by their first letter: most lines begin with none.
struct OpeningWords: Sendable {
  /// In lower case, each beginning with a letter of ASCII.
  let words: [StaticString]
  private let byLetter: [[StaticString]]

  init(_ words: [StaticString]) {
    self.words = words
    byLetter = (0..<26).map { letter in words.filter { $0.utf8Start.pointee == 0x61 + UInt8(letter) } }
  }

  /// Whether the line begins with one of them, ASCII letters compared without case.
  func begin(_ line: Octets) -> Bool {
    guard let first = line.first, Octet.isLetter(first) else { return false }
    return byLetter[Int(first | 0x20) - 0x61].contains { line.starts(with: $0) }
  }
}
