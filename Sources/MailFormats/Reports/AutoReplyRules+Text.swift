/// What the text of a mail says about a program that wrote it.
extension AutoReplyRules {
  /// No header says so, but the text does: a challenge, or an absence in a mail that no person sends this way.
  static func textRule(_ header: HeaderBlock, subject: String, notice: [UInt8]) -> String? {
    guard !isListMail(header) else { return nil }
    let text = FoldedText(Array(notice.prefix(1_200)))
    if text.containsAny(AutoReplyWords.challenges) { return "text of a challenge" }
    if text.containsAny(AutoReplyWords.ownWords)
      || (isMachineSent(header) && text.containsAny(AutoReplyWords.absenceTexts))
    {
      return "text of an automatic reply"
    }
    // What people answer with cites the message that they answer.
    guard answers(subject), !isAnswer(header) else { return nil }
    let front = FoldedText(Array(notice.prefix(maximumFront)))
    return front.containsAny(AutoReplyWords.absenceFronts) ? "an absence in an answer without a thread" : nil
  }

  private static let maximumFront = 300

  /// Whether a subject says that it answers another.
  static func answers(_ subject: String) -> Bool {
    let start = FoldedText(Array(subject.utf8)).bytes.trimmed
    return prefixes.contains { !$0.isForward && start.starts(with: $0.text) }
  }
}
