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

/// When a number becomes an alert. The defaults are those of the runbooks.
public struct AlertThresholds: Sendable, Equatable {
  /// Of what was accepted, refused or bounced in 24 hours, the share that was refused or bounced.
  public var bounceRate = Threshold(warning: 0.03, critical: 0.05)
  /// Complaints of the last 24 hours, as a share of what was accepted.
  public var complaintRate = Threshold(warning: 0.0005, critical: 0.001)
  /// Messages that wait.
  public var backlog = Threshold(warning: 100, critical: 500)
  /// Block bounces in 24 hours.
  public var blocked = Threshold(warning: 0, critical: 9)
  /// Fewer concluded messages than this make no rate alert: two messages are no statistics.
  public var smallestSample = 20

  /// For how long a report mailbox may fail before anybody is asked to look: servers restart, passwords do not come back.
  public static let mailboxFailure = Span.minutes(30)
  /// How often in a row a relay may fail: with the rests between, this is a minute.
  public static let relayFailures = 6
  /// How long mail may be due while no engine runs: one that a timer starts comes by in between.
  public static let engineAbsence = Span.minutes(15)
  /// Share of the store's disk in use (runbook "Alerting Rules").
  public static let disk = Threshold(warning: 0.85, critical: 0.95)
  /// A relay that was not tried for so long may well be up again.
  public static let relayFailureAge = Span.hours(1)

  public init() {}
}
