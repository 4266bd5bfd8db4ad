internal import MailModel

/// Finds the failed recipients in the text of a notice that has no machine-readable part.
struct NoticeReader {
  /// A recipient and the lines that speak about it.
  struct Finding {
    let address: String
    /// The address that this one was expanded from: the one that was written to.
    var expandedFrom: String?
    var lines: [UInt8] = []
    /// Whether the way in which the text names it says that it is the recipient.
    var isNamed = true
    /// Whether nothing stands between it and the next one, so that what is said below is said of both.
    var sharesNext = false
  }

  static let maximumFindings = 200
  static let maximumSectionLength = 2_000

  let notice: [UInt8]
  /// Addresses that cannot be the failed recipient: whom the notice is from and to.
  let excluded: Set<String>
  /// The same with the sender of the returned message, for lines that only happen to name an address.
  let alsoExcluded: Set<String>
  /// Whom the notice is from: excluded even where people write to themselves.
  let senders: Set<String>
  /// The domain that bare user names belong to.
  let ownDomain: String?
  let words: KindWords

  init(
    notice: [UInt8], excluded: Set<String> = [], alsoExcluded: Set<String> = [], senders: Set<String> = [],
    ownDomain: String? = nil, words: KindWords
  ) {
    self.notice = notice
    self.excluded = excluded
    self.alsoExcluded = alsoExcluded
    self.senders = senders
    self.ownDomain = ownDomain
    self.words = words
  }

  /// The addresses that lines begin with; else those in a transcript; else those that a label names; else every address
  /// that is not excluded; else bare user names.
  ///
  /// What stands below the line that begins a signature is asked only when there is nothing above it.
  func findings() -> [Finding] {
    if let end = signature(in: notice[...]) {
      let above = NoticeReader(
        notice: Array(notice[..<end]), excluded: excluded, alsoExcluded: alsoExcluded, senders: senders,
        ownDomain: ownDomain, words: words
      ).unsignedFindings()
      if !above.isEmpty { return above }
    }
    return unsignedFindings()
  }

  /// Where a line with nothing but two dashes stands, or one that ends a letter.
  private func signature(in notice: Octets) -> Int? {
    let marks = LetterMarks(words: words)
    var index = notice.startIndex
    while index < notice.endIndex {
      let end = notice.lineEnd(from: index)
      if end - index <= 3, notice[index..<end].trimmed.equals("--") { return index }
      if end - index <= LetterMarks.maximumClosingLine, marks.isClosing(notice[index..<end]) { return index }
      index = min(end + 1, notice.endIndex)
    }
    return nil
  }

  private func unsignedFindings() -> [Finding] {
    let own = sections(except: excluded) { line in
      NoticeLine.leadingAddress(line) ?? NoticeLine.announcedAddress(line, except: alsoExcluded)
    }
    if !own.isEmpty { return own }
    let ways: [(Set<String>, (Octets) -> Octets?)] = [
      (excluded, { NoticeLine.labelledAddress($0, words) }), (excluded, NoticeLine.namedAddress),
      (senders, NoticeLine.leadingAddress),
    ]
    let transcript = transcript()
    if !transcript.isEmpty { return transcript }
    for (excluded, way) in ways {
      let found = sections(except: excluded, way)
      if !found.isEmpty { return found }
    }
    for isSure in [true, false] {
      let anywhere = sections(except: alsoExcluded, isNamed: false) {
        NoticeLine.likelyAddress($0, except: alsoExcluded, isSure: isSure, words)
      }
      if !anywhere.isEmpty { return anywhere }
    }
    let addressees = sections(except: alsoExcluded) { NoticeLine.failedAddressee($0, except: alsoExcluded) }
    return addressees.isEmpty ? bareUsers() : addressees
  }

  private func sections(
    except excluded: Set<String>, isNamed: Bool = true, _ addressOf: (Octets) -> Octets?
  ) -> [Finding] {
    var sections = NoticeSections(excluded: excluded, isNamed: isNamed, words: words)
    for line in LineReader(notice[...]) where sections.found.count < Self.maximumFindings {
      sections.read(line, addressOf)
    }
    return sections.shared
  }

  /// The notice without what an operator has sendmail write on top, which names no reason: from the line of dashes that
  /// announces the addresses on.
  static func belowPreamble(_ notice: [UInt8]) -> [UInt8] {
    for line in LineReader(notice[...]) {
      let content = line.trimmed
      if content.starts(with: "----- the following addresses") { return Array(notice[line.startIndex...]) }
    }
    return notice
  }

  /// In a transcript the dialogue comes first, and the line that names the address ends it.
  private func transcript() -> [Finding] {
    var found: [Finding] = []
    var dialogue: [UInt8] = []
    for line in LineReader(notice[...]) {
      if found.count >= Self.maximumFindings { break }
      if line.starts(with: "while talking to") || line.starts(with: "... while talking to") { dialogue = [] }
      if dialogue.count < Self.maximumSectionLength { dialogue += line.prefix(Self.maximumSectionLength) + [Octet.lf] }
      guard let address = NoticeLine.transcriptAddress(line)?.utf8Text else { continue }
      let isKnown = found.contains { $0.address.lowercased() == address.lowercased() }
      if !isKnown, !senders.contains(address.lowercased()) { found.append(Finding(address: address, lines: dialogue)) }
      dialogue = []
    }
    return found
  }

  /// User names without a domain, listed after a line such as `… to the following recipients:`.
  private func bareUsers() -> [Finding] {
    guard let ownDomain else { return [] }
    var found: [Finding] = []
    var isList = false
    for line in LineReader(notice[...]) {
      let content = line.trimmed
      if content.isEmpty { continue }
      if isList, let user = NoticeLine.bareUser(line), found.count < Self.maximumFindings {
        found.append(Finding(address: "\(user.utf8Text)@\(ownDomain)", lines: Array(line)))
      } else {
        isList = NoticeLine.announcesList(content)
      }
    }
    return found
  }
}
