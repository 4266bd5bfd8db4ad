/// What is wrong with a file of bounce rules, and in which line.
public struct BounceRuleError: Error, Sendable, Equatable, CustomStringConvertible {
  public var line: Int
  public var problem: String

  public var description: String { "line \(line): \(problem)" }
}

/// What one status code means.
public struct StatusReason: Sendable, Equatable {
  public var pattern: StatusPattern
  public var reason: BounceReason
}

/// The content of a `bounce-rules.conf`: sections of rules, one section of status codes, and lists of words.
///
///     [mailbox-full]
///     reason  = mailbox full
///     - over quota
///     - mailbox*full
///     example = 552 5.2.2 mailbox is full
///
///     [status]
///     5.2.2 = mailbox full
///
///     [words delay-texts]
///     - will be retried
///     example = The message will be retried for 2 days
public struct BounceRuleFile: Sendable, Equatable {
  /// Bytes, rules and phrases that a file may have.
  public static let maximumLength = 1 << 20
  public static let maximumRules = 2_000
  public static let maximumPhraseLength = 300
  /// The section that holds what status codes mean.
  public static let statusSection = "status"
  /// What the name of a section of words begins with.
  public static let wordsPrefix = "words "

  public private(set) var rules: [BounceRule] = []
  public private(set) var statuses: [StatusReason] = []
  public private(set) var words: [WordSection] = []

  /// - Throws: the first line that cannot be understood.
  public init(parsing bytes: [UInt8]) throws(BounceRuleError) {
    guard bytes.count <= Self.maximumLength else {
      throw BounceRuleError(line: 1, problem: "the file is larger than \(Self.maximumLength) bytes")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw BounceRuleError(line: 1, problem: "the file is not UTF-8")
    }
    var section: Section?
    for (index, line) in text.utf8.split(separator: Octet.lf, omittingEmptySubsequences: false).enumerated() {
      let content = Self.trimmed(Substring(line))
      guard let first = content.utf8.first, first != 0x23 else { continue }
      try read(content, number: index + 1, &section)
    }
    try close(section)
  }

  /// What is being read.
  private enum Section {
    case rule(BounceRule, hasReason: Bool)
    case statuses
    case words(WordSection)
  }

  private mutating func read(_ line: Substring, number: Int, _ section: inout Section?) throws(BounceRuleError) {
    if line.utf8.first == UInt8(ascii: "["), line.utf8.last == UInt8(ascii: "]") {
      try close(section)
      section = try opened(line.dropFirst().dropLast(), number)
      return
    }
    // Taken out: what somebody else holds as well is copied when something is added to it.
    switch section.take() {
    case nil: throw BounceRuleError(line: number, problem: "stands before any [rule]")
    case .statuses:
      let (key, value) = try pair(line, number)
      statuses.append(StatusReason(pattern: try statusPattern(key, number), reason: try reason(value, number)))
      section = .statuses
    case .rule(var rule, var hasReason):
      if line.utf8.starts(with: "- ".utf8) {
        rule.phrases.append(try phrase(line.dropFirst(2), number))
      } else {
        let (key, value) = try pair(line, number)
        try set(key, to: value, number, &rule)
        if key == "reason" { hasReason = true }
      }
      section = .rule(rule, hasReason: hasReason)
    case .words(var words):
      try add(line, number, to: &words)
      section = .words(words)
    }
  }

  private func opened(_ name: Substring, _ line: Int) throws(BounceRuleError) -> Section {
    if name == Self.statusSection { return .statuses }
    if name.hasPrefix(Self.wordsPrefix) {
      return .words(WordSection(list: try list(Self.trimmed(name.dropFirst(Self.wordsPrefix.count)), line), line: line))
    }
    return .rule(BounceRule(id: try identifier(name, line), reason: .undefined, line: line), hasReason: false)
  }

  private mutating func close(_ section: Section?) throws(BounceRuleError) {
    switch section {
    case nil, .statuses: break
    case .words(let section): words.append(section)
    case .rule(let rule, let hasReason):
      guard hasReason else {
        throw BounceRuleError(line: rule.line, problem: "the rule '\(rule.id)' has no reason")
      }
      guard !rule.isEmpty else {
        throw BounceRuleError(line: rule.line, problem: "the rule '\(rule.id)' has neither phrases nor conditions")
      }
      guard rules.count < Self.maximumRules else {
        throw BounceRuleError(line: rule.line, problem: "more than \(Self.maximumRules) rules")
      }
      rules.append(rule)
    }
  }

  private func set(
    _ key: Substring, to value: Substring, _ line: Int, _ rule: inout BounceRule
  ) throws(BounceRuleError) {
    switch key {
    case "reason": rule.reason = try reason(value, line)
    case "weak": rule.isWeak = try flag(value, line)
    case "exact": rule.isExact = try flag(value, line)
    case "yields": rule.isYielding = try flag(value, line)
    case "server": rule.servers += Self.items(value).map { $0.lowercased() }
    case "status":
      for item in Self.items(value) { rule.statuses.append(try statusPattern(item[...], line)) }
    case "at":
      for item in Self.items(value) { rule.stages.append(try stage(item, line)) }
    case "example": rule.examples.append(String(value))
    default:
      throw BounceRuleError(
        line: line, problem: "unknown key '\(key)'; known are reason, weak, exact, yields, server, status, at, example")
    }
  }

  private func add(_ line: Substring, _ number: Int, to section: inout WordSection) throws(BounceRuleError) {
    if line.utf8.starts(with: "- ".utf8) {
      section.phrases.append(try word(line.dropFirst(2), number))
      return
    }
    let (key, value) = try pair(line, number)
    switch key {
    case "without": section.excluded.append(try word(value, number))
    case "example": section.examples.append(String(value))
    default:
      throw BounceRuleError(line: number, problem: "unknown key '\(key)'; a list of words knows without and example")
    }
  }
}
