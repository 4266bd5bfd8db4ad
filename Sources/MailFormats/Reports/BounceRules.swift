/// One text rule: any of the phrases decides for the reason.
public struct BounceRule: Sendable, Codable, Equatable {
  /// Shown in ``MailModel/ClassifiedReport/why``, such as `text: mailbox full`.
  public var name: String
  public var reason: BounceReason
  /// Lower case. `*` between words stands for anything on the way, in this order.
  public var phrases: [String]
  /// A weak rule is asked only after the strong ones and after a status code that says something specific.
  public var isWeak: Bool

  public init(name: String, reason: BounceReason, isWeak: Bool = false, phrases: [String]) {
    self.name = name
    self.reason = reason
    self.isWeak = isWeak
    self.phrases = phrases
  }
}

/// The knowledge that turns a diagnostic text and an enhanced status code into a reason, as data.
///
/// The first rule that matches wins, so rules about the sender or the message stand before those about the address: a
/// text that names both must not suppress anyone.
public struct BounceRules: Sendable {
  private let strong: [CompiledRule]
  private let weak: [CompiledRule]

  /// Diagnostic text beyond this many bytes is not looked at.
  public static let maximumTextLength = 4_096

  public init(_ rules: [BounceRule]) {
    strong = rules.filter { !$0.isWeak }.map(CompiledRule.init)
    weak = rules.filter(\.isWeak).map(CompiledRule.init)
  }

  /// The rules with others put before them: what an operator adds wins.
  public func extended(by rules: [BounceRule]) -> BounceRules {
    let added = BounceRules(rules)
    return BounceRules(strong: added.strong + strong, weak: added.weak + weak)
  }

  private init(strong: [CompiledRule], weak: [CompiledRule]) {
    self.strong = strong
    self.weak = weak
  }

  /// The first strong rule that matches.
  func strongMatch(_ text: FoldedText) -> CompiledRule? { strong.first { $0.matches(text) } }

  func weakMatch(_ text: FoldedText) -> CompiledRule? { weak.first { $0.matches(text) } }
}

/// A rule with its phrases as bytes.
struct CompiledRule: Sendable {
  let name: String
  let reason: BounceReason
  private let phrases: [[Fragment]]

  private struct Fragment: Sendable {
    let bytes: [UInt8]
    let firstPair: Int
  }

  init(_ rule: BounceRule) {
    name = rule.name
    reason = rule.reason
    phrases = rule.phrases.map { phrase in
      phrase.lowercased().split(separator: "*").map {
        let bytes = Array($0.utf8)
        return Fragment(bytes: bytes, firstPair: LetterPairs.index(bytes[0], bytes.count > 1 ? bytes[1] : 0))
      }
    }
  }

  func matches(_ text: FoldedText) -> Bool {
    phrases.contains { fragments in
      guard fragments.allSatisfy({ $0.bytes.count < 2 || text.pairs.contains($0.firstPair) }) else { return false }
      var from = text.bytes.startIndex
      for fragment in fragments {
        guard let range = text.bytes.firstRange(of: fragment.bytes, from: from) else { return false }
        from = range.upperBound
      }
      return true
    }
  }
}

/// A text in the form that rules are written against: lower case, white space folded to single spaces, bounded.
struct FoldedText: Sendable {
  let bytes: ArraySlice<UInt8>
  let pairs: LetterPairs

  init(_ text: [UInt8]) {
    var result: [UInt8] = []
    result.reserveCapacity(min(text.count, BounceRules.maximumTextLength))
    for byte in text {
      if result.count >= BounceRules.maximumTextLength { break }
      if Octet.isSpace(byte) {
        if result.last != Octet.space { result.append(Octet.space) }
      } else {
        result.append(Octet.lower(byte))
      }
    }
    bytes = result[...]
    pairs = LetterPairs(bytes)
  }

  func contains(_ phrase: [UInt8]) -> Bool {
    guard phrase.count > 1 else { return bytes.contains(phrase) }
    return pairs.contains(LetterPairs.index(phrase[0], phrase[1])) && bytes.contains(phrase)
  }

  func containsAny(_ phrases: [[UInt8]]) -> Bool { phrases.contains(where: contains) }
}

/// Which pairs of neighbouring bytes occur in a text: rules out most phrases before they are searched for.
struct LetterPairs {
  private var bits: [UInt64]

  init(_ text: ArraySlice<UInt8>) {
    bits = [UInt64](repeating: 0, count: 1_024)
    var previous: UInt8 = 0
    for byte in text {
      let index = Self.index(previous, byte)
      bits[index >> 6] |= 1 << UInt64(index & 63)
      previous = byte
    }
  }

  func contains(_ index: Int) -> Bool { bits[index >> 6] & (1 << UInt64(index & 63)) != 0 }

  static func index(_ first: UInt8, _ second: UInt8) -> Int { Int(first) << 8 | Int(second) }
}
