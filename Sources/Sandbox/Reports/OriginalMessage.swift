internal import MailFormats
internal import MailModel

/// What a report needs to know about the message that it answers.
struct OriginalMessage: Sendable {
  /// Bytes of header kept for a report.
  static let headerLimit = 64 * 1024

  var envelopeSender: String
  var envelopeID: String?
  var hostName: String
  var takenAt: Timestamp
  /// The header's lines, each with its line end, without the empty line.
  var headerBytes: [UInt8]
  /// With its angle brackets; `nil` when there is none.
  var messageID: String?
  /// Decoded, without control characters.
  var subject: String
  /// The address a person would answer to: Reply-To, then From, then the envelope sender.
  var answerAddress: String

  init(_ message: TakenMessage, hostName: String, takenAt: Timestamp) {
    envelopeSender = message.envelope.sender
    envelopeID = message.envelope.envelopeID
    self.hostName = hostName
    self.takenAt = takenAt
    headerBytes = Self.header(of: message.body)
    let header = MIMEMessage(parsing: headerBytes).header
    messageID = header.value("message-id").flatMap(Self.bracketed)
    subject = (header.first("subject")?.decoded ?? "(no subject)").singleLine
    let author = header.value("reply-to") ?? header.value("from") ?? ""
    answerAddress = AddressList.parse(author).first?.address ?? envelopeSender
  }

  /// `<…>` within a field's value.
  private static func bracketed(_ value: String) -> String? {
    guard let start = value.firstIndex(of: "<"), let end = value[start...].firstIndex(of: ">") else { return nil }
    return String(value[start...end])
  }

  private static func header(of body: [UInt8]) -> [UInt8] {
    let head = body.prefix(headerLimit)
    var lineStart = head.startIndex
    while let end = head[lineStart...].firstIndex(of: 0x0A) {
      if head[lineStart..<end].allSatisfy({ $0 == 0x0D }) { break }
      lineStart = end + 1
    }
    return Array(head[..<lineStart])
  }
}

extension String {
  /// Without control characters.
  var singleLine: String {
    String(String.UnicodeScalarView(unicodeScalars.filter { $0.properties.generalCategory != .control }))
  }
}
