internal import MailModel

/// What is known about one failure when rules are asked.
struct BounceFacts {
  let text: FoldedText
  let status: EnhancedStatus?
  /// Names of the server that answered, in lower case.
  let server: [UInt8]
  let stage: SMTPStage?
}

/// A rule with its phrases as bytes. A class, because hundreds are looked at for every failure.
final class CompiledRule: Sendable {
  let id: String
  let reason: BounceReason
  /// Whether a status code beside the text leaves the reason as it is.
  let isFinal: Bool
  let isYielding: Bool
  let phrases: [[Fragment]]
  private let servers: [[UInt8]]
  private let statuses: [StatusPattern]
  private let stages: [SMTPStage]
  private let isConditional: Bool

  struct Fragment: Sendable {
    let bytes: [UInt8]
    /// Three of its trigrams: a text without one of them does not hold it. `nil` where it is shorter.
    let trigrams: (Int, Int, Int)?

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      let last = bytes.count - 3
      func trigram(_ place: Int) -> Int { Trigrams.index(of: bytes, at: place) }
      trigrams = last < 0 ? nil : (trigram(0), trigram(last / 2), trigram(last))
    }

    func mayBeIn(_ text: Trigrams) -> Bool {
      guard let trigrams else { return true }
      return text.contains(trigrams.0) && text.contains(trigrams.1) && text.contains(trigrams.2)
    }
  }

  init(_ rule: BounceRule) {
    id = rule.id
    reason = rule.reason
    isFinal = rule.isOwn || rule.isExact
    isYielding = rule.isYielding
    servers = rule.servers.map { Array($0.lowercased().utf8) }
    statuses = rule.statuses
    stages = rule.stages
    isConditional = !(rule.servers.isEmpty && rule.statuses.isEmpty && rule.stages.isEmpty)
    phrases = rule.phrases.map { phrase in
      Array(phrase.utf8).lowercasedBytes.split(separator: UInt8(ascii: "*")).map { Fragment(Array($0)) }
    }
  }

  /// Where in the text the rule found this phrase; the start of the text for a rule that only conditions decide.
  /// - Parameter phrase: `nil` for a rule that only conditions decide.
  func match(_ facts: BounceFacts, phrase: Int?) -> Int? {
    if isConditional, !conditionsHold(facts) { return nil }
    guard let phrase else { return isConditional ? facts.text.bytes.startIndex : nil }
    return Self.offset(of: phrases[phrase], in: facts.text)
  }

  private static func offset(of fragments: [Fragment], in text: FoldedText) -> Int? {
    guard fragments.allSatisfy({ $0.mayBeIn(text.trigrams) }) else { return nil }
    var from = text.bytes.startIndex
    var first: Int?
    for fragment in fragments {
      guard let range = text.bytes.firstRange(of: fragment.bytes, from: from) else { return nil }
      if first == nil { first = range.lowerBound }
      from = range.upperBound
    }
    return first
  }

  private func conditionsHold(_ facts: BounceFacts) -> Bool {
    if !stages.isEmpty {
      guard let stage = facts.stage, stages.contains(stage) else { return false }
    }
    if !statuses.isEmpty {
      guard let status = facts.status, statuses.contains(where: { $0.matches(status) }) else { return false }
    }
    return servers.isEmpty
      || servers.contains { facts.server[...].contains($0) || facts.text.bytes.contains($0) }
  }
}
