/// One complaint, as a row of the complaint table.
public struct Complaint: Sendable, Equatable, Identifiable {
  public var id: Int64
  public var version: Int64
  public var reportID: Report.ID
  public var messageID: Message.ID?
  public var accountID: Account.ID?
  public var accountAddress: String?
  public var recipient: String?
  public var feedbackType: String
  public var correlation: Correlation
  /// A dismissed complaint no longer counts against the account.
  public var isDismissed: Bool
  public var consequence: String
  public var occurredAt: Timestamp

  public init(
    id: Int64, version: Int64, reportID: Report.ID, messageID: Message.ID?, accountID: Account.ID?,
    accountAddress: String?, recipient: String?, feedbackType: String, correlation: Correlation, isDismissed: Bool,
    consequence: String, occurredAt: Timestamp
  ) {
    self.id = id
    self.version = version
    self.reportID = reportID
    self.messageID = messageID
    self.accountID = accountID
    self.accountAddress = accountAddress
    self.recipient = recipient
    self.feedbackType = feedbackType
    self.correlation = correlation
    self.isDismissed = isDismissed
    self.consequence = consequence
    self.occurredAt = occurredAt
  }
}
