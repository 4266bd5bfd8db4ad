public import MailModel

/// What a delivery status notification tells (RFC 3464).
public struct DSNDraft: Sendable {
  /// One recipient's fate (RFC 3464 §2.3).
  public struct Recipient: Sendable {
    public var finalRecipient: Address
    public var originalRecipient: Address?
    public var action: DSNAction
    public var status: EnhancedStatus
    /// The reply of the remote server, such as `550 5.1.1 no such user`; empty for none.
    public var diagnostic: String
    public var remoteMTA: String?

    public init(
      finalRecipient: Address, originalRecipient: Address? = nil, action: DSNAction, status: EnhancedStatus,
      diagnostic: String = "", remoteMTA: String? = nil
    ) {
      self.finalRecipient = finalRecipient
      self.originalRecipient = originalRecipient
      self.action = action
      self.status = status
      self.diagnostic = diagnostic
      self.remoteMTA = remoteMTA
    }
  }

  /// The host that reports; also the domain of the From address `MAILER-DAEMON@…`.
  public var reportingMTA: String
  /// The envelope sender of the returned message: whom the report goes to.
  public var to: Address
  public var date: String
  public var messageID: String
  public var envelopeID: String?
  public var recipients: [Recipient]
  /// The header of the returned message as it was received; a body after it is left out.
  public var originalHeader: [UInt8]

  public init(
    reportingMTA: String, to: Address, date: String, messageID: String, envelopeID: String? = nil,
    recipients: [Recipient], originalHeader: [UInt8]
  ) {
    self.reportingMTA = reportingMTA
    self.to = to
    self.date = date
    self.messageID = messageID
    self.envelopeID = envelopeID
    self.recipients = recipients
    self.originalHeader = originalHeader
  }
}

/// Builds delivery status notifications: multipart/report with its three parts (RFC 3461 §6, RFC 3464, RFC 6522).
public enum DSNComposer {
  /// The report as bytes.
  ///
  /// - Throws: ``HeaderError`` when a value cannot stand in a field.
  public static func compose(_ draft: DSNDraft) throws(HeaderError) -> [UInt8] {
    let isDelay = draft.recipients.allSatisfy { $0.action == .delayed }
    let hasFailed = draft.recipients.contains { $0.action == .failed }
    let title = hasFailed ? "failure" : isDelay ? "delay" : "success"
    var message = try HeaderEncoder.field("Date", structured: draft.date)
    message += try HeaderEncoder.field(
      "From", structured: "Mail Delivery System <MAILER-DAEMON@\(draft.reportingMTA)>")
    message += try HeaderEncoder.field("To", structured: draft.to.description)
    message += try HeaderEncoder.field("Subject", text: "Delivery status notification (\(title))")
    message += try HeaderEncoder.field("Message-ID", structured: draft.messageID)
    message += MIMEWriter.line("Auto-Submitted: auto-replied") + MIMEWriter.line("MIME-Version: 1.0")
    let parts = [explanation(draft), try deliveryStatus(draft), ReportParts.returnedHeader(draft.originalHeader)]
    return message
      + MIMEWriter.multipart("report", parts: parts, seed: draft.messageID, parameters: " report-type=delivery-status;")
  }

  private static func explanation(_ draft: DSNDraft) -> [UInt8] {
    var text = "This is the mail system at host \(draft.reportingMTA).\n\n"
    for recipient in draft.recipients {
      let what =
        switch recipient.action {
        case .failed: "Your message could not be delivered to"
        case .delayed: "Your message is delayed and will be retried for"
        case .delivered: "Your message was delivered to"
        case .relayed: "Your message was passed on for"
        case .expanded: "Your message was passed on to the list behind"
        }
      text += "\(what)\n\n<\(recipient.finalRecipient)>: \(recipient.diagnostic)\n\n"
    }
    return MIMEWriter.textPart(text, subtype: "plain")
  }

  private static func deliveryStatus(_ draft: DSNDraft) throws(HeaderError) -> [UInt8] {
    var part = MIMEWriter.line("Content-Type: message/delivery-status") + MIMEWriter.line("")
    part += try HeaderEncoder.field("Reporting-MTA", structured: "dns; \(draft.reportingMTA)")
    if let envelopeID = draft.envelopeID {
      part += try HeaderEncoder.field("Original-Envelope-Id", structured: envelopeID)
    }
    for recipient in draft.recipients {
      part += MIMEWriter.line("")
      if let original = recipient.originalRecipient {
        part += try HeaderEncoder.field("Original-Recipient", structured: "rfc822; \(original)")
      }
      part += try HeaderEncoder.field("Final-Recipient", structured: "rfc822; \(recipient.finalRecipient)")
      part += try HeaderEncoder.field("Action", structured: recipient.action.rawValue)
      part += try HeaderEncoder.field("Status", structured: recipient.status.description)
      if let remote = recipient.remoteMTA {
        part += try HeaderEncoder.field("Remote-MTA", structured: "dns; \(remote)")
      }
      if !recipient.diagnostic.isEmpty {
        part += try HeaderEncoder.field("Diagnostic-Code", structured: "smtp; \(recipient.diagnostic)")
      }
    }
    return part + MIMEWriter.line("")
  }
}

enum ReportParts {
  /// A text/rfc822-headers part (RFC 6522 §4) with the header of `message`, line ends made CRLF.
  static func returnedHeader(_ message: [UInt8]) -> [UInt8] {
    let text = LineEnds.normalised(message)
    let end = text[...].firstRange(of: [Octet.lf, Octet.lf])?.lowerBound ?? text.count
    let header = MIMEWriter.crlfLines(Array(text[..<end]))
    return MIMEWriter.line("Content-Type: text/rfc822-headers") + MIMEWriter.line("") + header + MIMEWriter.line("")
  }
}
