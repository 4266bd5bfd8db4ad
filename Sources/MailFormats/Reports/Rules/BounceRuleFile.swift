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

/// The content of a `bounce-rules.conf`: sections of rules, and one section of status codes.
///
///     [mailbox-full]
///     reason  = mailbox full
///     - over quota
///     - mailbox*full
///     example = 552 5.2.2 mailbox is full
///
///     [status]
///     5.2.2 = mailbox full
public struct BounceRuleFile: Sendable, Equatable {
  /// Bytes, rules and phrases that a file may have.
  public static let maximumLength = 1 << 20
  public static let maximumRules = 2_000
  public static let maximumPhraseLength = 300
  /// The section that holds what status codes mean.
  public static let statusSection = "status"

  public private(set) var rules: [BounceRule] = []
  public private(set) var statuses: [StatusReason] = []

  /// - Throws: the first line that cannot be understood.
  public init(parsing bytes: [UInt8]) throws(BounceRuleError) {
    guard bytes.count <= Self.maximumLength else {
      throw BounceRuleError(line: 1, problem: "the file is larger than \(Self.maximumLength) bytes")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw BounceRuleError(line: 1, problem: "the file is not UTF-8")
    }
    var section = Section(id: "", line: 0)
    for (index, line) in text.utf8.split(separator: Octet.lf, omittingEmptySubsequences: false).enumerated() {
      let content = Self.trimmed(Substring(line))
      guard let first = content.utf8.first, first != 0x23 else { continue }
      try read(content, number: index + 1, &section)
    }
    try close(section)
  }

  private struct Section {
    var id: String
    var line: Int
    var rule: BounceRule
    var hasReason = false

    init(id: String, line: Int) {
      (self.id, self.line) = (id, line)
      rule = BounceRule(id: id, reason: .undefined, line: line)
    }
  }

  private mutating func read(_ line: Substring, number: Int, _ section: inout Section) throws(BounceRuleError) {
    if line.utf8.first == UInt8(ascii: "["), line.utf8.last == UInt8(ascii: "]") {
      try close(section)
      section = Section(id: try identifier(line.dropFirst().dropLast(), number), line: number)
      return
    }
    guard !section.id.isEmpty else {
      throw BounceRuleError(line: number, problem: "stands before any [rule]")
    }
    if section.id != Self.statusSection, line.utf8.starts(with: "- ".utf8) {
      section.rule.phrases.append(try phrase(line.dropFirst(2), number))
      return
    }
    guard let equals = line.utf8.firstIndex(of: UInt8(ascii: "=")) else {
      throw BounceRuleError(line: number, problem: "expected '[rule]', '- phrase' or 'key = value', found '\(line)'")
    }
    let key = Self.trimmed(line[..<equals])
    let value = Self.trimmed(line[line.index(after: equals)...])
    if section.id == Self.statusSection {
      statuses.append(
        StatusReason(pattern: try statusPattern(key, number), reason: try reason(value, number)))
    } else {
      try set(key, to: value, number, &section)
    }
  }

  private mutating func close(_ section: Section) throws(BounceRuleError) {
    guard !section.id.isEmpty, section.id != Self.statusSection else { return }
    guard section.hasReason else {
      throw BounceRuleError(line: section.line, problem: "the rule '\(section.id)' has no reason")
    }
    guard !section.rule.isEmpty else {
      throw BounceRuleError(line: section.line, problem: "the rule '\(section.id)' has neither phrases nor conditions")
    }
    guard rules.count < Self.maximumRules else {
      throw BounceRuleError(line: section.line, problem: "more than \(Self.maximumRules) rules")
    }
    rules.append(section.rule)
  }

  private func set(
    _ key: Substring, to value: Substring, _ line: Int, _ section: inout Section
  ) throws(BounceRuleError) {
    switch key {
    case "reason":
      section.rule.reason = try reason(value, line)
      section.hasReason = true
    case "weak": section.rule.isWeak = try flag(value, line)
    case "exact": section.rule.isExact = try flag(value, line)
    case "server": section.rule.servers += Self.list(value).map { $0.lowercased() }
    case "status":
      for item in Self.list(value) { section.rule.statuses.append(try statusPattern(item[...], line)) }
    case "at":
      for item in Self.list(value) { section.rule.stages.append(try stage(item, line)) }
    case "example": section.rule.examples.append(String(value))
    default:
      throw BounceRuleError(
        line: line, problem: "unknown key '\(key)'; known are reason, weak, exact, server, status, at, example")
    }
  }
}

extension BounceRuleFile {
  private func identifier(_ text: Substring, _ line: Int) throws(BounceRuleError) -> String {
    let isPlain = text.utf8.allSatisfy { Octet.isDigit($0) || (97...122).contains($0) || $0 == Octet.dash }
    guard !text.isEmpty, text.utf8.count <= 64, isPlain else {
      throw BounceRuleError(line: line, problem: "'\(text)' is no rule id: small letters, digits and dashes only")
    }
    let id = String(text)
    guard !rules.contains(where: { $0.id == id }) else {
      throw BounceRuleError(line: line, problem: "the rule '\(id)' stands twice")
    }
    return id
  }

  /// Quotes keep the white space at the ends of a phrase.
  private func phrase(_ text: Substring, _ line: Int) throws(BounceRuleError) -> String {
    var phrase = Self.trimmed(text)
    let quote = UInt8(ascii: "\"")
    if phrase.utf8.count >= 2, phrase.utf8.first == quote, phrase.utf8.last == quote {
      phrase = phrase.dropFirst().dropLast()
    }
    guard phrase.utf8.count <= Self.maximumPhraseLength,
      phrase.utf8.contains(where: { $0 != 0x2A && $0 != Octet.space })
    else {
      throw BounceRuleError(
        line: line, problem: "a phrase needs some text, at most \(Self.maximumPhraseLength) bytes of it")
    }
    guard !phrase.utf8.contains(where: { $0 != Octet.lower($0) }) else {
      throw BounceRuleError(line: line, problem: "'\(phrase)': phrases are written in lower case")
    }
    return String(phrase)
  }

  private func reason(_ text: Substring, _ line: Int) throws(BounceRuleError) -> BounceReason {
    if let reason = Self.reasons[text.lowercased()] { return reason }
    let known = BounceReason.allCases.map(\.words).joined(separator: "; ")
    throw BounceRuleError(line: line, problem: "unknown reason '\(text)'; known are: \(known)")
  }

  private static let reasons = Dictionary(
    uniqueKeysWithValues: BounceReason.allCases.map { ($0.words.lowercased(), $0) })

  private func statusPattern(_ text: Substring, _ line: Int) throws(BounceRuleError) -> StatusPattern {
    if let pattern = StatusPattern(text) { return pattern }
    throw BounceRuleError(line: line, problem: "'\(text)' is no enhanced status code such as 5.2.2 or 5.7.*")
  }

  private func stage(_ text: String, _ line: Int) throws(BounceRuleError) -> SMTPStage {
    if let stage = SMTPStage(rawValue: text) { return stage }
    throw BounceRuleError(line: line, problem: "unknown step '\(text)'; known are connect, mail, rcpt, data")
  }

  private func flag(_ text: Substring, _ line: Int) throws(BounceRuleError) -> Bool {
    switch text {
    case "yes": true
    case "no": false
    default: throw BounceRuleError(line: line, problem: "expected yes or no, found '\(text)'")
    }
  }

  private static func list(_ value: Substring) -> [String] {
    value.split(separator: ",").map { String(trimmed($0)) }.filter { !$0.isEmpty }
  }

  private static func trimmed(_ line: Substring) -> Substring {
    var rest = line.utf8.drop(while: Octet.isSpace)
    while let last = rest.last, Octet.isSpace(last) { rest.removeLast() }
    guard let first = rest.first, let last = rest.last, first >= 0x80 || last >= 0x80 else { return Substring(rest) }
    // White space that is not ASCII, as editors put in.
    var text = Substring(rest).drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
