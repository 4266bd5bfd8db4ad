/// A name and an address for a header.
public struct NamedAddress: Hashable, Sendable {
  public var displayName: String
  public var address: Address

  public init(displayName: String = "", address: Address) {
    self.displayName = displayName
    self.address = address
  }
}

/// What a simple message is made of.
public struct MessageDraft: Sendable {
  public var from: NamedAddress
  public var to: [NamedAddress]
  public var subject: String
  /// An RFC 5322 date, see ``MailDate``.
  public var date: String
  /// With its angle brackets.
  public var messageID: String
  /// The text, any line ends.
  public var text: String
  /// The same in HTML; with it the message becomes multipart/alternative.
  public var html: String?
  /// Further fields in their final form, such as List-Unsubscribe; checked for controls.
  public var extraFields: [(name: String, value: String)]

  public init(
    from: NamedAddress, to: [NamedAddress], subject: String, date: String,
    messageID: String, text: String, html: String? = nil, extraFields: [(name: String, value: String)] = []
  ) {
    self.from = from
    self.to = to
    self.subject = subject
    self.date = date
    self.messageID = messageID
    self.text = text
    self.html = html
    self.extraFields = extraFields
  }
}

/// Builds canonical messages (CRLF, UTF-8, lines within bounds) from fields.
public enum MessageComposer {
  /// The message as bytes.
  ///
  /// - Throws: ``HeaderError`` when a value cannot stand in a header.
  public static func compose(_ draft: MessageDraft) throws(HeaderError) -> [UInt8] {
    var message = try header(draft)
    for (name, value) in draft.extraFields { message += try HeaderEncoder.field(name, structured: value) }
    message += MIMEWriter.line("MIME-Version: 1.0")
    let text = MIMEWriter.textPart(draft.text, subtype: "plain")
    guard let html = draft.html else { return message + text }
    let parts = [text, MIMEWriter.textPart(html, subtype: "html")]
    return message + MIMEWriter.multipart("alternative", parts: parts, seed: draft.messageID)
  }

  static func header(_ draft: MessageDraft) throws(HeaderError) -> [UInt8] {
    var lines = try HeaderEncoder.field("Date", structured: draft.date)
    lines += try HeaderEncoder.field("From", mailboxes: [draft.from])
    if !draft.to.isEmpty { lines += try HeaderEncoder.field("To", mailboxes: draft.to) }
    lines += try HeaderEncoder.field("Subject", text: draft.subject)
    return lines + (try HeaderEncoder.field("Message-ID", structured: draft.messageID))
  }
}
