internal import MailModel

/// The knowledge that turns a diagnostic text and an enhanced status code into a reason, as data.
///
/// The first rule that matches wins, so rules about the sender or the message stand before those about the address: a
/// text that names both must not suppress anyone.
public struct BounceRules: Sendable {
  /// Diagnostic text beyond this many bytes is not looked at.
  public static let maximumTextLength = 4_096

  /// The rules in their order.
  public let rules: [BounceRule]
  private let strongPhrases: PhraseIndex
  /// Of the strong rules those about full mailboxes.
  private let fullPhrases: PhraseIndex
  /// Of the strong rules those about the sender and the message.
  private let refusalPhrases: PhraseIndex
  private let weakPhrases: PhraseIndex
  private let statuses: [StatusReason]
  /// By which the kind of a mail is known.
  public let words: KindWords

  /// Knows nothing but reply codes.
  public static let none = BounceRules(rules: [], statuses: [], words: KindWords([]))

  public init(_ file: BounceRuleFile) {
    self.init(rules: file.rules, statuses: file.statuses, words: KindWords(file.words))
  }

  private init(rules: [BounceRule], statuses: [StatusReason], words: KindWords) {
    self.rules = rules
    self.statuses = statuses
    self.words = words
    let strong = rules.filter { !$0.isWeak }.map { CompiledRule($0) }
    strongPhrases = PhraseIndex(strong)
    fullPhrases = PhraseIndex(strong.filter { $0.reason == .mailboxFull })
    refusalPhrases = PhraseIndex(strong.filter { $0.reason.bounceClass == .block })
    weakPhrases = PhraseIndex(rules.filter(\.isWeak).map { CompiledRule($0) })
  }

  /// These rules with an operator's own: a rule whose id is known replaces that rule in its place, every other stands
  /// before all; status codes likewise come first, and words are added. A rule that says the same as the known one is a
  /// copy, and no choice of the operator's.
  public func extended(by file: BounceRuleFile) -> BounceRules {
    var merged = rules
    var added: [BounceRule] = []
    for var rule in file.rules where !rules.contains(where: { $0.says(rule) }) {
      rule.isOwn = true
      if let index = merged.firstIndex(where: { $0.id == rule.id }) { merged[index] = rule } else { added.append(rule) }
    }
    return BounceRules(
      rules: added + merged, statuses: file.statuses + statuses, words: words.extended(by: file.words))
  }

  /// The first strong rule that matches, and where.
  func strongMatch(_ facts: BounceFacts) -> (rule: CompiledRule, offset: Int)? { strongPhrases.first(facts) }

  func weakMatch(_ facts: BounceFacts) -> (rule: CompiledRule, offset: Int)? { weakPhrases.first(facts) }

  /// The first strong rule that matches and makes the failure a refusal of the sender or the message.
  func refusalMatch(_ facts: BounceFacts) -> (rule: CompiledRule, offset: Int)? { refusalPhrases.first(facts) }

  /// The first strong rule about a full mailbox that matches.
  func fullMailboxMatch(_ facts: BounceFacts) -> (rule: CompiledRule, offset: Int)? { fullPhrases.first(facts) }

  /// What a status code alone means, used when the text says nothing (RFC 3463 §3, RFC 7504, RFC 7505).
  func reason(of status: EnhancedStatus) -> BounceReason? {
    guard let reason = statuses.first(where: { $0.pattern.matches(status) })?.reason, reason != .undefined else {
      return nil
    }
    return reason
  }
}

extension BounceRules {
  /// An example in a rule file that its own rule does not decide.
  public struct FailedExample: Sendable, Equatable {
    public var rule: String
    public var line: Int
    public var example: String
    /// The rule that decided instead.
    public var decidedBy: String
  }

  /// Every example of every rule that some other rule decides. That of a rule about a server is an answer of this server.
  public func failedExamples() -> [FailedExample] {
    rules.flatMap { rule in
      rule.examples.compactMap { example in
        let verdict = BounceVerdict(example, server: rule.servers.first ?? "", rules: self)
        if verdict.rule == rule.id { return nil }
        return FailedExample(rule: rule.id, line: rule.line, example: example, decidedBy: verdict.rule)
      }
    }
  }
}
