public import MailModel

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
