/// One recipient's bounce or delay, as a row of the bounce table.
public struct Bounce: Sendable, Equatable, Identifiable {
  public var id: Int64
  public var reportID: Report.ID
  public var messageID: Message.ID?
  public var accountAddress: String?
  public var recipient: String
  public var kind: ReportKind
  public var bounceClass: BounceClass
  public var status: EnhancedStatus?
  public var reason: String
  public var diagnostic: String
  public var correlation: Correlation
  /// What followed: `suppressed`, `retry`, `none: not ours`.
  public var consequence: String
  public var occurredAt: Timestamp

  public init(
    id: Int64, reportID: Report.ID, messageID: Message.ID?, accountAddress: String?, recipient: String,
    kind: ReportKind, bounceClass: BounceClass, status: EnhancedStatus?, reason: String, diagnostic: String,
    correlation: Correlation, consequence: String, occurredAt: Timestamp
  ) {
    self.id = id
    self.reportID = reportID
    self.messageID = messageID
    self.accountAddress = accountAddress
    self.recipient = recipient
    self.kind = kind
    self.bounceClass = bounceClass
    self.status = status
    self.reason = reason
    self.diagnostic = diagnostic
    self.correlation = correlation
    self.consequence = consequence
    self.occurredAt = occurredAt
  }
}
