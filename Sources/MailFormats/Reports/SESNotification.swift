internal import MailModel

/// A bounce or complaint notification of Amazon SES in a mail, as JSON, bare or inside an SNS envelope.
struct SESNotification {
  struct Recipient {
    let emailAddress: String
    let status: String?
    let diagnosticCode: String?

    fileprivate init?(_ fields: JSONFields) {
      guard let address = fields.text("emailAddress") else { return nil }
      emailAddress = address
      status = fields.text("status")
      diagnosticCode = fields.text("diagnosticCode")
    }
  }

  struct Bounce {
    let bounceType: String
    let bounceSubType: String?
    let bouncedRecipients: [Recipient]
    let reportingMTA: String?

    fileprivate init?(_ fields: JSONFields) {
      guard let type = fields.text("bounceType") else { return nil }
      bounceType = type
      bounceSubType = fields.text("bounceSubType")
      bouncedRecipients = fields.objects("bouncedRecipients").compactMap(Recipient.init)
      reportingMTA = fields.text("reportingMTA")
    }

    var isPermanent: Bool { bounceType.lowercased() == "permanent" }
    var typeWords: String { String("\(bounceType) \(bounceSubType ?? "")".prefix(120)) }

    /// What type and subtype mean where the remote server's words say nothing, or came with no report at all (SES
    /// developer guide, "Bounce types"); `nil` where they leave it open.
    /// - Parameter isAllThatIsTold: the remote server said nothing: a permanent bounce is the address's then.
    func reason(isAllThatIsTold: Bool) -> BounceReason? {
      switch (isPermanent, bounceSubType?.lowercased() ?? "") {
      case (false, "mailboxfull"): .mailboxFull
      case (false, "messagetoolarge"): .messageTooLarge
      case (false, "customtimeoutexceeded"): .expired
      case (false, "contentrejected"), (false, "attachmentrejected"): .contentRefused
      case (true, "suppressed"), (true, "onaccountsuppressionlist"): .suppressed
      case (true, "general"), (true, ""): isAllThatIsTold ? .userUnknown : nil
      default: nil
      }
    }
  }

  struct Complaint {
    let complainedRecipients: [Recipient]
    let complaintFeedbackType: String?

    fileprivate init(_ fields: JSONFields) {
      complainedRecipients = fields.objects("complainedRecipients").compactMap(Recipient.init)
      complaintFeedbackType = fields.text("complaintFeedbackType")
    }
  }

  let bounce: Bounce?
  let complaint: Complaint?
  /// The Message-ID that the message was sent with.
  let messageID: String?
  /// The provider's own id of the message, in brackets.
  let providerID: String?

  private init(_ fields: JSONFields) {
    bounce = fields.object("bounce").flatMap(Bounce.init)
    complaint = fields.object("complaint").map(Complaint.init)
    let mail = fields.object("mail") ?? JSONFields()
    messageID = mail.sentMessageID
    providerID = mail.text("messageId").map { "<\($0)>" }
  }

  /// `nil` when the text does not begin with such a notification. Mail breaks its long lines, so line ends are removed
  /// first.
  static func read(_ notice: [UInt8]) -> SESNotification? {
    let text = notice.prefix(SESEvent.maximumLength).drop(while: Octet.isSpace)
    guard text.first == UInt8(ascii: "{") else { return nil }
    guard text.contains(Array("otificationType".utf8)) || text.contains(Array("eventType".utf8)) else { return nil }
    var stream = JSONStream()
    guard case .object(let json, _)? = (stream.append(text.filter { $0 != Octet.lf }) + stream.finish()).first,
      let outer = JSONFields(parsing: json), let fields = try? SESEvent.unwrapped(outer)
    else { return nil }
    return SESNotification(fields)
  }
}
