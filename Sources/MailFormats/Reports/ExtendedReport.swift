internal import MailModel

/// A report in the extended abuse reporting format (X-ARF, x-arf.org): fields in a text part (0.1, 0.2), or a JSON
/// document (1 to 4). It may be about anything that an address of the net did; only what is about a message concerns a
/// sender's recipients.
struct ExtendedReport {
  static let maximumLength = 1 << 20
  /// Bytes of a reported message that are looked at.
  static let maximumMessageLength = 256 << 10
  private static let maximumTypeLength = 40

  /// The reporter's own word, such as `spam` or `login-attack`, in lower case.
  let type: String
  let recipients: [String]
  let sender: String?
  let messageID: String?
  /// The reported message, where the document holds it.
  let message: [UInt8]
  private let isMailService: Bool

  /// Kinds of abuse that are mail by themselves.
  private static let mailTypes: Set<String> = [
    "spam", "spamtrap", "emailspam", "mailspam", "spamemail", "spammail", "unsolicited", "unsolicitedemail",
    "unsolicitedmail", "bulkmessaging", "bulkmail", "bulkemail", "ube", "uce", "junk", "junkmail", "trap",
    "phishingmail", "phishingemail", "mailabuse", "emailabuse",
  ]
  /// Kinds that a mail may carry: it is reported when it came along.
  private static let carried: [String: String] = [
    "phishing": "fraud", "fraud": "fraud", "scam": "fraud", "malware": "virus", "malwareattack": "virus",
    "virus": "virus", "spamvertized": "abuse", "spamvertised": "abuse", "abuse": "abuse", "harassment": "abuse",
    "socialengineering": "fraud", "phishingmail": "fraud", "phishingemail": "fraud", "extortion": "fraud",
  ]

  private var word: String { type.filter { $0.isLetter } }

  /// Whether a message is what is complained about.
  /// - Parameters:
  ///   - hasMessage: whether the reported message came along.
  func isComplaint(hasMessage: Bool) -> Bool {
    if Self.mailTypes.contains(word) { return isMailService || hasMessage }
    return hasMessage && Self.carried[word] != nil
  }

  /// The word that ARF has for it (RFC 5965 §3.1).
  var feedbackType: String { Self.carried[word] ?? "abuse" }

  /// `nil` when the text is no such report.
  init?(_ body: Octets) {
    let text = body.drop { Octet.isSpace($0) }
    let fields = text.first == UInt8(ascii: "{") ? Self.json(text) : Self.yaml(text)
    let inReport = fields.map { field in
      (name: field.path.hasPrefix("report.") ? String(field.path.dropFirst(7)) : field.path, field: field)
    }
    func first(_ names: String...) -> String? {
      for name in names {
        if let found = inReport.first(where: { $0.name == name }) { return found.field.text[...].trimmed.utf8Text }
      }
      return nil
    }
    let isJSON = first("xarf_version") != nil || fields.contains { $0.path.hasPrefix("reporterinfo.") }
    let isYAML = first("reported-from") != nil || first("schema-url") != nil
    guard isJSON || isYAML, let type = isJSON ? first("reporttype", "type", "report-type") : first("report-type") else {
      return nil
    }
    self.type = String(type.lowercased().prefix(Self.maximumTypeLength))
    isMailService = Self.isMail(first("protocol", "additionalinfo.protocol", "service"))
    let named = ["smtp_to", "smtprcpttoaddress", "original-rcpt-to", "rcpt-to", "recipient", "recipients", "to"]
    recipients = FeedbackReport.addresses(inReport.filter { named.contains($0.name) }.map(\.field.text))
    let sender = first(
      "smtp_from", "smtpmailfromaddress", "fromaddress", "additionalinfo.smtpfrom", "original-mail-from", "source")
    self.sender = sender.flatMap { $0.utf8.contains(Octet.at) ? $0 : nil }
    messageID = first("message_id", "message-id", "messageid", "smtpmessageid", "original-message-id")
    message = Self.sample(in: inReport)
  }

  /// Reports name the service that was abused where it is none of mail: forums, logins to web sites.
  private static func isMail(_ service: String?) -> Bool {
    guard let service = service?.lowercased(), !service.isEmpty else { return true }
    return ["mail", "smtp", "postfix", "exim", "submission", "mx", "spam", "25"].contains(where: service.contains)
  }
}

extension ExtendedReport {
  private typealias Field = JSONLeaves.Leaf

  private static func json(_ text: Octets) -> [Field] { JSONLeaves(text).leaves }

  /// The flat fields of the early versions, with the marks of YAML around them and their values.
  private static func yaml(_ text: Octets) -> [Field] {
    let start = text.drop { [Octet.dash, Octet.space, Octet.lf, Octet.cr].contains($0) }
    return HeaderBlock.parse(start).header.fields.prefix(JSONLeaves.maximumCount).map { field in
      var value = field.rawValue.trimmed
      if let first = value.first, first == Octet.quote || first == 0x27, value.count > 1, value.last == first {
        value = value.dropFirst().dropLast()
      }
      return Field(path: field.nameBytes.lowercasedText, object: 0, raw: value)
    }
  }

  /// The reported message among the samples: `message/rfc822`, most often in base64.
  private static func sample(in fields: [(name: String, field: Field)]) -> [UInt8] {
    let types = ["evidence.content_type", "samples.contenttype", "attachment.contenttype"]
    let payloads = ["evidence.payload", "samples.payload", "samples.data", "attachment.data", "attachment.payload"]
    for (name, type) in fields where types.contains(name) {
      let value = type.raw.trimmed
      guard value.starts(with: "message/") || value.starts(with: "text/rfc822"),
        let payload = fields.first(where: { payloads.contains($0.name) && $0.field.object == type.object })
      else { continue }
      let text = payload.field.text
      let isPlain = HeaderBlock.parse(text[...]).header.fields.count > 1
      return isPlain
        ? Array(text.prefix(maximumMessageLength))
        : LineEnds.normalised(Base64.decode(text[...], limit: maximumMessageLength))
    }
    return []
  }
}
