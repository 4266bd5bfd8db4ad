internal import MailModel

/// What a report needs to know about the message that it answers.
struct OriginalMessage: Sendable {
  /// Bytes of header kept for a report.
  static let headerLimit = 64 * 1024

  var envelopeSender: String
  var envelopeID: String?
  var returnsBody: Bool
  var hostName: String
  var takenAt: Timestamp
  /// The header's lines, each with its CRLF, without the empty line.
  var header: [UInt8]
  /// The whole message, or its header when it is longer than the limit of a report.
  var content: [UInt8]
  private var fields: [(name: String, value: String)] = []

  init(_ message: TakenMessage, hostName: String, takenAt: Timestamp) {
    envelopeSender = message.envelope.sender
    envelopeID = message.envelope.envelopeID
    returnsBody = message.envelope.returnsBody
    self.hostName = hostName
    self.takenAt = takenAt
    header = Self.header(of: message.body)
    content = message.body.count <= Self.headerLimit ? message.body : header
    fields = Self.fields(of: header)
  }

  /// With its angle brackets.
  var messageID: String? {
    guard let value = field("message-id"), let start = value.firstIndex(of: "<"),
      let end = value[start...].firstIndex(of: ">")
    else { return nil }
    return String(value[start...end])
  }

  var subject: String { field("subject") ?? "(no subject)" }

  /// The address a person would answer to: Reply-To, then From, then the envelope sender.
  var answerAddress: String {
    guard let value = (field("reply-to") ?? field("from"))?.singleLine else { return envelopeSender }
    if let start = value.lastIndex(of: "<"), let end = value[start...].firstIndex(of: ">") {
      return String(value[value.index(after: start)..<end])
    }
    return value.contains("@") ? value : envelopeSender
  }

  /// The first field of that name, unfolded; `name` in lower case.
  func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  private static func header(of body: [UInt8]) -> [UInt8] {
    let head = body.prefix(headerLimit)
    var lineStart = head.startIndex
    while let end = head[lineStart...].firstIndex(of: 0x0A) {
      if end - lineStart <= 1, head[lineStart] == 0x0D || head[lineStart] == 0x0A { return Array(head[..<lineStart]) }
      lineStart = end + 1
    }
    return Array(head[..<lineStart])
  }

  private static func fields(of header: [UInt8]) -> [(name: String, value: String)] {
    var fields: [(name: String, value: String)] = []
    for line in header.split(separator: 0x0A) {
      let text = String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
      if let first = text.first, first == " " || first == "\t" {
        if let last = fields.indices.last { fields[last].value += text }
      } else if let colon = text.firstIndex(of: ":") {
        let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        fields.append((text[..<colon].lowercased(), String(value)))
      }
    }
    return fields
  }
}
