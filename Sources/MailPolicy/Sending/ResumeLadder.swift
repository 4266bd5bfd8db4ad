public import MailModel

/// The way back to full sending after an emergency stop (DESIGN §5; runbook "Emergency Stop Procedure": set
/// `max_emails_per_run` very low first, then increase).
public struct ResumeLadder: Sendable, Equatable {
  /// Messages that must be accepted on each rung before the next.
  public var rungs: [Int]
  /// Definite replies before a rate of refusals is taken seriously.
  public var smallestSample: Int
  /// Refused share of definite replies that latches the stop again.
  public var highestRefusedShare: Double

  public init(rungs: [Int] = [1, 10, 100], smallestSample: Int = 20, highestRefusedShare: Double = 0.05) {
    self.rungs = rungs
    self.smallestSample = smallestSample
    self.highestRefusedShare = highestRefusedShare
  }

  public enum Step: Sendable, Equatable {
    case stay
    case climb(toRung: Int)
    /// Past the last rung: the normal limits apply.
    case open
    case trip(reason: String)
  }

  /// Fresh evidence since the resume, next to the permit's own counts of definite replies.
  public struct FreshReports: Sendable, Equatable {
    public var bounces: Int
    public var complaints: Int
    public init(bounces: Int, complaints: Int) {
      self.bounces = bounces
      self.complaints = complaints
    }
  }

  /// How many messages may be armed now.
  ///
  /// - Parameter armed: messages armed at this moment in the whole workspace.
  /// - Returns: `nil` for no limit, 0 for none.
  public func allowance(_ permit: SendPermit, armed: Int) -> Int? {
    switch permit.state {
    case .stopped, .ready: return 0
    case .open: return nil
    case .ramping:
      guard rungs.indices.contains(permit.rung) else { return 0 }
      return Swift.max(0, rungs[permit.rung] - permit.acceptedOnRung - armed)
    }
  }

  /// What the evidence on the current rung calls for. A rung is passed only by definite 2xx replies.
  public func step(_ permit: SendPermit, reports: FreshReports) -> Step {
    guard permit.state == .ramping, rungs.indices.contains(permit.rung) else { return .stay }
    let definite = permit.acceptedOnRung + permit.refusedOnRung
    let bad = permit.refusedOnRung + reports.bounces
    if definite >= smallestSample, Double(bad) > highestRefusedShare * Double(definite) {
      return .trip(
        reason: "while resuming: \(bad) refused or bounced of \(definite) definite replies on rung \(permit.rung + 1)")
    }
    if reports.complaints >= 3 {
      return .trip(reason: "while resuming: \(reports.complaints) complaints since the resume")
    }
    guard permit.acceptedOnRung >= rungs[permit.rung] else { return .stay }
    return permit.rung + 1 < rungs.count ? .climb(toRung: permit.rung + 1) : .open
  }
}
