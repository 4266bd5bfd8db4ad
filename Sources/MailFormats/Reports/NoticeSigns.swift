internal import MailModel

/// What speaks for a notice. One sign alone is never enough, and for a mail that no machine sent it takes a technical
/// one: parcels fail to be delivered too.
struct NoticeSigns {
  private let sender: NoticeSender
  private let hasSubject: Bool
  private let hasStrongSubject: Bool
  private let hasBody: Bool
  private let hasStatement: Bool
  private let hasWord: Bool
  /// What tells that a message waits and its mailer goes on trying: in the text, or an unmistakable subject.
  let delayPhrase: String?
  /// What tells that this is a notice.
  let noticePhrase: String?
  /// What the subject has of such notices, which others have too.
  let delaySubject: String?
  private let opensWithSubject: Bool
  private let opensWithStatement: Bool
  private let hasReturned: Bool
  /// Came from a machine to the one who wrote the message in it.
  private let isReturnToAuthor: Bool
  /// And names somebody whom that message was addressed to.
  private let namesAddressee: Bool
  private let hasProof: Bool
  private let isBare: Bool
  private let namesAddress: Bool
  /// Tells a failure by its code, in whatever language.
  private let isCoded: Bool
  /// Sent to many by a sender that only has the name of an office.
  private let isMailing: Bool
  private let isVouched: Bool
  /// Names an address that may be the one that failed.
  private let namesSomebody: Bool
  private let isLetter: Bool

  /// - Parameters:
  ///   - title: the subject.
  ///   - text: the notice.
  init(
    _ material: ReportMaterial, from sender: NoticeSender, title: FoldedText, sureSubject: String?, notice: [UInt8],
    text: FoldedText, words: KindWords
  ) {
    self.sender = sender
    let delayText = text.first(of: words[.delayTexts])
    let delayNotice = title.first(of: words[.delaySureSubjects])
    delayPhrase = delayText ?? delayNotice
    delaySubject = delayNotice ?? title.first(of: words[.delaySubjects])
    let subject = title.first(of: words[.noticeSubjects]) ?? title.first(of: words[.noticeFailures])
    let body = text.first(of: words[.noticeTexts]) ?? text.first(of: words[.noticeFailures])
    let statement = text.first(of: words[.noticeStatements])
    noticePhrase = statement ?? sureSubject ?? body ?? subject
    hasStrongSubject = sureSubject != nil
    hasSubject = subject != nil || delaySubject != nil
    hasBody = body != nil || delayText != nil
    hasStatement = statement != nil
    hasWord = text.containsAny(words[.noticeHints])
    opensWithSubject = words[.noticeSureSubjects].contains(where: title.bytes.starts)
    opensWithStatement = FoldedText(Array(notice.prefix(160))).containsAny(words[.noticeStatements])
    hasReturned = material.returned != nil
    // Programs that answer and ask for proof of a sender return it, too.
    isReturnToAuthor =
      sender.isMachine && !sender.isConversation && Self.returnsToAuthor(material)
      && !text.containsAny(words[.challengeTexts]) && !text.containsAny(words[.autoReplyTexts])
    namesAddressee =
      isReturnToAuthor && Self.names(material.parties.addressees ?? [], in: text)
      && !text.containsAny(words[.successHeadings]) && !text.contains(Array("success".utf8))
    hasProof =
      hasReturned || StatusText.first(in: notice[...]) != nil || StatusText.replyCode(in: notice[...]) != nil
    isBare = Self.isBare(notice)
    namesAddress = Self.namesAddress(notice)
    isCoded = sender.isMachine && Self.isCoded(notice)
    isMailing = sender.isOnlyOfficer && Self.isMailing(material.header)
    // Swindlers write to people about their own mailbox, mailers about another's.
    let addressees = sender.isDaemon || sender.isNull ? [] : material.header.all("to").addresses
    namesSomebody = Self.namesSomebody(notice, except: addressees, words)
    // Offices write newsletters and announcements too: what they say is a notice when it names somebody.
    isVouched = sender.isDaemon || (sender.isNull && sender.isNamed) || namesSomebody || hasReturned
    isLetter = Self.isLetter(notice, from: sender, LetterMarks(words: words))
  }

  var areEnough: Bool {
    let saysSo = hasSubject || hasStrongSubject || hasBody || hasStatement
    if sender.isDaemon, saysSo || hasReturned { return true }
    if sender.isDaemon, namesSomebody ? hasWord || hasProof : hasWord && sender.isNull { return true }
    if isLetter { return false }
    if sender.isMailer, !sender.isAnswer, saysSo, (namesSomebody && hasProof) || hasReturned || sender.isNull {
      return true
    }
    if isMailing { return hasReturned && saysSo }
    if isReturnToAuthor, saysSo || hasWord || (sender.isNull && sender.isNamed && namesAddressee) { return true }
    if opensWithStatement, sender.isMachine, isVouched { return true }
    if isBare, hasStrongSubject, hasStatement,
      sender.isMachine || (!sender.isTicket && (opensWithSubject || !(sender.isThreaded || sender.isForward)))
    {
      return true
    }
    let hasTitle = sender.isDaemon || sender.isMailer ? hasStrongSubject : opensWithSubject
    if sender.isMachine, isVouched, !sender.isAnswer, hasTitle, hasBody || hasStatement || hasWord {
      return true
    }
    guard !sender.isConversation else { return false }
    if isCoded || isAnswered { return true }
    if sender.isNull, sender.isNamed || sender.isUnattended, namesAddress, hasSubject || hasStrongSubject {
      return true
    }
    // Administrators reject requests and cannot deliver invoices: their words need a code or the message.
    let isTold = hasSubject && hasBody && (hasProof || delayPhrase != nil || !sender.isOnlyClerk)
    if sender.isMachine, isVouched, hasStatement || hasTitle || isTold { return true }
    if namesAddress, hasStrongSubject, hasStatement, opensWithSubject || sender.isMachine || hasReturned {
      return true
    }
    guard namesSomebody || hasReturned else { return false }
    if namesSomebody, hasReturned, hasProof, opensWithSubject, hasBody { return true }
    return hasProof && hasStrongSubject && hasStatement && (opensWithSubject || hasReturned)
  }
}

extension NoticeSigns {
  /// Whether the text is a person's: of what an office sends, only what has the frame of a letter, or forwards something.
  private static func isLetter(_ notice: [UInt8], from sender: NoticeSender, _ marks: LetterMarks) -> Bool {
    if sender.isMachine, !sender.isOnlyOfficer { return false }
    return sender.isMachine && !sender.isAnswer ? marks.frame(notice) : marks.areIn(notice)
  }

  /// Whether a mail that nobody can answer tells a server's reply about somebody, whatever language the rest is in.
  private var isAnswered: Bool {
    guard sender.isNull, namesSomebody, hasProof else { return false }
    return hasStrongSubject || (sender.isNamed && (hasSubject || hasBody))
  }

  /// Whether the mail went to whom the message in it is from.
  private static func returnsToAuthor(_ material: ReportMaterial) -> Bool {
    guard let returned = material.returned, returned.first("message-id") != nil else { return false }
    let authors = returned.all("return-path") + returned.all("from") + returned.all("sender")
    return !authors.addresses.isDisjoint(with: material.header.all("to").addresses)
  }

  /// Whether the text has one of these addresses.
  private static func names(_ addresses: Set<String>, in text: FoldedText) -> Bool {
    addresses.sorted().prefix(20).contains { text.contains(Array($0.utf8)) }
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
  private static func namesSomebody(
    _ notice: [UInt8], except excluded: Set<String>, _ words: KindWords
  ) -> Bool {
    var isReferral = false
    for line in LineReader(notice[...].prefix(4_096)) where !line.trimmed.isEmpty {
      if !isReferral, line.contains(Octet.at), !NoticeLine.isAboutSomethingElse(line, words),
        NoticeLine.anyAddress(line, except: excluded) != nil
      {
        return true
      }
      isReferral = NoticeLine.announcesSuccessor(line, words)
    }
    return false
  }
}
