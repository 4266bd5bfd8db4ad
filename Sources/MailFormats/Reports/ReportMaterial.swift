/// The pieces of a mail that a classifier looks at: machine-readable parts, the notice for people, the returned message.
struct ReportMaterial {
  /// Bytes of notice text that are looked at.
  static let maximumNoticeLength = 64 << 10
  /// Bytes of an attachment that tell what it is.
  private static let maximumHeadLength = 1_024

  let header: HeaderBlock
  private(set) var statusParts: [Octets] = []
  private(set) var feedbackParts: [Octets] = []
  /// The report in the extended format (X-ARF), where the mail is one.
  private(set) var extendedReport: ExtendedReport?
  /// The fields of a message disposition notification (RFC 8098).
  private(set) var dispositionFields: Octets?
  /// The fields of a report that a mailer in between made a text attachment of: `details.txt`.
  private(set) var attachedFields: Octets?
  private var attachedMessage: MIMEPart?
  /// Text for people, UTF-8, without the returned message.
  private(set) var notice: [UInt8] = []
  /// The header of the returned message.
  private(set) var returned: HeaderBlock?
  /// What came back as text: the returned message as it stands, where its header could not be read apart.
  private(set) var returnedText: Octets = []

  /// Who sent and got what is told of.
  private(set) var parties: MailParties

  /// Whether the mail says of itself that it is a delivery status report.
  let isMarkedReport: Bool
  /// Whether the parts stand in a `multipart/report`, as those of a report do and what people attach does not.
  private(set) var isReport: Bool
  /// Whether a field of the header says that the mail is an X-ARF report.
  private let isMarkedExtended: Bool

  /// A report that was returned or forwarded as a whole inside this one.
  var enclosedReport: ReportMaterial? {
    guard let type = returned?.first("content-type"),
      ContentType(parsing: type.valueBytes).subtype == "report" || returned.map(Self.isMarkedExtended) == true
    else {
      return nil
    }
    return enclosedMail
  }

  /// The mail that came inside this one.
  var enclosedMail: ReportMaterial? {
    returned == nil ? nil : ReportMaterial(MIMEMessage(parsing: Array(returnedText)))
  }

  init(_ message: MIMEMessage) {
    header = message.header
    parties = MailParties(header: message.header, returned: nil)
    let type = message.root.contentType
    isMarkedReport = type.type == "multipart" && type.parameters["report-type"]?.lowercased() == "delivery-status"
    isReport = type.type == "message"
    isMarkedExtended = Self.isMarkedExtended(message.header)
    collect(message.root, depth: 0)
    splitNotice()
    keepAttachedMessage()
    dropListFooter()
    parties = MailParties(header: header, returned: returned)
  }

  /// `X-ARF: Yes` (0.1), `X-XARF: PLAIN`, `SECURE` or `BULK` (0.2).
  private static func isMarkedExtended(_ header: HeaderBlock) -> Bool {
    guard let value = (header.first("x-xarf") ?? header.first("x-arf"))?.rawValue.trimmed else { return false }
    return !["no", "none", "false", "0"].contains { (word: StaticString) in value.equals(word) }
  }

  private mutating func collect(_ part: MIMEPart, depth: Int) {
    if keepExtended(part, depth: depth) { return }
    switch (part.contentType.type, part.contentType.subtype) {
    case ("message", "delivery-status"), ("message", "global-delivery-status"), ("text", "delivery-status"),
      ("message", "xdelivery-status"), ("message", "x-delivery-status"):
      statusParts.append(fields(of: part))
    case ("message", "feedback-report"), ("text", "feedback-report"), ("message", "feed-back-report"):
      feedbackParts.append(fields(of: part))
    case ("message", "disposition-notification"), ("message", "global-disposition-notification"):
      dispositionFields = fields(of: part)
    case ("message", "rfc822"), ("message", "global"), ("message", "news"):
      keepReturned(part.children.first?.header ?? part.header, text: part.rawBody)
    case ("text", "rfc822-headers"), ("text", "rfc822-header"), ("message", "rfc822-headers"),
      ("message", "global-headers"), ("text", "rfc822"), ("message", "rfc822-header"), ("message", "partial"):
      let body = part.decodedBody(limit: Self.maximumNoticeLength * 4)[...]
      keepReturned(HeaderBlock.parse(body.drop { $0 == Octet.lf }).header, text: body)
    case ("text", "html"):
      if notice.isEmpty { appendNotice(HTMLText.plain(part.text(limit: Self.maximumNoticeLength * 4))) }
    case ("text", _):
      if !isAttachment(part) {
        appendNotice(part.text(limit: Self.maximumNoticeLength))
      } else {
        keepAttached(part)
      }
    case ("application", "octet-stream") where depth > 0: keepAttached(part)
    case ("multipart", _):
      if part.children.isEmpty { appendNotice(part.text(limit: Self.maximumNoticeLength)) }
      if part.contentType.subtype == "report" { isReport = true }
      for child in part.children { collect(child, depth: depth + 1) }
    default:
      if depth == 0 { appendNotice(part.text(limit: Self.maximumNoticeLength)) }
    }
  }

  /// The fields in a part's body. Where the empty line before the body is missing, they stand in the part's header.
  private func fields(of part: MIMEPart) -> Octets {
    let body = part.decodedBody(limit: Self.maximumNoticeLength)
    let marks: [StaticString] = [
      "final-recipient", "original-recipient", "reporting-mta", "feedback-type", "disposition",
    ]
    guard marks.contains(where: { part.header.first($0) != nil }) else {
      return ReturnedMessage.unquoted(body[...].drop { $0 == Octet.lf })
    }
    var text: [UInt8] = []
    for field in part.header.fields where text.count < Self.maximumNoticeLength {
      text += field.nameBytes + [Octet.colon] + field.rawValue + [Octet.lf]
    }
    return (text + [Octet.lf] + body)[...]
  }

  private func isAttachment(_ part: MIMEPart) -> Bool {
    guard let disposition = part.header.first("content-disposition")?.rawValue.trimmed else { return false }
    return disposition.starts(with: "attachment") && !notice.isEmpty
  }

  private func beginsWithStatus(_ part: MIMEPart) -> Bool {
    let text = LineEnds.normalised(part.decodedBody(limit: Self.maximumHeadLength))[...].drop(while: Octet.isSpace)
    let header = HeaderBlock.parse(text).header
    return header.first("reporting-mta") != nil || header.first("final-recipient") != nil
  }

  /// Of an attachment without a type of its own, the fields of a report or the returned message.
  private mutating func keepAttached(_ part: MIMEPart) {
    if attachedFields == nil, beginsWithStatus(part) {
      attachedFields = fields(of: part)
    } else if attachedMessage == nil, ReturnedMessage.startsHeader(part.decodedBody(limit: 64)[...].trimmed) {
      attachedMessage = part
    }
  }

  /// Where nothing else came back, the attachment that may be the returned message.
  private mutating func keepAttachedMessage() {
    guard returned == nil, let part = attachedMessage else { return }
    let body = LineEnds.normalised(part.decodedBody(limit: Self.maximumNoticeLength * 4))
    let text = body[...].drop(while: Octet.isSpace)
    guard let header = ReturnedMessage.header(in: text, at: text.startIndex, isAnnounced: false) else { return }
    keepReturned(header, text: text)
  }

  /// The fields of an X-ARF report, or its JSON document, which also holds the message that it is about.
  private mutating func keepExtended(_ part: MIMEPart, depth: Int) -> Bool {
    let type = part.contentType
    guard extendedReport == nil, depth > 0, part.children.isEmpty, ["text", "application"].contains(type.type) else {
      return false
    }
    let isDocument =
      type.subtype == "json" || type.subtype == "xarf+json" || type.parameters["name"]?.hasSuffix(".json") == true
    guard isMarkedExtended || isDocument,
      let found = ExtendedReport(LineEnds.normalised(part.decodedBody(limit: ExtendedReport.maximumLength))[...])
    else { return false }
    extendedReport = found
    if !found.message.isEmpty {
      let text = found.message.drop { Octet.isSpace($0) }
      keepReturned(HeaderBlock.parse(text).header, text: text)
    }
    return true
  }

  private mutating func appendNotice(_ text: [UInt8]) {
    guard notice.count < Self.maximumNoticeLength else { return }
    if !notice.isEmpty { notice.append(Octet.lf) }
    notice += text.prefix(Self.maximumNoticeLength - notice.count)
  }

  private mutating func keepReturned(_ header: HeaderBlock, text: Octets) {
    guard returned == nil, !header.isEmpty else { return }
    returned = header
    returnedText = text
  }

  /// A returned message inside the notice's text ends the notice.
  private mutating func splitNotice() {
    guard let split = ReturnedMessage.find(in: notice[...]) else { return }
    keepReturned(split.header, text: notice[split.start...])
    if returned == nil { returnedText = notice[split.start...] }
    notice = Array(notice[..<split.noticeEnd])
  }

  /// What a list adds below a notice that went over it says nothing of the failure.
  private mutating func dropListFooter() {
    guard header.first("list-id") != nil || header.first("list-post") != nil,
      let start = ListFooter.start(in: notice[...])
    else { return }
    notice = Array(notice[..<start])
  }
}
