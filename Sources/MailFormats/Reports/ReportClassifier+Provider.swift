internal import MailModel

extension ReportClassifier {
  /// Complaints and notifications in forms that only one provider uses.
  func readProviderForm(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    readHotmailComplaint(material, into: &report) || readForwardedComplaint(material, into: &report)
      || readUnsubscription(material, into: &report) || readSpamCopReport(material, into: &report)
      || readSESNotification(material, into: &report)
      || readListRefusal(material, into: &report)
  }

  /// The Outlook.com junk mail programme returns the message itself with a field that names who complained.
  private func readHotmailComplaint(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    // Where a complaint that somebody passed on could not be delivered, the field is one of what came back.
    guard material.statusParts.isEmpty,
      let field = material.header.first("x-hmxmroriginalrecipient")
        ?? material.returned?.first("x-hmxmroriginalrecipient"),
      let address = AddressList.parse(field.valueBytes).first?.address
    else { return false }
    let isOuter = material.header.first("x-hmxmroriginalrecipient") != nil && !Self.isForwardedComplaint(report.subject)
    report.originalMessageID = isOuter ? MessageIDText.own(material.header) : Self.returnedMessageID(material)
    complain(about: [address], type: "abuse", why: "X-HmXmrOriginalRecipient (Outlook.com junk mail report)", &report)
    return true
  }

  /// The same programme before it had that field: a subject of its own and the message itself.
  private func readForwardedComplaint(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    guard Self.isForwardedComplaint(report.subject), material.returned != nil else { return false }
    report.originalMessageID = Self.returnedMessageID(material)
    complain(
      about: Self.returnedRecipients(material), type: "abuse", why: "complaint about a returned message", &report)
    return true
  }

  private static func isForwardedComplaint(_ subject: String) -> Bool {
    subject.lowercased().hasPrefix("complaint about message from ")
  }

  /// Apple Mail unsubscribes by mail and says so.
  private func readUnsubscription(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    guard material.header.first("x-apple-unsubscribe")?.rawValue.trimmed.equals("true") == true else { return false }
    let from = AddressList.parse(material.header.first("from")?.valueBytes ?? []).map(\.address)
    complain(about: from, type: "opt-out", why: "X-Apple-Unsubscribe", &report)
    return true
  }

  private static let spamCop = Array("@reports.spamcop.net".utf8)

  /// SpamCop passes complaints on without naming who complained.
  private func readSpamCopReport(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    let from = material.header.first("from")?.valueBytes ?? []
    guard from.lowercasedBytes[...].contains(Self.spamCop),
      AddressList.parse(from).contains(where: { $0.address.lowercased().hasSuffix("@reports.spamcop.net") })
    else { return false }
    report.originalMessageID = Self.returnedMessageID(material)
    complain(about: [], type: "abuse", why: "report of SpamCop", &report)
    return true
  }

  private func readSESNotification(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    guard let notification = SESNotification.read(material.notice) else { return false }
    if let complaint = notification.complaint {
      complain(
        about: complaint.complainedRecipients.map(\.emailAddress), type: complaint.complaintFeedbackType ?? "abuse",
        why: "SES complaint notification", &report)
    } else if let bounce = notification.bounce {
      report.kind = .bounce
      report.why = "SES bounce notification, \(bounce.bounceType)"
      report.reportingMTA = bounce.reportingMTA
      report.recipients = bounce.bouncedRecipients.prefix(DeliveryStatus.maximumRecipients).map {
        bounced($0, in: bounce)
      }
    } else {
      return false
    }
    report.originalMessageID = notification.messageID ?? notification.providerID
    report.enclosedMessageID = notification.providerID
    return true
  }

  private func bounced(
    _ recipient: SESNotification.Recipient, in bounce: SESNotification.Bounce
  ) -> ReportedRecipient {
    let diagnostic = String((recipient.diagnosticCode ?? "").prefix(DeliveryStatus.maximumDiagnosticLength))
    let status = recipient.status.flatMap { EnhancedStatus($0) }
    let verdict = BounceVerdict(diagnostic: Array(diagnostic.utf8), notice: [], status: status, rules: rules)
    var reported = ReportedRecipient(
      finalRecipient: recipient.emailAddress, action: .failed, status: status, diagnostic: diagnostic)
    reported.take(verdict)
    if verdict.reason == .undefined, let told = bounce.reason(isAllThatIsTold: diagnostic.isEmpty && status == nil) {
      (reported.bounceClass, reported.reason) = (told.bounceClass, told.words)
      (reported.rule, reported.evidence) = ("SES bounce type", bounce.typeWords)
    }
    if reported.bounceClass == .hard, !bounce.isPermanent { reported.bounceClass = .soft }
    return reported
  }

  func complain(about recipients: [String], type: String, why: String, _ report: inout ClassifiedReport) {
    report.kind = .complaint
    report.feedbackType = type
    report.why = why
    report.recipients = recipients.prefix(FeedbackReport.maximumRecipients).map {
      ReportedRecipient(finalRecipient: $0, reason: "complaint: \(type)")
    }
  }
}
