internal import MailModel

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
    let hasStrongSubject = title.containsAny(NoticeWords.strongSubjects)
    // Most mail is from people, and its text need not be looked at.
    guard hasFailedField || material.isMarkedReport || sender.isMachine || hasStrongSubject else {
      (verdict, why) = (.none, "no sign of a delivery notice")
      return
    }
    let notice = sender.isConversation && !sender.isDaemon ? Self.unquoted(material.notice) : material.notice
    let text = FoldedText(notice)
    let delayedText = text.containsAny(NoticeWords.delays)
    // Swindlers write to people about their own mailbox, mailers about another's.
    let addressees = sender.isDaemon || sender.isNull ? [] : material.header.all("to").addresses
    let namesSomebody = Self.namesSomebody(notice, except: addressees)
    let isDelayNotice = title.containsAny(NoticeWords.delayNotices)
    let delayedTitle = isDelayNotice || title.containsAny(NoticeWords.delayTitles)
    let signs = Signs(
      sender: sender,
      hasSubject: title.containsAny(NoticeWords.subjects) || title.containsAny(NoticeWords.failures) || delayedTitle,
      hasStrongSubject: hasStrongSubject,
      hasBody: text.containsAny(NoticeWords.bodies) || text.containsAny(NoticeWords.failures) || delayedText,
      hasStatement: text.containsAny(NoticeWords.statements), hasWord: text.containsAny(NoticeWords.words),
      saysDelayed: delayedText || isDelayNotice,
      opensWithSubject: NoticeWords.strongSubjects.contains { title.bytes.starts(with: $0) },
      opensWithStatement: FoldedText(Array(notice.prefix(160))).containsAny(NoticeWords.statements),
      hasReturned: material.returned != nil,
      hasProof: material.returned != nil || StatusText.first(in: notice[...]) != nil
        || StatusText.replyCode(in: notice[...]) != nil,
      isBare: Self.isBare(notice), namesAddress: Self.namesAddress(notice),
      isCoded: sender.isMachine && Self.isCoded(notice),
      isMailing: sender.isOnlyOfficer && Self.isMailing(material.header),
      // Offices write newsletters and announcements too: what they say is a notice when it names somebody.
      isVouched: sender.isDaemon || (sender.isNull && sender.isNamed) || namesSomebody || material.returned != nil,
      namesSomebody: namesSomebody,
      isLetter: Self.isLetter(notice, from: sender))
    guard hasFailedField || material.isMarkedReport || signs.areEnough,
      !Self.tellsOfSuccess(title), !Self.isHousekeeping(title)
    else {
      (verdict, why) = (.none, "no sign of a delivery notice")
      return
    }
    // A title may end with the subject of what came back, as in `Undeliverable: your parcel is delayed`.
    let saysDelayed = delayedText || isDelayNotice || (delayedTitle && !hasStrongSubject)
    verdict = saysDelayed && !text.containsAny(NoticeWords.finals) ? .delayed : .failed
    why =
      hasFailedField
      ? "X-Failed-Recipients" : material.isMarkedReport ? "multipart/report" : "text of a delivery notice"
  }

  /// Whether the text is a person's: of what an office sends, only what has the frame of a letter, or forwards something.
  private static func isLetter(_ notice: [UInt8], from sender: NoticeSender) -> Bool {
    if sender.isMachine, !sender.isOnlyOfficer { return false }
    return sender.isMachine && !sender.isAnswer ? LetterMarks.frame(notice) : LetterMarks.areIn(notice)
  }

  /// Whether the text is short and has an address alone on a line, as no letter has.
  private static func isBare(_ notice: [UInt8]) -> Bool {
    notice.count < 600
      && LineReader(notice[...]).contains { line in
        let content = line.trimmed
        return AddressText.read(content).map { $0.count == content.count } ?? false
      }
  }

  /// Whether the text is short and has a line that begins or ends with an address.
  private static func namesAddress(_ notice: [UInt8]) -> Bool {
    notice.count < 600
      && LineReader(notice[...]).contains { line in
        NoticeLine.leadingAddress(line) != nil || NoticeLine.closingAddress(line) != nil
      }
  }

  /// Whether a line begins with an address and one near it has a status code the way that only mailers write it, whatever
  /// language they speak: `<mx.a.example #5.1.1>`, `(#5.1.1)`.
  private static func isCoded(_ notice: [UInt8]) -> Bool {
    var linesLeft = 0
    for line in LineReader(notice[...].prefix(4_096)) {
      if NoticeLine.leadingAddress(line) != nil { linesLeft = maximumCodeDistance }
      guard linesLeft > 0 else { continue }
      linesLeft -= 1
      if let mark = line.firstIndex(of: 0x23), mark > line.startIndex,
        [0x20, 0x28, Octet.less].contains(line[mark - 1]),
        let status = StatusText.first(in: line[mark...].prefix(10)), status.statusClass > 2
      {
        return true
      }
    }
    return false
  }

  /// A mailing can be left, and nobody can write to it as to a list of people, over which notices go too.
  private static func isMailing(_ header: HeaderBlock) -> Bool {
    header.first("list-unsubscribe") != nil && header.first("list-post") == nil
  }

  /// Lines from an address to its status code.
  private static let maximumCodeDistance = 6

  /// Whether a line names an address that is nobody's to write to for help.
  private static func namesSomebody(_ notice: [UInt8], except excluded: Set<String>) -> Bool {
    var isReferral = false
    for line in LineReader(notice[...].prefix(4_096)) where !line.trimmed.isEmpty {
      if !isReferral, line.contains(Octet.at), !NoticeLine.isAboutSomethingElse(line),
        NoticeLine.anyAddress(line, except: excluded) != nil
      {
        return true
      }
      isReferral = NoticeLine.announcesSuccessor(line)
    }
    return false
  }

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

  /// What speaks for a notice. One sign alone is never enough, and for a mail that no machine sent it takes a technical
  /// one: parcels fail to be delivered too.
  private struct Signs {
    let sender: NoticeSender
    let hasSubject: Bool
    let hasStrongSubject: Bool
    let hasBody: Bool
    let hasStatement: Bool
    let hasWord: Bool
    let saysDelayed: Bool
    let opensWithSubject: Bool
    let opensWithStatement: Bool
    let hasReturned: Bool
    let hasProof: Bool
    let isBare: Bool
    let namesAddress: Bool
    /// Tells a failure by its code, in whatever language.
    let isCoded: Bool
    /// Sent to many by a sender that only has the name of an office.
    let isMailing: Bool
    let isVouched: Bool
    /// Names an address that may be the one that failed.
    let namesSomebody: Bool
    let isLetter: Bool

    var areEnough: Bool {
      let saysSo = hasSubject || hasStrongSubject || hasBody || hasStatement
      if sender.isDaemon, saysSo || hasReturned || (hasWord && (namesSomebody || sender.isNull)) { return true }
      if isLetter { return false }
      if sender.isMailer, !sender.isAnswer, saysSo, (namesSomebody && hasProof) || hasReturned || sender.isNull {
        return true
      }
      if isMailing { return hasReturned && saysSo }
      if opensWithStatement, sender.isMachine, isVouched { return true }
      if isBare, hasStrongSubject, hasStatement, sender.isMachine || !sender.isThreaded || opensWithSubject {
        return true
      }
      let hasTitle = sender.isDaemon || sender.isMailer ? hasStrongSubject : opensWithSubject
      if sender.isMachine, isVouched, !sender.isAnswer, hasTitle, hasBody || hasStatement || hasWord {
        return true
      }
      guard !sender.isConversation else { return false }
      if isCoded { return true }
      if sender.isNull, sender.isNamed || sender.isUnattended, namesAddress, hasSubject || hasStrongSubject {
        return true
      }
      // Administrators reject requests and cannot deliver invoices: their words need a code or the message.
      let isTold = hasSubject && hasBody && (hasProof || saysDelayed || !sender.isOnlyClerk)
      if sender.isMachine, isVouched, hasStatement || hasTitle || isTold { return true }
      if namesAddress, hasStrongSubject, hasStatement, opensWithSubject || sender.isMachine || hasReturned {
        return true
      }
      guard namesSomebody || hasReturned else { return false }
      if namesSomebody, hasReturned, hasProof, opensWithSubject, hasBody { return true }
      return hasProof && hasStrongSubject && hasStatement && (opensWithSubject || hasReturned)
    }
  }
}
