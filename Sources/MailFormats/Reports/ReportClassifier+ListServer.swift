internal import MailModel

extension ReportClassifier {
  /// A list server (fml) that refused a post: its address took nothing from this sender.
  func readListRefusal(_ material: ReportMaterial, into report: inout ClassifiedReport) -> Bool {
    guard let server = material.header.first("x-mlserver")?.rawValue.trimmed, server.starts(with: "fml") else {
      return false
    }
    let subject = report.subject.lowercased()
    let refusals = [
      "not member", "reject", "ignored not ml", "security alert", "loop alert", "loop back", "system error",
    ]
    guard refusals.contains(where: subject.contains) else { return false }
    report.kind = .bounce
    report.why = "refusal of a list server (X-MLServer)"
    let list = NoticeLine.listAddress(in: material.notice) ?? MessageIDText.own(material.header).flatMap(Self.listInID)
    var recipient = ReportedRecipient(finalRecipient: list, action: .failed)
    recipient.take(BounceVerdict(diagnostic: material.notice, notice: [], status: nil, rules: rules))
    if recipient.bounceClass != .block, recipient.bounceClass != .soft {
      recipient.bounceClass = .block
      recipient.reason = BounceReason.senderRejected.words
    }
    if list != nil { report.recipients = [recipient] }
    report.originalMessageID = report.references.first
    return true
  }

  /// fml's own ids end with the list: `<200504.FML0001.list-name@example.org>`.
  private static func listInID(_ id: String) -> String? {
    let parts = id.trimmingPrefix("<").split(separator: "@")
    guard parts.count == 2, let name = parts[0].split(separator: ".").last, parts[0].contains(".FML") else {
      return nil
    }
    return "\(name)@\(parts[1].prefix { $0 != ">" })"
  }
}
