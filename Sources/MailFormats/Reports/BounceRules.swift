/// One text rule: any of the phrases decides for the reason.
public struct BounceRule: Sendable, Codable, Equatable {
  /// Shown in ``MailModel/ClassifiedReport/why``, such as `text: mailbox full`.
  public var name: String
  public var reason: BounceReason
  /// Lower case. `*` between words stands for anything on the way, in this order.
  public var phrases: [String]

  public init(name: String, reason: BounceReason, phrases: [String]) {
    self.name = name
    self.reason = reason
    self.phrases = phrases
  }
}

/// The knowledge that turns a diagnostic text and an enhanced status code into a reason, as data.
///
/// The first rule that matches wins, so rules about the sender or the message stand before those about the address: a
/// text that names both must not suppress anyone.
public struct BounceRules: Sendable {
  let compiled: [CompiledRule]

  /// Diagnostic text beyond this many bytes is not looked at.
  public static let maximumTextLength = 4_096

  public init(_ rules: [BounceRule]) { compiled = rules.map(CompiledRule.init) }

  /// The rules with others put before them: what an operator adds wins.
  public func extended(by rules: [BounceRule]) -> BounceRules {
    BounceRules(compiled: rules.map(CompiledRule.init) + compiled)
  }

  private init(compiled: [CompiledRule]) { self.compiled = compiled }

  /// The first rule that matches. `text` must be in lower case, white space folded to single spaces.
  func match(_ text: ArraySlice<UInt8>) -> CompiledRule? {
    guard !text.isEmpty else { return nil }
    let bounded = text.prefix(Self.maximumTextLength)
    let letters = LetterPairs(bounded)
    return compiled.first { $0.matches(bounded, letters) }
  }
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

  func matches(_ text: ArraySlice<UInt8>, _ pairs: LetterPairs) -> Bool {
    phrases.contains { fragments in
      guard fragments.allSatisfy({ $0.bytes.count < 2 || pairs.contains($0.firstPair) }) else { return false }
      var from = text.startIndex
      for fragment in fragments {
        guard let range = text.firstRange(of: fragment.bytes, from: from) else { return false }
        from = range.upperBound
      }
      return true
    }
  }
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
