/// One entry of the suppression list: this address gets no mail.
public struct Suppression: Sendable, Equatable, Identifiable {
  public var id: Int64
  public var address: String
  /// `hard bounce`, `soft bounces`, `complaint` or `operator`.
  public var reason: String
  /// What decided it: a report's id or an operator's words.
  public var source: String
  public var addedAt: Timestamp
  /// Only mail of this account is kept from it; `nil` for everybody's.
  public var accountID: Account.ID?
  public var accountAddress: String?
  /// From then on it no longer suppresses; `nil` for never.
  public var expiresAt: Timestamp?

  public init(
    id: Int64, address: String, reason: String, source: String, addedAt: Timestamp, accountID: Account.ID? = nil,
    accountAddress: String? = nil, expiresAt: Timestamp? = nil
  ) {
    self.id = id
    self.address = address
    self.reason = reason
    self.source = source
    self.addedAt = addedAt
    self.accountID = accountID
    self.accountAddress = accountAddress
    self.expiresAt = expiresAt
  }

  public func isExpired(at now: Timestamp) -> Bool { expiresAt.map { $0 <= now } ?? false }
}
