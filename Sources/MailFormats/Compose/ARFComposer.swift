/// What a feedback report tells (RFC 5965).
public struct ARFDraft: Sendable {
  /// The reporting provider's address.
  public var from: Address
  /// Whom the report goes to.
  public var to: Address
  public var date: String
  public var messageID: String
  /// `abuse`, `fraud`, `virus`, `other`, `not-spam` (RFC 5965 §7.3).
  public var feedbackType: String
  public var userAgent: String
  /// Envelope sender of the reported message.
  public var originalMailFrom: Address?
  public var originalRecipients: [Address]
  /// The header of the reported message; a body after it is left out.
  public var originalHeader: [UInt8]

  public init(
    from: Address, to: Address, date: String, messageID: String, feedbackType: String = "abuse",
    userAgent: String, originalMailFrom: Address? = nil, originalRecipients: [Address] = [], originalHeader: [UInt8]
  ) {
    self.from = from
    self.to = to
    self.date = date
    self.messageID = messageID
    self.feedbackType = feedbackType
    self.userAgent = userAgent
    self.originalMailFrom = originalMailFrom
    self.originalRecipients = originalRecipients
    self.originalHeader = originalHeader
  }
}

/// Builds feedback reports: multipart/report with report-type feedback-report (RFC 5965 §2).
public enum ARFComposer {
  /// The report as bytes.
  ///
  /// - Throws: ``HeaderError`` when a value cannot stand in a field.
  public static func compose(_ draft: ARFDraft) throws(HeaderError) -> [UInt8] {
    var message = try HeaderEncoder.field("Date", structured: draft.date)
    message += try HeaderEncoder.field("From", structured: draft.from.description)
    message += try HeaderEncoder.field("To", structured: draft.to.description)
    message += try HeaderEncoder.field("Subject", text: "Feedback report: \(draft.feedbackType)")
    message += try HeaderEncoder.field("Message-ID", structured: draft.messageID)
    message += MIMEWriter.line("MIME-Version: 1.0")
    let text = MIMEWriter.textPart(
      "This is a feedback report about a message that a recipient marked as \(draft.feedbackType).\n", subtype: "plain")
    let parts = [text, try feedback(draft), ReportParts.returnedHeader(draft.originalHeader)]
    return message
      + MIMEWriter.multipart("report", parts: parts, seed: draft.messageID, parameters: " report-type=feedback-report;")
  }

  private static func feedback(_ draft: ARFDraft) throws(HeaderError) -> [UInt8] {
    var part = MIMEWriter.line("Content-Type: message/feedback-report") + MIMEWriter.line("")
    part += try HeaderEncoder.field("Feedback-Type", structured: draft.feedbackType)
    part += try HeaderEncoder.field("User-Agent", structured: draft.userAgent)
    part += MIMEWriter.line("Version: 1")
    if let mailFrom = draft.originalMailFrom {
      part += try HeaderEncoder.field("Original-Mail-From", structured: "<\(mailFrom)>")
    }
    for recipient in draft.originalRecipients {
      part += try HeaderEncoder.field("Original-Rcpt-To", structured: "<\(recipient)>")
    }
    return part + MIMEWriter.line("")
  }
}
