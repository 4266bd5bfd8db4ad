internal import MailModel

extension ReportClassifier {
  /// RFC 3464 fields in a part of their own, or in the text where a mailer put them.
  func readDeliveryStatus(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    var status = DeliveryStatus()
    guard isFromMailer(material, report) else { return false }
    for part in material.statusParts { status.read(part) }
    if status.recipients.isEmpty, let inline = Self.inlineFields(material.notice[...]) { status.read(inline) }
    if status.recipients.isEmpty, let attached = material.attachedFields { status.read(attached) }
    guard !status.recipients.isEmpty else { return false }
    report.envelopeID = status.envelopeID
    report.reportingMTA = status.reportingMTA
    report.originalMessageID =
      Self.returnedMessageID(material) ?? status.originalMessageID ?? Self.failedMessageID(material)
    var recipients = status.recipients
    // One recipient alone has all of the notice.
    let sections = recipients.count > 1 || Self.tellsExpansion(material.notice) ? sections(of: material) : [:]
    for index in recipients.indices { complete(&recipients[index], alone: recipients.count == 1, material, sections) }
    report.recipients = recipients
    let actions = recipients.map(\.action)
    if actions.contains(.failed) {
      report.kind = .bounce
    } else if actions.contains(.delayed) {
      report.kind = .delay
    }
    report.why = "RFC 3464 per-recipient fields"
    report.explainFirstFailure()
    return true
  }

  /// Whether status fields are the mail's own. People who forward a report, or ask about one, have them in their text too.
  private func isFromMailer(_ material: ReportMaterial, _ report: ClassifiedReport) -> Bool {
    if material.isMarkedReport || material.header.first("x-failed-recipients") != nil { return true }
    let sender = NoticeSender(header: material.header, from: report.from, subject: report.subject, words: rules.words)
    if material.isReport, !material.statusParts.isEmpty { return sender.isMachine || !sender.isConversation }
    if sender.isMachine { return !(sender.isOnlyOfficer && sender.isConversation) }
    guard !sender.isConversation, !LetterMarks(words: rules.words).areIn(material.notice),
      rules.words.quoteStart(in: material.notice[...]) == material.notice.endIndex
    else { return false }
    return material.statusParts.isEmpty && material.attachedFields == nil
      ? rules.words.openNotice(report.subject) : opensAsNotice(material.notice, subject: report.subject)
  }

  /// Whether a text begins as a notice does. People attach the fields of a report too, and write why.
  private func opensAsNotice(_ notice: [UInt8], subject: String) -> Bool {
    let words = rules.words
    let front = FoldedText(Array(notice.prefix(Self.maximumFront)))
    if front.containsAny(words[.noticeStatements]) { return true }
    guard words.openNotice(subject) else { return false }
    return front.bytes.trimmed.isEmpty || front.containsAny(words[.noticeTexts] + words[.noticeFailures])
  }

  private static let maximumFront = 400

  /// The text from the first line of status fields on.
  private static func inlineFields(_ notice: Octets) -> Octets? {
    var index = notice.startIndex
    while index < notice.endIndex {
      let end = notice.lineEnd(from: index)
      let line = notice[index..<end]
      if line.starts(with: "final-recipient:") || line.starts(with: "original-recipient:")
        || line.starts(with: "reporting-mta:")
      {
        return notice[index...]
      }
      index = min(end + 1, notice.endIndex)
    }
    return nil
  }

  private static func tellsExpansion(_ notice: [UInt8]) -> Bool {
    LineReader(notice[...]).contains { NoticeLine.expansion($0) != nil }
  }

  /// What the notice says about each address, in lower case.
  private func sections(of material: ReportMaterial) -> [String: NoticeReader.Finding] {
    let findings = NoticeReader(notice: material.notice, words: rules.words).findings()
    return Dictionary(findings.map { ($0.address.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Fills in what the fields leave out: action, address, status, class and reason.
  private func complete(
    _ recipient: inout ReportedRecipient, alone: Bool, _ material: ReportMaterial,
    _ sections: [String: NoticeReader.Finding]
  ) {
    if recipient.action == nil {
      recipient.action = missingAction(recipient, material)
    }
    guard recipient.action == .failed || recipient.action == .delayed else { return }
    if Self.wasSentToFinal(recipient, material) { recipient.originalRecipient = recipient.finalRecipient }
    let section = Self.section(for: recipient, alone: alone, in: material, sections)
    recipient.expandedFrom = recipient.finalRecipient.flatMap { sections[$0.lowercased()]?.expandedFrom }
    if recipient.finalRecipient == nil, recipient.originalRecipient == nil, alone {
      recipient.finalRecipient = noticeFindings(material).first?.address ?? Self.returnedRecipients(material).first
    }
    let diagnostic = Array(recipient.diagnostic.utf8)
    let inDiagnostic = StatusText.all(in: diagnostic[...], limit: 3).first { $0.statusClass != 2 && $0.detail != 0 }
    if recipient.status == nil || recipient.status?.statusClass == 2
      || recipient.status.map({ $0.subject == 0 && $0.detail == 0 }) == true
    {
      recipient.status = inDiagnostic ?? recipient.status ?? StatusText.first(in: section[...])
    }
    recipient.take(
      BounceVerdict(
        diagnostic: diagnostic, notice: section, status: recipient.status, server: recipient.remoteMTA ?? "",
        parties: parties(of: recipient, material), rules: rules))
  }

  /// What the status says, and of a temporary one whether the text tells that the mailer goes on.
  private func missingAction(_ recipient: ReportedRecipient, _ material: ReportMaterial) -> DSNAction {
    switch recipient.status?.statusClass {
    case 2: .delivered
    case 4 where rules.words.sayDelayed(material.notice): .delayed
    default: .failed
    }
  }

  /// Whether the returned message was addressed to the final recipient and not to the one that the report calls
  /// original: a forwarder on the way wrote its own in.
  private static func wasSentToFinal(_ recipient: ReportedRecipient, _ material: ReportMaterial) -> Bool {
    guard let final = recipient.finalRecipient?.lowercased(), let original = recipient.originalRecipient?.lowercased(),
      final != original, let written = material.parties.addressees
    else { return false }
    return written.contains(final) && !written.contains(original)
  }

  /// The part of the notice that speaks about this recipient.
  private static func section(
    for recipient: ReportedRecipient, alone: Bool, in material: ReportMaterial,
    _ sections: [String: NoticeReader.Finding]
  ) -> [UInt8] {
    if alone { return NoticeReader.belowPreamble(material.notice) }
    guard let address = recipient.finalRecipient?.lowercased() else { return [] }
    return sections[address]?.lines ?? []
  }
}
