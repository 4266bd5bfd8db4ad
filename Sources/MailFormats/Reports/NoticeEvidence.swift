/// Whether a mail without machine-readable parts is a notice about failed or delayed delivery.
struct NoticeEvidence {
  enum Verdict { case failed, delayed, none }

  let verdict: Verdict
  /// What marks it, and the phrase that decided where no mark did.
  var why = ""
  /// Whether a field says what it is, not only its words.
  let isMarked: Bool
  /// The words that a notice has, where there are any.
  let phrase: String?

  /// - Parameters:
  ///   - subject: decoded.
  init(_ material: ReportMaterial, sender: NoticeSender, subject: String, words: KindWords) {
    let title = FoldedText(Array(subject.utf8))
    let hasFailedField = material.header.first("x-failed-recipients") != nil
    isMarked = hasFailedField || material.isMarkedReport
    let sureSubject = title.first(of: words[.noticeSureSubjects])
    // Most mail is from people, and its text need not be looked at.
    guard isMarked || sender.isMachine || sureSubject != nil else {
      (verdict, phrase) = (.none, nil)
      return
    }
    let notice = Self.ownText(material.notice, of: sender, words)
    let text = FoldedText(notice)
    let signs = NoticeSigns(
      material, from: sender, title: title, sureSubject: sureSubject, notice: notice, text: text,
      words: words)
    phrase = signs.noticePhrase
    guard isMarked || signs.areEnough, !Self.tellsOfSuccess(title), !Self.isHousekeeping(title) else {
      verdict = .none
      return
    }
    // A title may end with the subject of what came back, as in `Undeliverable: your parcel is delayed`.
    let delay = signs.delayPhrase ?? (sureSubject == nil ? signs.delaySubject : nil)
    verdict = delay != nil && !text.containsAny(words[.finalTexts]) ? .delayed : .failed
    let mark =
      hasFailedField
      ? "X-Failed-Recipients" : material.isMarkedReport ? "multipart/report" : "text of a delivery notice"
    let decisive = verdict == .delayed ? delay : isMarked ? nil : phrase
    why = decisive.map { "\(mark): '\($0)'" } ?? mark
  }

  /// The text without the lines that people quote: what they ask about is not what they report.
  private static func ownText(_ notice: [UInt8], of sender: NoticeSender, _ words: KindWords) -> [UInt8] {
    guard !sender.isDaemon, sender.isConversation || !sender.isMachine else { return notice }
    let own = sender.isMachine && !sender.isTicket ? notice[...] : notice[..<words.quoteStart(in: notice[...])]
    var result: [UInt8] = []
    for line in LineReader(own) where line.first != Octet.greater || line.starts(with: ">>>") {
      result += line
      result.append(Octet.lf)
    }
    return result
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

extension KindWords {
  /// Whether a subject begins as mailers' notices do.
  func openNotice(_ subject: String) -> Bool {
    FoldedText(Array(subject.utf8)).opening(of: self[.noticeSureSubjects]) != nil
  }

  /// Where a line stands above what somebody wrote, `Original request:`, `Ann commented:`; else the end.
  func quoteStart(in notice: Octets) -> Int {
    for line in LineReader(notice) where line.count <= Self.maximumHeading && line.trimmed.last == Octet.colon {
      let heading = FoldedText(Array(line.trimmed))
      if self[.quoteHeadings].contains(where: heading.bytes.elementsEqual) || heading.containsAny(self[.attributions]) {
        return line.startIndex
      }
    }
    return notice.endIndex
  }

  private static let maximumHeading = 120

  /// Whether a text tells that a message waits and its mailer goes on trying.
  func sayDelayed(_ notice: [UInt8]) -> Bool {
    let text = FoldedText(notice)
    return text.containsAny(self[.delayTexts]) && !text.containsAny(self[.finalTexts])
  }
}
