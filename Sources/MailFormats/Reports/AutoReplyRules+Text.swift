/// What the text of a mail says about a program that wrote it.
extension AutoReplyRules {
  /// No header says so, but the text does: a challenge, or an absence in a mail that no person sends this way.
  static func textRule(_ header: HeaderBlock, subject: String, notice: [UInt8]) -> String? {
    guard !isListMail(header) else { return nil }
    let own = ownText(notice)
    let text = FoldedText(own)
    if text.containsAny(AutoReplyWords.challenges) { return "text of a challenge" }
    if text.containsAny(AutoReplyWords.ownWords)
      || (isMachineSent(header) && text.containsAny(AutoReplyWords.absenceTexts))
    {
      return "text of an automatic reply"
    }
    // What people answer with cites the message that they answer.
    guard answers(subject), !isAnswer(header) else { return nil }
    let front = FoldedText(Array(own.prefix(maximumFront)))
    return front.containsAny(AutoReplyWords.absenceFronts) ? "an absence in an answer without a thread" : nil
  }

  private static let maximumText = 1_200
  private static let maximumFront = 300

  /// The beginning of what the sender wrote: what is quoted below may be an automatic reply, too.
  private static func ownText(_ notice: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    for line in LineReader(notice[...].prefix(maximumText)) {
      if line.first == Octet.greater || introducesQuote(line) { break }
      text += line
      text.append(Octet.lf)
    }
    return text
  }

  /// `On Friday Ann wrote:`
  private static func introducesQuote(_ line: Octets) -> Bool {
    line.trimmed.last == Octet.colon && FoldedText(Array(line)).containsAny(AutoReplyWords.attributions)
  }

  /// Whether a subject says that it answers another.
  static func answers(_ subject: String) -> Bool {
    let start = FoldedText(Array(subject.utf8)).bytes.trimmed
    return prefixes.contains { !$0.isForward && start.starts(with: $0.text) }
  }
}
