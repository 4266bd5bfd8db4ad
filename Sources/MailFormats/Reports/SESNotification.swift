import Foundation
internal import MailModel

/// A bounce or complaint notification of Amazon SES, as JSON, bare or inside an SNS envelope.
struct SESNotification: Decodable {
  struct Recipient: Decodable {
    let emailAddress: String
    let status: String?
    let diagnosticCode: String?
    let action: String?
  }

  struct Bounce: Decodable {
    let bounceType: String
    let bounceSubType: String?
    let bouncedRecipients: [Recipient]
    let reportingMTA: String?

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

  struct Complaint: Decodable {
    let complainedRecipients: [Recipient]
    let complaintFeedbackType: String?
  }

  struct Mail: Decodable {
    struct Field: Decodable {
      let name: String
      let value: String
    }

    struct Common: Decodable {
      let messageId: String?
    }

    let messageId: String?
    let headers: [Field]?
    let commonHeaders: Common?
  }

  let notificationType: String?
  let eventType: String?
  let bounce: Bounce?
  let complaint: Complaint?
  let mail: Mail?

  private struct Envelope: Decodable {
    let message: String

    private enum CodingKeys: String, CodingKey {
      case message = "Message"
    }
  }

  /// The most JSON that is read, in bytes.
  static let maximumLength = 256 << 10

  var kind: String { (notificationType ?? eventType ?? "").lowercased() }

  /// The Message-ID that the message was sent with, else the provider's own.
  var messageID: String? {
    if let field = mail?.headers?.first(where: { $0.name.lowercased() == "message-id" }) { return field.value }
    if let id = mail?.commonHeaders?.messageId { return id }
    return mail?.messageId.map { "<\($0)>" }
  }

  /// `nil` when the text is not such a notification. Mail breaks its long lines, so line ends are removed first.
  static func read(_ notice: [UInt8]) -> SESNotification? {
    let text = notice.prefix(maximumLength).drop(while: Octet.isSpace)
    guard text.first == UInt8(ascii: "{") else { return nil }
    guard text.contains(Array("otificationType".utf8)) || text.contains(Array("eventType".utf8)) else { return nil }
    let joined = objectText(text.filter { $0 != Octet.lf })
    let decoder = JSONDecoder()
    if let envelope = try? decoder.decode(Envelope.self, from: Data(joined)) {
      return try? decoder.decode(SESNotification.self, from: Data(envelope.message.utf8))
    }
    return try? decoder.decode(SESNotification.self, from: Data(joined))
  }

  /// The first JSON object of a text, without what follows it.
  private static func objectText(_ text: [UInt8]) -> ArraySlice<UInt8> {
    var depth = 0
    var isQuoted = false
    var isEscaped = false
    for (index, byte) in text.enumerated() {
      if isEscaped {
        isEscaped = false
      } else if byte == Octet.backslash {
        isEscaped = isQuoted
      } else if byte == Octet.quote {
        isQuoted.toggle()
      } else if !isQuoted, byte == UInt8(ascii: "{") {
        depth += 1
      } else if !isQuoted, byte == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { return text[...index] }
      }
    }
    return text[...]
  }
}
