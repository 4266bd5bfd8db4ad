/// A person who receives mail.
public struct Recipient: Sendable, Equatable {
  public var address: String
  /// Inactive recipients have hard bounced or complained.
  public var isActive: Bool
  public var reason: String
  public var changedAt: Timestamp

  public init(address: String, isActive: Bool, reason: String, changedAt: Timestamp) {
    self.address = address
    self.isActive = isActive
    self.reason = reason
    self.changedAt = changedAt
  }
}
