/// What the policy says about an account at one moment, from the complaints that count.
public struct PolicyVerdict: Sendable, Equatable {
  public var at: Timestamp
  /// Complaints in the window that ends at `at`, that moment included.
  public var complaints: Int
  /// What so many complaints call for, whatever people decided: `good` when for nothing.
  public var calledFor: AccountStanding

  public init(at: Timestamp, complaints: Int, calledFor: AccountStanding) {
    self.at = at
    self.complaints = complaints
    self.calledFor = calledFor
  }
}

/// One criterion, and whether it holds.
public struct LiftCriterion: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case time = "restricted long enough"
    case understanding = "understanding shown"
    case noNewComplaints = "no new complaints"
    case commitment = "committed to the guidelines"
  }

  public var kind: Kind
  public var holds: Bool
  /// What has to hold, such as `restricted for 30 days or more`.
  public var text: String

  /// - Parameter text: the kind's own words when absent.
  public init(_ kind: Kind, _ holds: Bool, text: String? = nil) {
    self.kind = kind
    self.holds = holds
    self.text = text ?? kind.rawValue
  }
}
