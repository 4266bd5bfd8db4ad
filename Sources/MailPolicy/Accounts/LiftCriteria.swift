public import MailModel

/// What a restriction is lifted for (runbook "Lifting Account Restriction", step 1).
public struct LiftPolicy: Sendable, Equatable {
  /// How long a restriction lasts at least (`LEAST_RESTRICTION_DAYS`). Elapsed time, not calendar days: zones and clock changes do not matter.
  public var leastRestriction: Span
  /// How long an account is watched after a warning or a lift, and when a restriction is reviewed, in calendar days
  /// (`WATCH_DAYS`).
  public var watchDays: Int

  public init(leastRestriction: Span = .days(30), watchDays: Int = 30) {
    self.leastRestriction = leastRestriction
    self.watchDays = watchDays
  }

  /// In whole days, for words.
  public var leastDays: Int64 { leastRestriction.microseconds / Span.days(1).microseconds }

  /// What is known about a restriction.
  public struct Facts: Sendable, Equatable {
    public var restrictedAt: Timestamp
    /// The last complaint that counts.
    public var lastComplaintAt: Timestamp?
    /// When a reviewer noted that the holder understood, and committed to the guidelines.
    public var understoodAt: Timestamp?
    public var committedAt: Timestamp?

    public init(
      restrictedAt: Timestamp, lastComplaintAt: Timestamp?, understoodAt: Timestamp?, committedAt: Timestamp?
    ) {
      self.restrictedAt = restrictedAt
      self.lastComplaintAt = lastComplaintAt
      self.understoodAt = understoodAt
      self.committedAt = committedAt
    }
  }

  /// The four criteria in the runbook's order, with which hold. What was noted before the restriction began does not
  /// count: it did not prevent it.
  public func criteria(_ facts: Facts, now: Timestamp) -> [LiftCriterion] {
    let lasted = now - facts.restrictedAt
    let isNew = facts.lastComplaintAt.map { $0 > facts.restrictedAt } ?? false
    return [
      LiftCriterion(.time, lasted >= leastRestriction, text: "restricted for \(leastDays) days or more"),
      LiftCriterion(.understanding, facts.understoodAt.map { $0 >= facts.restrictedAt } ?? false),
      LiftCriterion(.noNewComplaints, !isNew),
      LiftCriterion(.commitment, facts.committedAt.map { $0 >= facts.restrictedAt } ?? false),
    ]
  }
}
