internal import MailModel

/// The fields of a message/delivery-status body (RFC 3464 §2), read so that sloppy ones give up what they have.
struct DeliveryStatus {
  /// Recipients after this many are not read.
  static let maximumRecipients = 500
  static let maximumDiagnosticLength = 2_000

  var recipients: [ReportedRecipient] = []
  var envelopeID: String?
  var reportingMTA: String?
  /// A field that no RFC has and some mailers write.
  var originalMessageID: String?

  /// Reads one body; groups are separated by empty lines, and a second Final-Recipient starts a new group too.
  mutating func read(_ body: Octets) {
    var current: [HeaderField] = []
    var position = body.startIndex
    while position < body.endIndex, recipients.count < Self.maximumRecipients {
      let (block, next) = HeaderBlock.parse(body[position...])
      for field in block.fields {
        let startsRecipient = field.nameBytes.equals("final-recipient") || field.nameBytes.equals("original-recipient")
        if startsRecipient, current.contains(where: { $0.nameBytes.elementsEqual(field.nameBytes) }) {
          finish(&current)
        }
        current.append(field)
      }
      finish(&current)
      // A line that is no field must not stop the rest from being read.
      let lineEnd = body.lineEnd(from: next)
      let skips = next == position || (next < body.endIndex && HeaderBlock.fieldColon(body[next..<lineEnd]) == nil)
      position = skips ? min(lineEnd + 1, body.endIndex) : next
    }
  }

  private mutating func finish(_ fields: inout [HeaderField]) {
    defer { fields.removeAll(keepingCapacity: true) }
    guard recipients.count < Self.maximumRecipients else { return }
    let block = HeaderBlock(fields: fields, defects: [])
    if envelopeID == nil { envelopeID = block.value("original-envelope-id") }
    if originalMessageID == nil {
      let field = block.first("original-message-id") ?? block.first("x-original-message-id")
      originalMessageID = field.flatMap { MessageIDText.all(in: $0.valueBytes[...]).first }
    }
    if reportingMTA == nil { reportingMTA = block.first("reporting-mta").map { Self.typed($0).utf8Text } }
    let isNamed = block.first("final-recipient") != nil || block.first("original-recipient") != nil
    if !isNamed, let last = recipients.indices.last, Self.completes(block, &recipients[last]) { return }
    if let recipient = Self.recipient(block) { recipients.append(recipient) }
  }

  /// Fields that an empty line parted from the recipient they are about.
  private static func completes(_ block: HeaderBlock, _ recipient: inout ReportedRecipient) -> Bool {
    guard recipient.action == nil || recipient.status == nil || recipient.diagnostic.isEmpty else { return false }
    var isUsed = false
    if recipient.action == nil, let action = block.first("action").flatMap({ Self.action($0.rawValue.trimmed) }) {
      recipient.action = action
      isUsed = true
    }
    if recipient.status == nil, let status = block.first("status").flatMap({ StatusText.first(in: $0.rawValue) }) {
      recipient.status = status
      isUsed = true
    }
    if recipient.diagnostic.isEmpty, let diagnostic = block.first("diagnostic-code").map(typed) {
      recipient.diagnostic = diagnostic.prefix(maximumDiagnosticLength).utf8Text
      isUsed = true
    }
    return isUsed
  }

  private static func recipient(_ block: HeaderBlock) -> ReportedRecipient? {
    let final = block.first("final-recipient").flatMap(address)
    let original = block.first("original-recipient").flatMap(address).map(decoded)
    let actual = block.first("x-actual-recipient").flatMap(address)
    let action = block.first("action").flatMap { Self.action($0.rawValue.trimmed) }
    let status = block.first("status").flatMap { StatusText.first(in: $0.rawValue) }
    guard final != nil || original != nil || (action != nil && status != nil) else { return nil }
    let diagnostic = diagnostic(block)
    return ReportedRecipient(
      finalRecipient: final ?? actual, originalRecipient: original, action: action, status: status,
      diagnostic: diagnostic.prefix(maximumDiagnosticLength).utf8Text,
      remoteMTA: block.first("remote-mta").map { Self.typed($0).utf8Text })
  }

  /// What the server said: in its own field or, in sloppy reports, in that of the status: `Status: 553 Too large`.
  private static func diagnostic(_ block: HeaderBlock) -> Octets {
    let field =
      block.first("diagnostic-code") ?? block.first("x-diagnostic") ?? block.first("x-powermta-bouncecategory")
    if let field { return field.valueBytes[...].starts(with: "x-unix;") ? field.valueBytes[...] : typed(field) }
    guard let status = block.first("status")?.valueBytes[...], StatusText.replyCode(in: status.prefix(4)) != nil else {
      return []
    }
    return status
  }

  private static func action(_ value: Octets) -> DSNAction? {
    let word = value.drop { !Octet.isLetter($0) }.prefix { Octet.isLetter($0) }.lowercasedText
    if let action = DSNAction(rawValue: word) { return action }
    return switch word {
    case "fail", "failure", "failed", "expired", "error", "rejected": .failed
    case "delay", "deferred", "deferral", "warning", "temporary", "transient", "retry", "retrying", "queued",
      "postponed",
      "pending":
      .delayed
    case "deliverable", "delivery", "success": .delivered
    case "relay", "forwarded": .relayed
    default: nil
    }
  }

  /// The value after its type and semicolon, such as `rfc822;`, `smtp;`, `dns;`.
  private static func typed(_ field: HeaderField) -> Octets {
    let value = field.valueBytes[...]
    guard let semicolon = value.prefix(40).firstIndex(of: Octet.semicolon) else { return value }
    let type = value[..<semicolon].trimmed
    let isType = type.allSatisfy {
      Octet.isLetter($0) || Octet.isDigit($0) || $0 == Octet.dash || $0 == 0x5F || $0 == 0x2F
    }
    return isType ? value[(semicolon + 1)...].trimmed : value
  }

  /// RFC 3461 has `+` and `=` travel as `+2B` and `+3D`, and some servers report them so.
  private static func decoded(_ address: String) -> String {
    guard address.utf8.contains(0x2B) else { return address }
    return address.replacing("+2B", with: "+").replacing("+3D", with: "=")
  }

  /// The address of a recipient field; `nil` when it holds none.
  private static func address(_ field: HeaderField) -> String? {
    var text = typed(field)
    if text.starts(with: "rfc822;") { text = text.dropFirst(7).trimmed }
    if text.starts(with: "smtp:") { text = text.dropFirst(5) }
    if text.starts(with: "mailto:") { text = text.dropFirst(7) }
    if text.last == 0x29, let comment = text.lastIndex(of: 0x28), text[..<comment].contains(Octet.at) {
      text = text[..<comment]
    }
    if let less = text.firstIndex(of: Octet.less), let greater = text[less...].firstIndex(of: Octet.greater) {
      text = text[(less + 1)..<greater]
    }
    text = text.trimmed
    while let first = text.first, first == 0x27 || (first == Octet.quote && text.last == first) {
      text = text.dropFirst()
      if text.last == first { text = text.dropLast() }
    }
    while let last = text.last, [0x27, Octet.semicolon, 0x2C, Octet.dot].contains(last) {
      text = text.dropLast()
    }
    // A field is about one recipient.
    if let comma = text.firstIndex(of: 0x2C), text.first != Octet.quote, text[..<comma].contains(Octet.at) {
      text = text[..<comma].trimmed
    }
    guard let at = text.lastIndex(of: Octet.at), at > text.startIndex, text.count <= 512 else { return nil }
    let isCoded = text.contains(Octet.backslash) && field.valueBytes[...].starts(with: "utf-8")
    return isCoded ? InternationalAddress.decoded(text) : text.utf8Text
  }
}
