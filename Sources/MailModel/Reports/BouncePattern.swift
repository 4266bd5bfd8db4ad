/// How often something bounced in a window, with its classes.
public struct BouncePattern: Sendable, Equatable {
  /// What bounces are grouped by (runbook "Handling High Bounce Rate Alert": same domain? same user? which codes?).
  public enum Dimension: String, Sendable, CaseIterable {
    case domain, code, sender, reason
  }

  /// The code of bounces that came without an enhanced status code, also in filters.
  public static let noCode = "none"

  /// How far back patterns go when nobody says it.
  public static let usualHours: Int64 = 24

  public var dimension: Dimension
  /// The domain, the enhanced status code, the account's address or the reason in words.
  public var value: String
  public var count: Int
  public var classes: [BounceClass: Int]
  public var lastAt: Timestamp

  public init(dimension: Dimension, value: String, count: Int, classes: [BounceClass: Int], lastAt: Timestamp) {
    self.dimension = dimension
    self.value = value
    self.count = count
    self.classes = classes
    self.lastAt = lastAt
  }
}
