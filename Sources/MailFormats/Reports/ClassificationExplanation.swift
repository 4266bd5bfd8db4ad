public import MailModel

/// What a classifier read out of a mail and why, line by line, for people. Holds text from outside.
public struct ClassificationExplanation: Sendable, Equatable {
  public let lines: [String]

  public init(_ report: ClassifiedReport) {
    var lines = ["\(report.kind.rawValue): \(report.why)"]
    lines += Self.named("original Message-ID", report.originalMessageID)
    lines += Self.named("envelope id", report.envelopeID)
    lines += Self.named("reporting MTA", report.reportingMTA)
    lines += Self.named("feedback type", report.feedbackType)
    for recipient in report.recipients { lines += Self.about(recipient) }
    self.lines = lines
  }

  private static func named(_ name: String, _ value: String?) -> [String] { value.map { ["  \(name): \($0)"] } ?? [] }

  private static func about(_ recipient: ReportedRecipient) -> [String] {
    let address = recipient.originalRecipient ?? recipient.finalRecipient ?? "recipient not named"
    let facts = [recipient.action?.rawValue, recipient.status?.description, recipient.bounceClass?.rawValue]
    var lines = ["  \(address): \((facts.compactMap(\.self) + [recipient.reason]).joined(separator: ", "))"]
    if let final = recipient.finalRecipient, final != address { lines.append("    final recipient: \(final)") }
    lines += named("  remote MTA", recipient.remoteMTA)
    if !recipient.rule.isEmpty { lines += named("  rule", recipient.rule) }
    if !recipient.evidence.isEmpty { lines += named("  line", recipient.evidence) }
    return lines
  }
}
