public import MailModel

/// The health of an inbox, 0–100: bounces 40, complaints 30, replies 20, age 10 (runbook "Inbox Health Degraded").
public struct HealthPolicy: Sendable, Equatable {
  /// Below this the inbox pauses itself.
  public var pauseBelow: Int
  /// Below this its limit is lowered.
  public var lowerBelow: Int
  public var pauseLength: Span
  /// Evidence older than this counts no more.
  public var window: Span
  /// The share of bounces at which nothing is left of that factor: twice the critical rate.
  public var worstBounceRate: Double
  /// Mailbox providers block senders whose complaint rate reaches 0.3 %.
  public var worstComplaintRate: Double
  /// The share of replies that gives all of that factor.
  public var bestReplyRate: Double
  /// Rates of bounces are taken of at least so many messages: one of three is no rate.
  public var bounceBase: Int
  /// The same for complaints: one complaint costs ten points, three cost all.
  public var complaintBase: Int
  /// Fewer messages than this say nothing about replies.
  public var replyBase: Int
  /// Days after which an inbox is not young any more.
  public var fullAge: Int

  public init(
    pauseBelow: Int = 50, lowerBelow: Int = 80, pauseLength: Span = .days(7), window: Span = .days(30),
    worstBounceRate: Double = 0.1, worstComplaintRate: Double = 0.003, bestReplyRate: Double = 0.02,
    bounceBase: Int = 50, complaintBase: Int = 1_000, replyBase: Int = 50, fullAge: Int = 90
  ) {
    self.pauseBelow = pauseBelow
    self.lowerBelow = lowerBelow
    self.pauseLength = pauseLength
    self.window = window
    self.worstBounceRate = worstBounceRate
    self.worstComplaintRate = worstComplaintRate
    self.bestReplyRate = bestReplyRate
    self.bounceBase = bounceBase
    self.complaintBase = complaintBase
    self.replyBase = replyBase
    self.fullAge = fullAge
  }

  var windowDays: Int64 { window.microseconds / Span.days(1).microseconds }

  /// What the evidence of the window says.
  ///
  /// - Parameters:
  ///   - tally: of the window.
  ///   - age: whole days since the inbox started.
  public func report(_ tally: InboxTally, age: Int) -> HealthReport {
    HealthReport(factors: [bounce(tally), complaint(tally), reply(tally), ageFactor(age)])
  }

  private func bounce(_ tally: InboxTally) -> HealthFactor {
    let bad = tally.refused + tally.bounced
    let rate = Self.share(bad, of: tally.concluded, atLeast: bounceBase)
    return factor("bounce", weight: 40, rate, goodShare: 1 - rate / worstBounceRate, bad, tally.concluded, bounceBase)
  }

  private func complaint(_ tally: InboxTally) -> HealthFactor {
    let rate = Self.share(tally.complained, of: tally.sent, atLeast: complaintBase)
    return factor(
      "complaint", weight: 30, rate, goodShare: 1 - rate / worstComplaintRate, tally.complained, tally.sent,
      complaintBase)
  }

  private func reply(_ tally: InboxTally) -> HealthFactor {
    guard tally.sent >= replyBase else {
      let words = "\(tally.sent) accepted in \(windowDays) days, too few to judge (under \(replyBase)): 20 of 20"
      return HealthFactor(name: "reply", weight: 20, points: 20, explanation: words)
    }
    let rate = Self.share(tally.replied, of: tally.sent, atLeast: 1)
    return factor("reply", weight: 20, rate, goodShare: rate / bestReplyRate, tally.replied, tally.sent, 0)
  }

  private func ageFactor(_ age: Int) -> HealthFactor {
    let share = fullAge <= 0 ? 1 : Double(max(0, age)) / Double(fullAge)
    let points = Self.points(10, share)
    return HealthFactor(
      name: "age", weight: 10, points: points, explanation: "\(max(0, age)) of \(fullAge) days: \(points) of 10")
  }

  private func factor(
    _ name: String, weight: Int, _ rate: Double, goodShare: Double, _ count: Int, _ base: Int, _ smallest: Int
  ) -> HealthFactor {
    let points = Self.points(weight, goodShare)
    let small = base < smallest && count > 0 ? ", taken as of \(smallest)" : ""
    return HealthFactor(
      name: name, weight: weight, points: points,
      explanation: "\(Percent.text(rate)): \(count) of \(base)\(small) in \(windowDays) days: \(points) of \(weight)")
  }

  private static func share(_ count: Int, of base: Int, atLeast smallest: Int) -> Double {
    min(1, max(0, Double(count)) / Double(max(base, smallest, 1)))
  }

  /// Rounded down, but for the last billionth that binary fractions lose.
  private static func points(_ weight: Int, _ share: Double) -> Int {
    guard share.isFinite else { return 0 }
    return Int((Double(weight) * min(1, max(0, share)) + 1e-9).rounded(.down))
  }
}

/// What becomes of an inbox by the clock and by its health.
public enum InboxStep: Sendable, Equatable {
  case stay
  /// Its pause is over.
  case resume
  /// Below the limit: it pauses by itself.
  case pause(until: Timestamp, reason: String)
}

extension HealthPolicy {
  /// - Parameter badSinceProbation: bounces, refusals and complaints since its last pause by the program was over: the
  ///   evidence of before must not pause it again as soon as it is back.
  public func step(_ inbox: Inbox, _ report: HealthReport, badSinceProbation: Int, now: Timestamp) -> InboxStep {
    if let pause = inbox.pause { return pause.isOver(at: now) ? .resume : .stay }
    guard report.score < pauseBelow, inbox.probationSince == nil || badSinceProbation > 0 else { return .stay }
    return .pause(
      until: now + pauseLength, reason: "health \(report.score), below \(pauseBelow): \(report.losses)")
  }
}
