public import MailModel

/// Reads a mail from the report mailbox: bytes in, value out; never fails, never decides about consequences.
///
/// Order: feedback report (RFC 5965, X-ARF), disposition notification, delivery status (RFC 3464, also in sloppy forms), notice
/// in text only, automatic reply (RFC 3834), reply, other. Delivery status comes before automatic reply because many
/// notices are marked as both. A mail that was built to exhaust its reader is quarantined: it stays other, visibly.
public struct ReportClassifier: Sendable {
  /// Text that is kept of From and Subject, in characters.
  public static let maximumHeadingLength = 500
  static let maximumTokenCandidates = 32

  public var rules: BounceRules

  public init(rules: BounceRules) { self.rules = rules }

  public func classify(_ bytes: [UInt8]) -> ClassifiedReport {
    let message = MIMEMessage(parsing: bytes)
    let material = ReportMaterial(message)
    var report = heading(material)
    if let defect = message.hostileDefects.first {
      report.why = "quarantined: \(defect.words)"
      return report
    }
    read(material, into: &report)
    if message.defects.contains(.messageTooLong) { report.why += "; \(MIMEDefect.messageTooLong.words)" }
    return report
  }

  private func read(_ material: ReportMaterial, into report: inout ClassifiedReport) {
    if readExtended(material, into: &report) || readFeedback(material, into: &report)
      || readProviderForm(material, into: &report)
    {
      return
    }
    if material.dispositionFields != nil {
      if readRefusal(material, into: &report) { return }
      report.why = "message/disposition-notification (RFC 8098)"
      return
    }
    if readDeliveryStatus(material, into: &report) || readNotice(material, into: &report) { return }
    if let rule = AutoReplyRules(words: rules.words).reason(
      material.header, subject: report.subject, notice: material.notice)
    {
      report.kind = .autoReply
      report.why = rule
    } else if readEnclosedComplaint(material, into: &report) || readEnclosedNotice(material, into: &report) {
      return
    } else if !report.references.isEmpty {
      report.kind = .reply
      report.why = "In-Reply-To or References"
    }
  }

  func heading(_ material: ReportMaterial) -> ClassifiedReport {
    let header = material.header
    let from = header.first("from")?.decoded ?? ""
    let subject = header.first("subject")?.decoded ?? ""
    var references: [String] = []
    for field in header.all("in-reply-to") + header.all("references") {
      for id in MessageIDText.all(in: field.valueBytes[...]) where !references.contains(id) && references.count < 50 {
        references.append(id)
      }
    }
    return ClassifiedReport(
      kind: .other, tokenCandidates: Self.tokenCandidates(material),
      from: Self.shortened(from), subject: Self.shortened(subject),
      references: references, why: "nothing marks it as a report", ownHeader: Self.ownHeader(material))
  }

  private static func shortened(_ text: String) -> String {
    // Characters are counted only where they could be too many.
    text.utf8.count <= maximumHeadingLength ? text : String(text.prefix(maximumHeadingLength))
  }

  /// The field with our signed token, as it came back.
  static func ownHeader(_ material: ReportMaterial) -> String? {
    let own = material.returned?.first("x-postroom-token") ?? material.header.first("x-postroom-token")
    return own.map { String($0.rawValue.trimmed.prefix(100).utf8Text) }
  }

  static func tokenCandidates(_ material: ReportMaterial) -> [String] {
    var found: [String] = []
    let header = material.header
    let own = header.all("x-original-to") + header.all("delivered-to") + header.all("envelope-to") + header.all("to")
    let returned = material.returned.map { $0.all("return-path") + $0.all("sender") + $0.all("errors-to") } ?? []
    for field in own + returned {
      for mailbox in AddressList.parse(field.valueBytes.prefix(4_096))
      where !found.contains(mailbox.address) && found.count < maximumTokenCandidates {
        found.append(mailbox.address)
      }
    }
    return found
  }

  /// The id of the message that a notice is about: that of the returned one, else the one that the notice answers.
  static func failedMessageID(_ material: ReportMaterial) -> String? {
    if let id = returnedMessageID(material) { return id }
    func last(_ name: StaticString) -> String? {
      material.header.first(name).flatMap { MessageIDText.all(in: $0.valueBytes[...]).last }
    }
    // The last is what Italian certified mail (PEC) names the message by.
    return last("in-reply-to") ?? last("references") ?? last("x-riferimento-message-id")
  }

  /// The id of the returned message: from its header, else from a line in what came back.
  static func returnedMessageID(_ material: ReportMaterial) -> String? {
    if let id = material.returned.flatMap(MessageIDText.sent) { return id }
    return MessageIDText.loose(in: material.returnedText) ?? MessageIDText.loose(in: material.notice[...])
  }
}
