/// All phrases of many rules, each kept under the rarest of its pairs of letters: only those whose pair stands in a text
/// are looked at.
struct PhraseIndex: Sendable {
  private struct Entry: Sendable {
    var rarest: Int
    /// The other pairs that the text must have.
    var others: (Int, Int)
    /// Its place in ``phrases``.
    var place: Int

    /// - Parameter counts: how many phrases have each pair.
    init(_ pairs: (Int, Int, Int), at place: Int, _ counts: [UInt32]) {
      var (rarest, second, third) = pairs
      if counts[second] < counts[rarest] { swap(&second, &rarest) }
      if counts[third] < counts[rarest] { swap(&third, &rarest) }
      (self.rarest, others, self.place) = (rarest, (second, third), place)
    }
  }

  private let rules: [CompiledRule]
  /// Rule and phrase in their order; no phrase for a rule of conditions only.
  private let phrases: [(rule: Int, phrase: Int?)]
  /// Sorted by their rarest pair.
  private let entries: [Entry]
  /// Where the entries of each pair begin.
  private let starts: [UInt32]
  /// Places that nothing rules out: too short, or a rule of conditions only.
  private let always: [Int]

  init(_ rules: [CompiledRule]) {
    self.rules = rules
    phrases = rules.enumerated().flatMap { index, rule in
      rule.phrases.isEmpty ? [(index, nil)] : rule.phrases.indices.map { (index, $0) }
    }
    let pairs = phrases.map { place in place.phrase.flatMap { rules[place.rule].phrases[$0].first?.pairs } }
    always = pairs.indices.filter { pairs[$0] == nil }
    var counts = [UInt32](repeating: 0, count: LetterPairs.count)
    for case let pairs? in pairs {
      counts[pairs.0] += 1
      counts[pairs.1] += 1
      counts[pairs.2] += 1
    }
    let entries = pairs.enumerated().compactMap { place, pairs in pairs.map { Entry($0, at: place, counts) } }
      .sorted { $0.rarest < $1.rarest }
    var starts = [UInt32](repeating: 0, count: LetterPairs.count + 1)
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
        let entry = entries[Int(index)]
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
