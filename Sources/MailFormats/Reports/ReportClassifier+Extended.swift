internal import MailModel

extension ReportClassifier {
  /// X-ARF: a complaint where it is about a message; logins, scans and web sites concern nobody that mail went to.
  func readExtended(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    guard let extended = material.extendedReport else { return false }
    report.feedbackType = extended.type
    report.why = "X-ARF report of type \(extended.type)"
    report.originalMessageID = Self.returnedMessageID(material) ?? extended.messageID.map(MessageIDText.bracketed)
    if let sender = extended.sender { report.tokenCandidates += AddressList.parse(sender).map(\.address) }
    guard extended.isComplaint(hasMessage: material.returned != nil) else {
      report.why += ", about no message"
      return true
    }
    let named = extended.recipients.isEmpty ? Self.returnedRecipients(material) : extended.recipients
    complain(about: named, type: extended.feedbackType, why: report.why, &report)
    return true
  }

  /// A complaint that somebody passed on whole, as an attachment: the abuse desk does so with what reaches it.
  func readEnclosedComplaint(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    let header = material.header
    guard header.first("in-reply-to") == nil, header.first("list-id") == nil, let inner = material.enclosedReport else {
      return false
    }
    var found = ClassifiedReport(kind: .other)
    guard readExtended(inner, into: &found) || readFeedback(inner, into: &found), found.kind == .complaint else {
      return false
    }
    report.kind = .complaint
    report.feedbackType = found.feedbackType
    report.recipients = found.recipients
    report.originalMessageID = found.originalMessageID
    report.reportingMTA = found.reportingMTA
    report.why = "enclosed report: \(found.why)"
    take(Self.tokenCandidates(inner) + found.tokenCandidates, ownHeader: Self.ownHeader(inner), into: &report)
    return true
  }

  /// A notice that a program passed on whole and says so (`Auto-Submitted: auto-forwarded`). What people forward, and what
  /// a list distributes, is theirs.
  func readEnclosedNotice(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    let header = material.header
    guard header.first("auto-submitted")?.rawValue.trimmed.starts(with: "auto-") == true,
      header.first("in-reply-to") == nil, header.first("list-id") == nil, let inner = material.enclosedMail
    else { return false }
    var found = heading(inner)
    guard readDeliveryStatus(inner, into: &found) || readNotice(inner, into: &found) else { return false }
    (found.from, found.subject) = (report.from, report.subject)
    found.why = "enclosed report: \(found.why)"
    swap(&report, &found)
    take(found.tokenCandidates, ownHeader: found.ownHeader, into: &report)
    return true
  }

  /// What ties an enclosed report to a message of ours.
  func take(_ candidates: [String], ownHeader: String?, into report: inout ClassifiedReport) {
    if report.ownHeader == nil { report.ownHeader = ownHeader }
    for address in candidates
    where !report.tokenCandidates.contains(address) && report.tokenCandidates.count < Self.maximumTokenCandidates {
      report.tokenCandidates.append(address)
    }
  }
}
