/// Why an account needs attention, in numbers of now.
public struct AccountFigures: Sendable, Equatable {
  /// Complaints that count in the policy's window, and in the window before it.
  public var complaints: Int
  public var complaintsBefore: Int
  /// Messages accepted and bounced in the last 30 days (UTC days).
  public var sent: Int
  public var bounced: Int
  public var caseID: Int64?
  public var caseState: CaseState?
  public var nextReview: Timestamp?
  /// Complaints at which the policy flags and restricts; filled in by who knows it.
  public var flagAt = 0
  public var restrictAt = 0

  public init(
    complaints: Int, complaintsBefore: Int, sent: Int, bounced: Int, caseID: Int64?, caseState: CaseState?,
    nextReview: Timestamp?
  ) {
    self.complaints = complaints
    self.complaintsBefore = complaintsBefore
    self.sent = sent
    self.bounced = bounced
    self.caseID = caseID
    self.caseState = caseState
    self.nextReview = nextReview
  }

  /// Bounced of accepted, as a fraction; `nil` while nothing was accepted.
  public var bounceRate: Double? { sent > 0 ? Double(bounced) / Double(sent) : nil }

  /// `2 of 3`, then `4 of 5`: complaints against the next threshold.
  public var against: String { "\(complaints) of \(complaints < flagAt ? flagAt : restrictAt)" }

  /// `+3`, `-1`, `0`: complaints of this window against the one before.
  public var trend: String {
    let change = complaints - complaintsBefore
    return change > 0 ? "+\(change)" : "\(change)"
  }
}

/// One UTC day of an account.
public struct AccountDay: Sendable, Equatable {
  public var day: Timestamp
  public var sent: Int
  public var bounced: Int
  public var complained: Int

  public init(day: Timestamp, sent: Int, bounced: Int, complained: Int) {
    self.day = day
    self.sent = sent
    self.bounced = bounced
    self.complained = complained
  }
}
