internal import MailModel

extension ReportClassifier {
  /// A disposition notification that a mailbox's own filter sent because it refused the message (RFC 5429 §2.1.2). The
  /// mailbox exists, so no address is taken for dead.
  func readRefusal(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    guard let fields = material.dispositionFields.map({ HeaderBlock.parse($0.drop(while: Octet.isSpace)).header }),
      let disposition = fields.first("disposition")?.rawValue.trimmed, Self.isDeletion(disposition),
      Self.saysRefused(material, subject: report.subject)
    else { return false }
    var status = DeliveryStatus()
    status.read(material.dispositionFields ?? [])
    report.kind = .bounce
    report.why = "refused by a filter of the mailbox (RFC 5429)"
    report.originalMessageID =
      Self.returnedMessageID(material)
      ?? fields.first("original-message-id").flatMap { MessageIDText.all(in: $0.rawValue).first }
    report.recipients = status.recipients.map { named in
      var recipient = named
      recipient.action = .failed
      recipient.take(BounceVerdict(diagnostic: material.notice, notice: [], status: nil, rules: rules))
      if recipient.bounceClass == .hard || recipient.bounceClass == .unknown {
        recipient.bounceClass = .block
        recipient.reason = BounceReason.filtered.words
      }
      return recipient
    }
    return true
  }

  /// `automatic-action/MDN-sent-automatically; deleted`.
  private static func isDeletion(_ disposition: Octets) -> Bool {
    let value = disposition.lowercasedBytes[...]
    guard let semicolon = value.firstIndex(of: Octet.semicolon) else { return false }
    return value.starts(with: "automatic-action") && value[(semicolon + 1)...].trimmed.starts(with: "deleted")
  }

  private static func saysRefused(_ material: ReportMaterial, subject: String) -> Bool {
    if let value = material.header.first("auto-submitted")?.rawValue, value.contains([UInt8]("rejected")) {
      return true
    }
    let text = FoldedText(Array(subject.utf8) + [Octet.lf] + material.notice.prefix(1_000))
    return text.containsAny([[UInt8]("automatically rejected"), [UInt8]("was rejected"), [UInt8]("was refused")])
  }
}
