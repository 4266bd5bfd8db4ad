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

  /// Complaints on one rung that latch the stop again.
  public var mostComplaints: Int
  /// How long each rung lasts at least: bounces and complaints come later than replies.
  public var leastTime: Span

  public init(
    rungs: [Int] = [1, 10, 100], smallestSample: Int = 20, highestRefusedShare: Double = 0.05, mostComplaints: Int = 3,
    leastTime: Span = .seconds(0)
  ) {
    self.rungs = rungs
    self.smallestSample = smallestSample
    self.highestRefusedShare = highestRefusedShare
    self.mostComplaints = mostComplaints
    self.leastTime = leastTime
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
    /// Messages whose final dot went out since, and of which nobody knows yet what became of them.
    public var doubted: Int
    public init(bounces: Int, complaints: Int, doubted: Int = 0) {
      self.bounces = bounces
      self.complaints = complaints
      self.doubted = doubted
    }
  }

  /// How many messages may be armed now.
  ///
  /// - Parameter armed: messages in the whole workspace that are armed at this moment, or came to be in doubt on the rung:
  ///   they may have been taken, so they take their places.
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
  public func step(_ permit: SendPermit, reports: FreshReports, now: Timestamp) -> Step {
    guard let standing = standing(permit, reports: reports) else { return .stay }
    if standing.isBadShareTooHigh {
      return .trip(
        reason:
          "while resuming: \(standing.bad) refused or bounced of \(standing.definite) definite replies on rung \(standing.rung)"
      )
    }
    if reports.complaints >= mostComplaints {
      return .trip(reason: "while resuming: \(Amount.words(reports.complaints, "complaint")) on rung \(standing.rung)")
    }
    guard standing.missing == 0, now >= standing.notBefore else { return .stay }
    return standing.rung < rungs.count ? .climb(toRung: standing.rung) : .open
  }

  /// Where sending stands on the ladder; `nil` unless it is ramping.
  public func standing(_ permit: SendPermit, reports: FreshReports) -> Standing? {
    guard permit.state == .ramping, rungs.indices.contains(permit.rung) else { return nil }
    return Standing(
      ladder: self, rung: permit.rung + 1, target: rungs[permit.rung], accepted: permit.acceptedOnRung,
      refused: permit.refusedOnRung, reports: reports, since: permit.changedAt)
  }

  /// A rung with what its gates measure, since it was entered.
  public struct Standing: Sendable, Equatable {
    public var ladder: ResumeLadder
    /// Counted from 1.
    public var rung: Int
    /// Messages that must be accepted before the next rung.
    public var target: Int
    public var accepted: Int
    public var refused: Int
    public var reports: FreshReports
    public var since: Timestamp

    /// Definite replies: the sample of the first gate.
    public var definite: Int { accepted + refused }
    /// Refused at once or bounced since.
    public var bad: Int { refused + reports.bounces }
    /// `nil` without a definite reply.
    public var badShare: Double? { definite == 0 ? nil : Double(bad) / Double(definite) }
    /// Whether the sample is large enough to be judged.
    public var isSample: Bool { definite >= ladder.smallestSample }
    public var isBadShareTooHigh: Bool { isSample && Double(bad) > ladder.highestRefusedShare * Double(definite) }
    /// Acceptances that are missing for the next rung.
    public var missing: Int { Swift.max(0, target - accepted) }
    /// The rung lasts at least until then.
    public var notBefore: Timestamp { since + ladder.leastTime }
  }
}
