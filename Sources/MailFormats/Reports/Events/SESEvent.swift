import Crypto
internal import MailModel

/// One event of Amazon SES, from an SNS notification or from event publishing. Unknown fields are passed over.
public struct SESEvent: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case bounce, complaint, delivery
    case deliveryDelay = "deliverydelay"
    case reject, send, open, click
    case renderingFailure = "rendering failure"
    case subscription
  }

  public var kind: Kind
  /// The same for the same event, however often and in whichever envelope it comes.
  public var identity: String
  /// When it happened, as written: RFC 3339.
  public var timestamp: String
  /// Whom it is about.
  public var recipients: [String]
  /// The envelope sender that the message had: where a VERP token is.
  public var source: String
  /// The Message-ID that we gave it, when the event tells.
  public var messageID: String?
  /// The provider's own id of the message.
  public var providerID: String
  /// Our own header field, when the event carries headers.
  public var ownHeader: String?
  /// A line about it: the reply of the receiving server, the link, the reason. Text from outside, bounded.
  public var detail: String
  /// Whether the recipient wants nothing at all any more (Subscription).
  public var isUnsubscription: Bool

  /// Why a text is no event.
  public enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
    case notJSON
    case tooLarge
    /// Subscription confirmations and other messages of SNS itself.
    case notAnEvent(String)
    case missing(String)

    public var description: String {
      switch self {
      case .notJSON: "not a JSON object"
      case .tooLarge: "larger than \(SESEvent.maximumLength) bytes"
      case .notAnEvent(let what): "no event of SES: \(what)"
      case .missing(let field): "no '\(field)'"
      }
    }
  }

  /// The most JSON that is read for one event, in bytes.
  public static let maximumLength = 256 << 10
  static let maximumRecipients = 500

  /// - Throws: ``Failure``.
  public init(parsing json: [UInt8]) throws(Failure) {
    guard json.count <= Self.maximumLength else { throw .tooLarge }
    guard let outer = JSONFields(parsing: json) else { throw .notJSON }
    try self.init(Self.unwrapped(outer))
  }

  /// The event itself, out of the envelope that SNS puts around it.
  static func unwrapped(_ outer: JSONFields) throws(Failure) -> JSONFields {
    guard let inner = outer.text("Message"), outer.text("notificationType") == nil, outer.text("eventType") == nil
    else { return outer }
    let type = outer.text("Type") ?? "Notification"
    guard type == "Notification", let fields = JSONFields(parsing: Array(inner.utf8)) else {
      throw .notAnEvent("SNS \(type.prefix(60))")
    }
    return fields
  }

  private init(_ fields: JSONFields) throws(Failure) {
    guard let word = fields.text("eventType") ?? fields.text("notificationType") else { throw .missing("eventType") }
    guard let kind = Kind(rawValue: word.lowercased()) else { throw .notAnEvent(String(word.prefix(60))) }
    guard let mail = fields.object("mail") else { throw .missing("mail") }
    guard let providerID = mail.text("messageId"), !providerID.isEmpty else { throw .missing("mail.messageId") }
    self.kind = kind
    self.providerID = String(providerID.prefix(200))
    let body = fields.object(kind.field) ?? JSONFields()
    timestamp = String((body.text("timestamp") ?? mail.text("timestamp") ?? "").prefix(40))
    source = String((mail.text("source") ?? "").prefix(400))
    recipients = kind.recipients(body, mail)
    messageID = mail.sentMessageID.map { String($0.prefix(998)) }
    ownHeader = mail.header(OwnHeader.name).map { String($0.prefix(100)) }
    detail = String(kind.detail(body).prefix(500))
    isUnsubscription =
      kind == .subscription && (body.object("newTopicPreferences")?.flag("unsubscribeAll") ?? false)
    let parts =
      [kind.rawValue, providerID, body.text("feedbackId") ?? timestamp, body.text("link") ?? ""] + recipients.sorted()
    identity = Hexadecimal.text(SHA256.hash(data: Array(parts.joined(separator: "\u{0}").utf8)))
  }
}

/// The `mail` object of an event.
extension JSONFields {
  /// A header field of the message, where the event carries them.
  func header(_ name: String) -> String? {
    objects("headers").first { $0.text("name")?.lowercased() == name.lowercased() }?.text("value")
  }

  /// The Message-ID that the message was sent with.
  var sentMessageID: String? { header("Message-ID") ?? object("commonHeaders")?.text("messageId") }
}

extension SESEvent {
  /// A bounce or complaint as a mail that the report classifier reads: stored and read again like every other report.
  /// - Parameter json: the event as it came.
  public func asReport(_ json: [UInt8]) -> [UInt8] {
    var header = "From: <ses@event.invalid>\r\nSubject: SES \(kind.rawValue)\r\n"
    if let to = Self.fieldText(source) { header += "X-Original-To: \(to)\r\n" }
    if let own = ownHeader.flatMap(Self.fieldText) { header += "\(OwnHeader.name): \(own)\r\n" }
    header += "Content-Type: application/json\r\n\r\n"
    return Array(header.utf8) + json
  }

  /// Text from outside must not become a header field of its own.
  private static func fieldText(_ text: String) -> String? {
    text.isEmpty || text.utf8.contains { $0 < 0x20 || $0 == 0x7F } ? nil : text
  }
}

extension SESEvent.Kind {
  /// The object of the event that tells about this kind.
  fileprivate var field: String {
    switch self {
    case .deliveryDelay: "deliveryDelay"
    case .renderingFailure: "failure"
    default: rawValue
    }
  }

  fileprivate func recipients(_ body: JSONFields, _ mail: JSONFields) -> [String] {
    let listed: [String]
    switch self {
    case .bounce: listed = body.objects("bouncedRecipients").compactMap { $0.text("emailAddress") }
    case .complaint: listed = body.objects("complainedRecipients").compactMap { $0.text("emailAddress") }
    case .deliveryDelay: listed = body.objects("delayedRecipients").compactMap { $0.text("emailAddress") }
    case .delivery: listed = body.texts("recipients")
    default: listed = []
    }
    let named = listed.isEmpty ? mail.texts("destination") : listed
    return named.prefix(SESEvent.maximumRecipients).map { address in
      String((AddressList.parse(address).first?.address ?? address).lowercased().prefix(320))
    }
  }

  fileprivate func detail(_ body: JSONFields) -> String {
    switch self {
    case .delivery: body.text("smtpResponse") ?? ""
    case .deliveryDelay: body.text("delayType") ?? ""
    case .reject: body.text("reason") ?? ""
    case .renderingFailure: body.text("errorMessage") ?? ""
    case .click: body.text("link") ?? ""
    case .open: body.text("userAgent") ?? ""
    case .complaint: body.text("complaintFeedbackType") ?? ""
    case .bounce: [body.text("bounceType"), body.text("bounceSubType")].compactMap { $0 }.joined(separator: " ")
    case .send, .subscription: ""
    }
  }
}
