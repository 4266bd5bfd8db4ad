/// What the text of a mail says about a program that wrote it.
extension AutoReplyRules {
  /// No header says so, but the text does: a challenge, or an absence in a mail that no person sends this way.
  func textRule(_ header: HeaderBlock, subject: String, notice: [UInt8]) -> String? {
    guard !Self.isListMail(header) else { return nil }
    let own = ownText(notice)
    let text = FoldedText(own)
    if let phrase = text.first(of: words[.challengeTexts]) { return "text of a challenge: '\(phrase)'" }
    if let phrase = text.first(of: words[.autoReplyTexts])
      ?? (Self.isMachineSent(header) ? text.first(of: words[.absenceTexts]) : nil)
    {
      return "text of an automatic reply: '\(phrase)'"
    }
    // What people answer with cites the message that they answer.
    guard answers(subject), !Self.isAnswer(header) else { return nil }
    let front = FoldedText(Array(own.prefix(Self.maximumFront)))
    return front.first(of: words[.absenceOpenings]).map { "an absence in an answer without a thread: '\($0)'" }
  }

  private static let maximumText = 1_200
  private static let maximumFront = 300

  /// The beginning of what the sender wrote: what is quoted below may be an automatic reply, too.
  private func ownText(_ notice: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    for line in LineReader(notice[...].prefix(Self.maximumText)) {
      if line.first == Octet.greater || introducesQuote(line) { break }
      text += line
      text.append(Octet.lf)
    }
    return text
  }

  /// `On Friday Ann wrote:`
  private func introducesQuote(_ line: Octets) -> Bool {
    line.trimmed.last == Octet.colon && FoldedText(Array(line)).containsAny(words[.attributions])
  }

  /// Programs put their mark in brackets, as in `【自動返信】`.
  static func withoutBracket(_ title: Octets) -> Octets {
    brackets.first(where: title.starts).map { title.dropFirst($0.count).trimmed } ?? title
  }

  private static let brackets = ["[", "(", "*", "【", "「", "『", "［", "（", "〔", "<"].map { Array($0.utf8) }

  /// Whether a subject says that it answers another.
  func answers(_ subject: String) -> Bool {
    let start = FoldedText(Array(subject.utf8)).bytes.trimmed
    return words[.answerPrefixes].contains(where: start.starts)
  }
}
