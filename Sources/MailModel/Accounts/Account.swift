/// A sending account: the person or program whose mail goes out, and against whom complaints count.
public struct Account: Sendable, Equatable, Identifiable {
  public typealias ID = Int64

  public var id: ID
  public var version: Int64
  /// The address of the account, lower case.
  public var address: String
  public var standing: AccountStanding
  /// Why it has this standing, in words.
  public var reason: String
  public var standingChangedAt: Timestamp
  /// Complaints counted since the store began, and when the last one came.
  public var complaintCount: Int
  public var lastComplaintAt: Timestamp?
  /// Messages accepted and bounced since the store began.
  public var sentCount: Int
  public var bounceCount: Int
  /// Read for tables only.
  public var figures: AccountFigures?

  public init(
    id: ID, version: Int64, address: String, standing: AccountStanding, reason: String, standingChangedAt: Timestamp,
    complaintCount: Int, lastComplaintAt: Timestamp?, sentCount: Int, bounceCount: Int
  ) {
    self.id = id
    self.version = version
    self.address = address
    self.standing = standing
    self.reason = reason
    self.standingChangedAt = standingChangedAt
    self.complaintCount = complaintCount
    self.lastComplaintAt = lastComplaintAt
    self.sentCount = sentCount
    self.bounceCount = bounceCount
  }
}

public enum AccountStanding: String, Sendable, CaseIterable, Codable {
  case good
  /// Enough complaints for a review.
  case flagged
  /// Nothing of it is sent; what waits is held.
  case restricted
}

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
