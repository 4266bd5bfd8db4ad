internal import MailModel

/// How the lines of a file of bounce rules are read.
extension BounceRuleFile {
  func pair(_ line: Substring, _ number: Int) throws(BounceRuleError) -> (key: Substring, value: Substring) {
    guard let equals = line.utf8.firstIndex(of: UInt8(ascii: "=")) else {
      throw BounceRuleError(line: number, problem: "expected '[rule]', '- phrase' or 'key = value', found '\(line)'")
    }
    return (Self.trimmed(line[..<equals]), Self.trimmed(line[line.index(after: equals)...]))
  }

  func list(_ name: Substring, _ line: Int) throws(BounceRuleError) -> WordList {
    guard let list = WordList(rawValue: String(name)) else {
      let known = WordList.allCases.map(\.rawValue).joined(separator: ", ")
      throw BounceRuleError(line: line, problem: "unknown list of words '\(name)'; known are: \(known)")
    }
    guard !words.contains(where: { $0.list == list }) else {
      throw BounceRuleError(line: line, problem: "the words '\(name)' stand twice")
    }
    return list
  }

  /// A phrase of a list of words, where an asterisk stands for nothing.
  func word(_ text: Substring, _ line: Int) throws(BounceRuleError) -> String {
    let phrase = try phrase(text, line)
    guard !phrase.utf8.contains(UInt8(ascii: "*")) else {
      throw BounceRuleError(line: line, problem: "'\(phrase)': an asterisk has no meaning in a list of words")
    }
    return phrase
  }

  func identifier(_ text: Substring, _ line: Int) throws(BounceRuleError) -> String {
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
  func phrase(_ text: Substring, _ line: Int) throws(BounceRuleError) -> String {
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
    let bytes = Array(phrase.utf8)
    guard FoldedText.folded(bytes[...]) == bytes else {
      throw BounceRuleError(line: line, problem: "'\(phrase)': phrases are written in lower case, with single spaces")
    }
    return String(phrase)
  }

  func reason(_ text: Substring, _ line: Int) throws(BounceRuleError) -> BounceReason {
    if let reason = Self.reasons[text.lowercased()] { return reason }
    let known = BounceReason.allCases.map(\.words).joined(separator: "; ")
    throw BounceRuleError(line: line, problem: "unknown reason '\(text)'; known are: \(known)")
  }

  private static let reasons = Dictionary(
    uniqueKeysWithValues: BounceReason.allCases.map { ($0.words.lowercased(), $0) })

  func statusPattern(_ text: Substring, _ line: Int) throws(BounceRuleError) -> StatusPattern {
    if let pattern = StatusPattern(text) { return pattern }
    throw BounceRuleError(line: line, problem: "'\(text)' is no enhanced status code such as 5.2.2 or 5.7.*")
  }

  func stage(_ text: String, _ line: Int) throws(BounceRuleError) -> SMTPStage {
    if let stage = SMTPStage(rawValue: text) { return stage }
    throw BounceRuleError(line: line, problem: "unknown step '\(text)'; known are connect, mail, rcpt, data")
  }

  func flag(_ text: Substring, _ line: Int) throws(BounceRuleError) -> Bool {
    switch text {
    case "yes": true
    case "no": false
    default: throw BounceRuleError(line: line, problem: "expected yes or no, found '\(text)'")
    }
  }

  static func items(_ value: Substring) -> [String] {
    value.split(separator: ",").map { String(trimmed($0)) }.filter { !$0.isEmpty }
  }

  static func trimmed(_ line: Substring) -> Substring {
    var rest = line.utf8.drop(while: Octet.isSpace)
    while let last = rest.last, Octet.isSpace(last) { rest.removeLast() }
    guard let first = rest.first, let last = rest.last, first >= 0x80 || last >= 0x80 else { return Substring(rest) }
    // White space that is not ASCII, as editors put in.
    var text = Substring(rest).drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
