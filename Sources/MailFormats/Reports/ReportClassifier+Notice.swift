internal import MailModel

extension ReportClassifier {
  /// A notice for people only: qmail, Exim, old sendmail, gateways and providers with forms of their own.
  func readNotice(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    let sender = NoticeSender(header: material.header, from: report.from, subject: report.subject, words: rules.words)
    if !sender.isDaemon, !material.isMarkedReport, AutoReplyRules(words: rules.words).isTitle(report.subject) {
      return false
    }
    if !sender.isNamed, sender.isThreaded, AutoReplyRules.saysReplied(material.header) { return false }
    let evidence = NoticeEvidence(material, sender: sender, subject: report.subject, words: rules.words)
    guard evidence.verdict != .none else { return false }
    if readEnclosedReport(material, into: &report) { return true }
    let findings = noticeFindings(material)
    if !evidence.isMarked, isAboutReader(material, findings, phrase: evidence.phrase, subject: report.subject) {
      return false
    }
    report.originalMessageID = Self.failedMessageID(material)
    report.kind = evidence.verdict == .delayed ? .delay : .bounce
    let action: DSNAction = evidence.verdict == .delayed ? .delayed : .failed
    report.recipients = findings.map { finding in
      recipient(finding, action: action, notice: findings.count == 1 ? material.notice : [], material)
    }
    report.why = evidence.why
    report.explainFirstFailure()
    return true
  }

  /// Whether the mail tells its reader about the reader's own mailbox, or about a mail that did not come in there: nobody
  /// else is named in it, or the reader as the one whom it did not reach, and nothing of the reader's came back.
  private func isAboutReader(
    _ material: ReportMaterial, _ findings: [NoticeReader.Finding], phrase: String?, subject: String
  ) -> Bool {
    let own = material.header.all("to").addresses
    guard findings.allSatisfy({ own.contains($0.address.lowercased()) }) || Self.tellsOf(own, material.notice),
      material.parties.authorFields.addresses.isDisjoint(with: own)
    else { return false }
    if let phrase, rules.words[.quotaTexts].contains(Array(phrase.utf8)) { return true }
    let text = FoldedText(Array(subject.utf8) + [Octet.lf] + material.notice.prefix(Self.maximumOpening))
    return text.containsAny(rules.words[.readerTexts])
  }

  /// Whether a line says that something was not delivered to one of these addresses.
  private static func tellsOf(_ own: Set<String>, _ notice: [UInt8]) -> Bool {
    LineReader(notice[...].prefix(maximumOpening)).contains { line in
      let address =
        NoticeLine.announcedAddress(line, except: []) ?? NoticeLine.failedAddressee(line, except: [])
      return address.map { own.contains($0.utf8Text.lowercased()) } ?? false
    }
  }

  private static let maximumOpening = 1_000

  /// A report that a gateway returned or passed on as a whole: what it says counts, and the message that it returned is
  /// the one that was sent.
  private func readEnclosedReport(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    guard let inner = material.enclosedReport, !inner.statusParts.isEmpty, readDeliveryStatus(inner, into: &report)
    else {
      return false
    }
    report.why = "enclosed report: \(report.why)"
    report.enclosedMessageID = report.originalMessageID
    report.originalMessageID = Self.returnedMessageID(material) ?? report.enclosedMessageID
    take(Self.tokenCandidates(inner), ownHeader: Self.ownHeader(inner), into: &report)
    return true
  }

  /// The failed recipients: as a field says, as the text says, as the returned message says.
  func noticeFindings(_ material: ReportMaterial) -> [NoticeReader.Finding] {
    let header = material.header
    let outer = header.all("to") + header.all("from") + header.all("delivered-to") + header.all("return-path")
    let returned = material.returned.map { $0.all("return-path") + $0.all("from") + $0.all("sender") } ?? []
    let senders = header.all("from").addresses
    let reader = NoticeReader(
      notice: material.notice, excluded: outer.addresses, alsoExcluded: (outer + returned).addresses, senders: senders,
      // A set has no first one: of several senders always the same.
      ownDomain: senders.min().flatMap(Self.ownDomain), words: rules.words)
    let inText = reader.findings()
    let named = header.all("x-failed-recipients").flatMap { AddressList.parse($0.valueBytes).map(\.address) }
    let isContradicted =
      inText.count == named.count && inText.allSatisfy(\.isNamed) && !inText.contains { named.contains($0.address) }
    if !named.isEmpty, !isContradicted || material.notice.isEmpty {
      return named.map { address in
        inText.first { $0.address.lowercased() == address.lowercased() }
          ?? NoticeReader.Finding(address: address, lines: named.count == 1 ? material.notice : [])
      }
    }
    if !inText.isEmpty { return inText }
    let own = Self.returnedRecipients(material)
    return own.count == 1 ? own.map { NoticeReader.Finding(address: $0, lines: []) } : []
  }

  /// The domain whose users a notice may name without it: that of a daemon, when it is no host below a domain.
  private static func ownDomain(_ sender: String) -> String? {
    let parts = sender.split(separator: "@")
    guard parts.count == 2, parts[0] == "mailer-daemon" || parts[0] == "postmaster" else { return nil }
    let labels = parts[1].split(separator: ".")
    let isCountry = labels.count == 3 && labels[2].count == 2 && labels[1].count <= 3
    return labels.count == 2 || isCountry ? String(parts[1]) : nil
  }

  /// Who sent the message and to whom.
  func parties(of recipient: ReportedRecipient, _ material: ReportMaterial) -> BounceParties {
    BounceParties(
      recipients: [recipient.originalRecipient, recipient.finalRecipient].compactMap(\.self),
      senders: material.parties.senders)
  }

  private func recipient(
    _ finding: NoticeReader.Finding, action: DSNAction, notice: [UInt8], _ material: ReportMaterial
  ) -> ReportedRecipient {
    let found = StatusText.all(in: finding.lines[...], limit: 4) + StatusText.all(in: notice[...], limit: 4)
    let status = found.first { $0.statusClass != 2 && $0.detail != 0 } ?? found.first { $0.statusClass != 2 }
    var recipient = ReportedRecipient(
      finalRecipient: finding.address, expandedFrom: finding.expandedFrom, action: action, status: status,
      diagnostic: finding.lines.prefix(DeliveryStatus.maximumDiagnosticLength)[...].trimmed.utf8Text)
    recipient.take(
      BounceVerdict(
        diagnostic: finding.lines, notice: notice, status: status, parties: parties(of: recipient, material),
        rules: rules))
    return recipient
  }
}
