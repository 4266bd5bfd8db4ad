public import MailModel

/// A value with its two thresholds (runbook "Key Thresholds" and "Alert Response Times").
public struct Threshold: Sendable, Equatable {
  public var warning: Double
  public var critical: Double

  public init(warning: Double, critical: Double) {
    self.warning = warning
    self.critical = critical
  }

  /// The severity of `value`, which is bad when it lies above a threshold.
  public func severity(_ value: Double) -> Alert.Severity? {
    value > critical ? .critical : value > warning ? .warning : nil
  }
}

/// When a number becomes an alert.
public struct AlertThresholds: Sendable, Equatable {
  public var bounceRate = Threshold(warning: 0.03, critical: 0.05)
  public var complaintRate = Threshold(warning: 0.0005, critical: 0.001)
  public var backlog = Threshold(warning: 100, critical: 500)
  /// Block bounces in 24 hours.
  public var blocked = Threshold(warning: 0, critical: 9)
  /// For how long a report mailbox may fail before anybody is asked to look: servers restart, passwords do not come back.
  public var mailboxFailure = Span.minutes(30)
  /// How often in a row a relay may fail: with the rests between, this is a minute.
  public var relayFailures = 6
  /// A relay that was not tried for so long may well be up again.
  public var relayFailureAge = Span.hours(1)
  /// Fewer concluded messages than this make no rate alert: two messages are no statistics.
  public var smallestSample = 20

  public init() {}
}
