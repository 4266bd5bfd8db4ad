internal import MailModel

extension ReportClassifier {
  /// RFC 5965, and complaints that providers send in forms of their own.
  func readFeedback(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    guard let feedback = feedbackReport(material) else { return false }
    report.feedbackType = feedback.type
    report.originalMessageID = Self.returnedMessageID(material) ?? feedback.messageID.map(MessageIDText.bracketed)
    report.reportingMTA = feedback.reportingMTA
    if let sender = feedback.originalMailFrom { report.tokenCandidates += AddressList.parse(sender).map(\.address) }
    report.why = "message/feedback-report, type \(feedback.type) (RFC 5965)"
    guard feedback.isComplaint else { return true }
    let named = feedback.recipients.isEmpty ? Self.returnedRecipients(material) : feedback.recipients
    complain(about: named, type: feedback.type, why: report.why, &report)
    return true
  }

  private func feedbackReport(_ material: ReportMaterial) -> FeedbackReport? {
    for part in material.feedbackParts {
      if let report = FeedbackReport(part) { return report }
    }
    if let type = material.header.first("content-type"),
      type.valueBytes.lowercasedBytes[...].contains(Array("feedback-report".utf8))
    {
      return Self.inlineFeedback(material.notice[...]) ?? FeedbackReport(Array("Feedback-Type: abuse\n".utf8)[...])
    }
    return nil
  }

  /// The fields of a report that is sent as plain text.
  private static func inlineFeedback(_ notice: Octets) -> FeedbackReport? {
    var fields: Octets?
    var index = notice.startIndex
    while index < notice.endIndex {
      let end = notice.lineEnd(from: index)
      let line = notice[index..<end]
      if line.isEmpty { fields = nil }
      if fields == nil, HeaderBlock.fieldColon(line) != nil { fields = notice[index...] }
      if line.starts(with: "feedback-type:") { return FeedbackReport(fields ?? notice[index...]) }
      index = min(end + 1, notice.endIndex)
    }
    return nil
  }

  /// The recipients that the returned message itself names.
  static func returnedRecipients(_ material: ReportMaterial) -> [String] {
    guard let header = material.returned else { return [] }
    for name in ["x-hmxmroriginalrecipient", "x-rcpt-to", "x-original-to", "delivered-to", "x-envelope-to"]
      as [StaticString]
    {
      let found = FeedbackReport.addresses(header.all(name).map(\.valueBytes))
      if let address = found.first { return [address] }
    }
    return Array(FeedbackReport.addresses(header.all("to").map(\.valueBytes)).prefix(20))
  }
}
