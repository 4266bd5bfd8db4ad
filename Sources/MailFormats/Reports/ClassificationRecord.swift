public import MailModel

/// One line of `postroom classify --json`: what was read out of one file.
public struct ClassificationRecord: Encodable, Sendable, Equatable {
  public var file: String
  /// `bounce`, `delay`, `complaint`, `autoreply` or `other`; a reply from a person is `other`.
  public var kind: String
  /// The recipients that failed or complained; for a delay those that wait.
  public var recipients: [String]
  /// Of the first of them, as class, reason, rule and line are.
  public var status: String?
  public var bounceClass: String?
  public var reason: String?
  /// Which rule decided for the class, and the line it read.
  public var rule: String?
  public var line: String?
  public var messageID: String?
  public var isReply: Bool
  public var why: String

  private enum CodingKeys: String, CodingKey {
    case file, kind, recipients, status, reason, rule, line, why
    case bounceClass = "class"
    case messageID = "message_id"
    case isReply = "reply"
  }

  public init(file: String, report: ClassifiedReport) {
    self.file = file
    kind = report.kind == .reply ? ReportKind.other.rawValue : report.kind.rawValue
    isReply = report.kind == .reply
    let wanted: DSNAction = report.kind == .delay ? .delayed : .failed
    let named = report.kind == .complaint ? report.recipients : report.recipients.filter { $0.action == wanted }
    var addresses: [String] = []
    for address in named.compactMap({ $0.originalRecipient ?? $0.finalRecipient }) where !addresses.contains(address) {
      addresses.append(address)
    }
    recipients = addresses
    let first = named.first
    status = first?.status?.description
    bounceClass = first?.bounceClass?.rawValue
    reason = first?.reason
    rule = first.flatMap { $0.rule.isEmpty ? nil : $0.rule }
    line = first.flatMap { $0.evidence.isEmpty ? nil : $0.evidence }
    messageID = report.originalMessageID
    why = report.why
  }
}
