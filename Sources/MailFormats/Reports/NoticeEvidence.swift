/// Whether a mail without machine-readable parts is a notice about failed or delayed delivery.
struct NoticeEvidence {
  enum Verdict { case failed, delayed, none }

  let verdict: Verdict
  let why: String

  /// - Parameters:
  ///   - subject: decoded.
  init(_ material: ReportMaterial, sender: NoticeSender, subject: String) {
    let title = FoldedText(Array(subject.utf8))
    let hasFailedField = material.header.first("x-failed-recipients") != nil
    let isMarked = hasFailedField || material.isMarkedReport
    let hasStrongSubject = title.containsAny(NoticeWords.strongSubjects)
    // Most mail is from people, and its text need not be looked at.
    guard isMarked || sender.isMachine || hasStrongSubject else {
      (verdict, why) = (.none, Self.nothing)
      return
    }
    let notice = sender.isConversation && !sender.isDaemon ? Self.unquoted(material.notice) : material.notice
    let text = FoldedText(notice)
    let signs = NoticeSigns(
      material, from: sender, title: title, hasStrongSubject: hasStrongSubject, notice: notice, text: text)
    guard isMarked || signs.areEnough, !Self.tellsOfSuccess(title), !Self.isHousekeeping(title) else {
      (verdict, why) = (.none, Self.nothing)
      return
    }
    // A title may end with the subject of what came back, as in `Undeliverable: your parcel is delayed`.
    let saysDelayed = signs.saysDelayed || (signs.hasDelayedTitle && !hasStrongSubject)
    verdict = saysDelayed && !text.containsAny(NoticeWords.finals) ? .delayed : .failed
    why =
      hasFailedField
      ? "X-Failed-Recipients" : material.isMarkedReport ? "multipart/report" : "text of a delivery notice"
  }

  private static let nothing = "no sign of a delivery notice"

  /// The text without the lines that people quote: what they ask about is not what they report.
  private static func unquoted(_ notice: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for line in LineReader(notice[...]) where line.first != Octet.greater || line.starts(with: ">>>") {
      result += line
      result.append(Octet.lf)
    }
    return result
  }

  /// Whether a subject is one that mailers give to their notices.
  static func isTitle(_ subject: String) -> Bool {
    FoldedText(Array(subject.utf8)).containsAny(NoticeWords.strongSubjects)
  }

  /// Whether a subject begins as mailers' notices do.
  static func opensAsTitle(_ subject: String) -> Bool {
    let title = FoldedText(Array(subject.utf8)).bytes.trimmed
    return NoticeWords.strongSubjects.contains(where: title.starts)
  }

  /// Whether a text tells that a message waits and its mailer goes on trying.
  static func saysDelayed(_ notice: [UInt8]) -> Bool {
    let text = FoldedText(notice)
    return text.containsAny(NoticeWords.delays) && !text.containsAny(NoticeWords.finals)
  }

  /// A report that the message arrived or was passed on, whose fields could not be read.
  private static func tellsOfSuccess(_ title: FoldedText) -> Bool {
    if title.containsAny([[UInt8]("unsuccess"), [UInt8]("not success"), [UInt8]("fail")]) { return false }
    return title.containsAny(successes)
  }

  /// What mailers write to their own postmaster, about no message of ours: `Postfix SMTP server: errors from …`, `Message
  /// 1abc-0 frozen`.
  private static func isHousekeeping(_ title: FoldedText) -> Bool {
    let text = title.bytes.trimmed
    if text.starts(with: "message "), text.count < 60 { return text.suffix(7).elementsEqual(" frozen".utf8) }
    return text.starts(with: "postfix smtp server: errors") || text.starts(with: "postfix smtp client: errors")
      || text.starts(with: "your mailbox is almost full")
  }

  private static let successes = ["success", "(relay", "relayed", "(delivered", "return receipt"].map { Array($0.utf8) }
}
