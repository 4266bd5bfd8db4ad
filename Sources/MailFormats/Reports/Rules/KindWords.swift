/// The words by which the kind of a mail is known, as data: what mailers, answering programs and people write.
public struct KindWords: Sendable {
  /// The sections they were made of.
  private(set) var sections: [WordSection]
  private var phrases: [WordList: [[UInt8]]] = [:]

  init(_ sections: [WordSection]) {
    self.sections = sections
    for list in WordList.allCases {
      let own = sections.filter { $0.list == list }
      // A phrase that stands in both files counts once.
      var left = Set(own.flatMap(\.phrases)).subtracting(own.flatMap(\.excluded))
      phrases[list] = own.flatMap(\.phrases).filter { left.remove($0) != nil }.map { Array($0.utf8) }
    }
  }

  /// These words with an operator's own: what a section has is added, what it excludes is left out.
  func extended(by own: [WordSection]) -> KindWords { KindWords(sections + own) }

  /// The phrases of a list, in lower case.
  subscript(list: WordList) -> [[UInt8]] { phrases[list] ?? [] }

  /// How many phrases there are.
  public var count: Int { phrases.values.map(\.count).reduce(0, +) }

  /// What examples and exclusions show to be wrong in the files, for people.
  public func problems() -> [String] {
    sections.flatMap { section in
      let name = "words \(section.list.rawValue)"
      let lost = section.examples.filter { !FoldedText(Array($0.utf8)).containsAny(self[section.list]) }
      let known = Set(sections.filter { $0.list == section.list }.flatMap(\.phrases))
      return lost.map { "\(name): nothing of it stands in '\($0)'" }
        + section.excluded.filter { !known.contains($0) }.map { "\(name): '\($0)' is left out and not in the list" }
    }
  }
}

extension FoldedText {
  /// The first of the phrases that the text has.
  func first(of phrases: [[UInt8]]) -> String? { phrases.first(where: contains).map { $0[...].utf8Text } }

  /// The first of the phrases that the text begins with.
  func opening(of phrases: [[UInt8]]) -> String? {
    let start = bytes.trimmed
    return phrases.first(where: start.starts).map { $0[...].utf8Text }
  }
}

extension KindWords {
  /// Whether a line of an answer has a word for the sender, in some language, and none for the recipient.
  func speakOfSender(_ line: String) -> Bool {
    let text = FoldedText(Array(line.utf8))
    return text.containsAny(self[.senderWords]) && !text.containsAny(self[.recipientWords])
  }
}
