/// All phrases of many rules, each kept under the rarest of its trigrams: only those whose trigram stands in a text are
/// looked at.
struct PhraseIndex: Sendable {
  private struct Entry: Sendable {
    var rarest: Int
    /// The other trigrams that the text must have.
    var others: (Int, Int)
    /// Its place in ``phrases``.
    var place: Int

    /// - Parameter counts: how many phrases have each trigram.
    init(_ trigrams: (Int, Int, Int), at place: Int, _ counts: [UInt32]) {
      var (rarest, second, third) = trigrams
      if counts[second] < counts[rarest] { swap(&second, &rarest) }
      if counts[third] < counts[rarest] { swap(&third, &rarest) }
      (self.rarest, others, self.place) = (rarest, (second, third), place)
    }
  }

  private let rules: [CompiledRule]
  /// Rule and phrase in their order; no phrase for a rule of conditions only.
  private let phrases: [(rule: Int, phrase: Int?)]
  /// Sorted by their rarest trigram.
  private let entries: [Entry]
  /// Where the entries of each trigram begin.
  private let starts: [UInt32]
  /// Those that have entries.
  private let rarest: Trigrams
  /// Places that nothing rules out: too short, or a rule of conditions only.
  private let always: [Int]

  init(_ rules: [CompiledRule]) {
    self.rules = rules
    phrases = rules.enumerated().flatMap { index, rule in
      rule.phrases.isEmpty ? [(index, nil)] : rule.phrases.indices.map { (index, $0) }
    }
    let trigrams = phrases.map { place in place.phrase.flatMap { rules[place.rule].phrases[$0].first?.trigrams } }
    always = trigrams.indices.filter { trigrams[$0] == nil }
    var counts = [UInt32](repeating: 0, count: Trigrams.count)
    for case let three? in trigrams {
      counts[three.0] += 1
      counts[three.1] += 1
      counts[three.2] += 1
    }
    let entries = trigrams.enumerated().compactMap { place, three in three.map { Entry($0, at: place, counts) } }
      .sorted { $0.rarest < $1.rarest }
    var starts = [UInt32](repeating: 0, count: Trigrams.count + 1)
    for entry in entries { starts[entry.rarest + 1] += 1 }
    for trigram in 0..<Trigrams.count { starts[trigram + 1] += starts[trigram] }
    (self.entries, self.starts) = (entries, starts)
    rarest = Trigrams(indices: entries.map(\.rarest))
  }

  /// The first rule, in their order, that matches, and where.
  func first(_ facts: BounceFacts) -> (rule: CompiledRule, offset: Int)? {
    var places = always
    places.reserveCapacity(always.count + 64)
    let trigrams = facts.text.trigrams
    trigrams.visit(sharedWith: rarest) { trigram in
      for index in starts[trigram]..<starts[trigram + 1] {
        let entry = entries[Int(index)]
        if trigrams.contains(entry.others.0), trigrams.contains(entry.others.1) { places.append(entry.place) }
      }
    }
    for place in places.sorted() {
      let rule = rules[phrases[place].rule]
      if let offset = rule.match(facts, phrase: phrases[place].phrase) { return (rule, offset) }
    }
    return nil
  }
}
