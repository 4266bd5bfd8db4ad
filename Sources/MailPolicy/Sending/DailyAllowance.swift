public import MailModel

/// What an inbox may send on one local day, as a plain value for the gate and for screens.
public struct DailyAllowance: Sendable, Equatable {
  /// The week of the warm-up, from 1.
  public var week: Int
  /// Messages in all on this day.
  public var limit: Int
  /// How the limit came about, in words and numbers.
  public var explanation: String
  /// Messages that have passed the last gate on this day.
  public var used: Int
  /// When the day ends and `used` begins again at 0.
  public var resetsAt: Timestamp
  /// `nil` while it may send.
  public var pause: InboxPause?

  public init(
    week: Int, limit: Int, explanation: String, used: Int, resetsAt: Timestamp, pause: InboxPause? = nil
  ) {
    self.week = week
    self.limit = limit
    self.explanation = explanation
    self.used = used
    self.resetsAt = resetsAt
    self.pause = pause
  }

  /// Messages that may still pass the gate today.
  public var left: Int { pause == nil ? max(0, limit - used) : 0 }

  /// What keeps the next message back, and until when (`nil`: until somebody resumes); `nil` when nothing does.
  ///
  /// - Parameter address: the inbox's, for the words.
  public func hindrance(of address: String) -> (until: Timestamp?, reason: String)? {
    if let pause { return (pause.until, "inbox \(address) is paused: \(pause.reason)") }
    return used < limit ? nil : (resetsAt, "daily limit of inbox \(address) reached: \(used) of \(limit)")
  }
}

extension DailyAllowance {
  /// Today's limit: the operator's number or the schedule's; less while the health is poor.
  ///
  /// An operator's number stands, but poor health also lowers what it may be: no more than half of the schedule below
  /// `lowerBelow` (runbook "Inbox Health Degraded": reduce the daily limit), a quarter below `pauseBelow`, which is
  /// where an inbox is once its pause is over. At least one message stays, or nothing could ever get better.
  public static func limit(
    schedule: WarmupSchedule, week: Int, operatorLimit: Int?, health: Int?, policy: HealthPolicy
  ) -> (limit: Int, explanation: String) {
    let planned = schedule.limit(week: week)
    let plan = "schedule, week \(week): \(planned) a day"
    let wanted = operatorLimit ?? planned
    let words = operatorLimit.map { "operator's limit \($0) a day (\(plan))" } ?? plan
    guard let health, health < policy.lowerBelow, planned > 0 else { return (wanted, words) }
    let share = health < policy.pauseBelow ? 4 : 2
    let lowered = max(1, (planned + share - 1) / share)
    let part = share == 4 ? "a quarter" : "half"
    guard lowered < wanted else { return (wanted, words) }
    return (lowered, "\(words), lowered to \(part) of the schedule: health \(health)")
  }
}
