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
