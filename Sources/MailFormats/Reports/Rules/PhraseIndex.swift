/// All phrases of many rules in one flat list: most are ruled out by three pairs of letters before their rule is looked at.
struct PhraseIndex: Sendable {
  private struct Entry: Sendable {
    var pairs: (UInt16, UInt16, UInt16)
    /// Nothing rules it out: too short, or a rule of conditions only.
    var isAlways: Bool
    var rule: Int
    /// `nil` for a rule of conditions only.
    var phrase: Int?
  }

  private let rules: [CompiledRule]
  private let entries: [Entry]

  init(_ rules: [CompiledRule]) {
    self.rules = rules
    var entries: [Entry] = []
    for (index, rule) in rules.enumerated() {
      if rule.phrases.isEmpty {
        entries.append(Entry(pairs: (0, 0, 0), isAlways: true, rule: index, phrase: nil))
      }
      for (place, fragments) in rule.phrases.enumerated() {
        let pairs = fragments.first?.pairs ?? (0, 0, 0)
        entries.append(
          Entry(
            pairs: (UInt16(pairs.0), UInt16(pairs.1), UInt16(pairs.2)),
            isAlways: (fragments.first?.bytes.count ?? 0) < 2,
            rule: index, phrase: place))
      }
    }
    self.entries = entries
  }

  /// The first rule, in their order, that matches, and where.
  func first(_ facts: BounceFacts) -> (rule: CompiledRule, offset: Int)? {
    facts.text.pairs.withBits { bits in
      entries.withUnsafeBufferPointer { entries in
        for entry in entries {
          guard entry.isAlways || (bits.has(entry.pairs.0) && bits.has(entry.pairs.1) && bits.has(entry.pairs.2)) else {
            continue
          }
          let rule = rules[entry.rule]
          if let offset = rule.match(facts, phrase: entry.phrase) { return (rule, offset) }
        }
        return nil
      }
    }
  }
}

extension UnsafeBufferPointer<UInt64> {
  fileprivate func has(_ index: UInt16) -> Bool { self[Int(index >> 6)] & (1 << UInt64(index & 63)) != 0 }
}
