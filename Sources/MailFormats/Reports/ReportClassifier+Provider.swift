internal import MailModel

extension ReportClassifier {
  /// Complaints and notifications in forms that only one provider uses.
  func readProviderForm(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    readHotmailComplaint(material, into: &report) || readUnsubscription(material, into: &report)
      || readSESNotification(material, into: &report) || readListRefusal(material, into: &report)
  }

  /// The Outlook.com junk mail programme returns the message itself with a field that names who complained.
  private func readHotmailComplaint(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    guard
      let field = material.header.first("x-hmxmroriginalrecipient")
        ?? material.returned?.first("x-hmxmroriginalrecipient"),
      let address = AddressList.parse(field.valueBytes).first?.address
    else { return false }
    let isOuter = material.header.first("x-hmxmroriginalrecipient") != nil
    report.originalMessageID = isOuter ? MessageIDText.own(material.header) : Self.returnedMessageID(material)
    complain(about: [address], type: "abuse", why: "X-HmXmrOriginalRecipient (Outlook.com junk mail report)", &report)
    return true
  }

  /// Apple Mail unsubscribes by mail and says so.
  private func readUnsubscription(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    guard material.header.first("x-apple-unsubscribe")?.rawValue.trimmed.equals("true") == true else { return false }
    let from = AddressList.parse(material.header.first("from")?.valueBytes ?? []).map(\.address)
    complain(about: from, type: "opt-out", why: "X-Apple-Unsubscribe", &report)
    return true
  }

  /// A list server (fml) that refused a post: its address took nothing from this sender.
  private func readListRefusal(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    guard let server = material.header.first("x-mlserver")?.rawValue.trimmed, server.starts(with: "fml") else {
      return false
    }
    let subject = report.subject.lowercased()
    let refusals = [
      "not member", "reject", "ignored not ml", "security alert", "loop alert", "loop back", "system error",
    ]
    guard refusals.contains(where: subject.contains) else { return false }
    report.kind = .bounce
    report.why = "refusal of a list server (X-MLServer)"
    let list = NoticeLine.listAddress(in: material.notice) ?? MessageIDText.own(material.header).flatMap(Self.listInID)
    var recipient = ReportedRecipient(finalRecipient: list, action: .failed)
    recipient.take(BounceVerdict(diagnostic: material.notice, notice: [], status: nil, rules: rules))
    if recipient.bounceClass != .block, recipient.bounceClass != .soft {
      recipient.bounceClass = .block
      recipient.reason = BounceReason.senderRejected.words
    }
    if list != nil { report.recipients = [recipient] }
    report.originalMessageID = report.references.first
    return true
  }

  /// fml's own ids end with the list: `<200504.FML0001.list-name@example.org>`.
  private static func listInID(_ id: String) -> String? {
    let parts = id.trimmingPrefix("<").split(separator: "@")
    guard parts.count == 2, let name = parts[0].split(separator: ".").last, parts[0].contains(".FML") else {
      return nil
    }
    return "\(name)@\(parts[1].prefix { $0 != ">" })"
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
        bounced($0, isPermanent: bounce.bounceType.lowercased() == "permanent")
      }
    } else {
      return false
    }
    report.originalMessageID = notification.messageID
    return true
  }

  private func bounced(_ recipient: SESNotification.Recipient, isPermanent: Bool) -> ReportedRecipient {
    let diagnostic = String((recipient.diagnosticCode ?? "").prefix(DeliveryStatus.maximumDiagnosticLength))
    let status = recipient.status.flatMap { EnhancedStatus($0) }
    let verdict = BounceVerdict(diagnostic: Array(diagnostic.utf8), notice: [], status: status, rules: rules)
    var reported = ReportedRecipient(
      finalRecipient: recipient.emailAddress, action: .failed, status: status, diagnostic: diagnostic)
    reported.take(verdict)
    if reported.bounceClass == .hard, !isPermanent { reported.bounceClass = .soft }
    return reported
  }

  private func complain(about recipients: [String], type: String, why: String, _ report: inout ClassifiedReport) {
    report.kind = .complaint
    report.feedbackType = type
    report.why = why
    report.recipients = recipients.prefix(FeedbackReport.maximumRecipients).map {
      ReportedRecipient(finalRecipient: $0, reason: "complaint: \(type)")
    }
  }
}
