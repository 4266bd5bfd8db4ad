/// Something that has to be looked at again on a day.
public struct FollowUp: Sendable, Equatable, Identifiable {
  public var id: Int64
  public var version: Int64
  public var caseID: Int64
  public var accountID: Account.ID
  public var accountAddress: String
  /// The beginning of the day it is due.
  public var dueAt: Timestamp
  public var text: String
  public var createdBy: String
  public var doneAt: Timestamp?
  public var doneBy: String?

  public init(
    id: Int64, version: Int64, caseID: Int64, accountID: Account.ID, accountAddress: String, dueAt: Timestamp,
    text: String, createdBy: String, doneAt: Timestamp?, doneBy: String?
  ) {
    self.id = id
    self.version = version
    self.caseID = caseID
    self.accountID = accountID
    self.accountAddress = accountAddress
    self.dueAt = dueAt
    self.text = text
    self.createdBy = createdBy
    self.doneAt = doneAt
    self.doneBy = doneBy
  }
}
