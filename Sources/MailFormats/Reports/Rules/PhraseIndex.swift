/// All phrases of many rules, each kept under the rarest of its pairs of letters: only those whose pair stands in a text
/// are looked at.
struct PhraseIndex: Sendable {
  private struct Entry: Sendable {
    var rarest: Int
    /// The other pairs that the text must have.
    var others: (Int, Int)
    /// Its place in ``phrases``.
    var place: Int
  }

  private let rules: [CompiledRule]
  /// Rule and phrase in their order; no phrase for a rule of conditions only.
  private let phrases: [(rule: Int, phrase: Int?)]
  /// Sorted by their rarest pair.
  private let entries: [Entry]
  /// Where the entries of each pair begin.
  private let starts: [Int]
  /// Places that nothing rules out: too short, or a rule of conditions only.
  private let always: [Int]

  init(_ rules: [CompiledRule]) {
    self.rules = rules
    phrases = rules.enumerated().flatMap { index, rule in
      rule.phrases.isEmpty ? [(index, nil)] : rule.phrases.indices.map { (index, $0) }
    }
    let first = phrases.map { place in place.phrase.flatMap { rules[place.rule].phrases[$0].first } }
    let isAlways = first.map { ($0?.bytes.count ?? 0) < 2 }
    always = isAlways.indices.filter { isAlways[$0] }
    var counts = [Int](repeating: 0, count: LetterPairs.count)
    for pair in first.compactMap({ $0?.pairs }).joined() { counts[pair] += 1 }
    let entries = first.indices.filter { !isAlways[$0] }.compactMap { place in
      (first[place]?.pairs.sorted { counts[$0] < counts[$1] }).map {
        Entry(rarest: $0[0], others: ($0[1], $0[2]), place: place)
      }
    }.sorted { $0.rarest < $1.rarest }
    var starts = [Int](repeating: 0, count: LetterPairs.count + 1)
    for entry in entries { starts[entry.rarest + 1] += 1 }
    for pair in 0..<LetterPairs.count { starts[pair + 1] += starts[pair] }
    (self.entries, self.starts) = (entries, starts)
  }

  /// The first rule, in their order, that matches, and where.
  func first(_ facts: BounceFacts) -> (rule: CompiledRule, offset: Int)? {
    var places = always
    places.reserveCapacity(always.count + 64)
    let pairs = facts.text.pairs
    pairs.visit { pair in
      for index in starts[pair]..<starts[pair + 1] {
        let entry = entries[index]
        if pairs.contains(entry.others.0), pairs.contains(entry.others.1) { places.append(entry.place) }
      }
    }
    for place in places.sorted() {
      let rule = rules[phrases[place].rule]
      if let offset = rule.match(facts, phrase: phrases[place].phrase) { return (rule, offset) }
    }
    return nil
  }
}
