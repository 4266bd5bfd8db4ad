public import MailModel

/// How many messages may be armed before a connection is ready for them (DESIGN §4 "Arm": a few ahead, so that the cost of
/// an fsync is shared).
///
/// What is armed ahead has passed the gate already, so it must leave soon: a restriction or a suppression that comes after
/// the arm is too late for it. Towards a slow relay nothing is armed ahead.
public struct ArmAhead: Sendable, Equatable {
  /// Messages per connection at most.
  public var limit: Int
  /// How long an armed message may wait for a connection, as far as the last ones let one expect.
  public var horizon: Span

  public init(limit: Int = 64, horizon: Span = .milliseconds(40)) {
    self.limit = limit
    self.horizon = horizon
  }

  /// Nothing is armed before its connection asks.
  public static let none = ArmAhead(limit: 0)

  /// - Parameter transaction: what a message takes on its connection, on average; `nil` when none was sent yet.
  /// - Returns: messages per connection, 0 for none ahead.
  public func depth(transaction: Span?) -> Int {
    guard let transaction, limit > 0 else { return 0 }
    return Int(Swift.min(Int64(limit), horizon.microseconds / Swift.max(transaction.microseconds, 1)))
  }
}
