public import MailModel
import MailPolicy
public import Storage

/// What each inbox may send today: plain values for the gate of claim and arm.
public struct InboxLimits: Sendable, Equatable {
  public var day: LocalDay
  public var allowances: [Inbox.ID: DailyAllowance]
  public var addresses: [Inbox.ID: String]
  /// Where their mail goes out, `host:port`.
  public var servers: [Inbox.ID: String]

  /// Reads all inboxes. `used` counts what is armed so far, in the transaction it is read in: a gate that reads and arms in
  /// one transaction never lets more through than the limit, whoever else sends.
  /// - Throws: `StoreError`.
  public static func read(_ transaction: Transaction, settings: InboxSettings, now: Timestamp) throws -> InboxLimits {
    let day = LocalDay(at: now, in: settings.timeZone)
    var limits = InboxLimits(day: day, allowances: [:], addresses: [:], servers: [:])
    for inbox in try transaction.inboxes.all() {
      limits.addresses[inbox.id] = inbox.address
      limits.servers[inbox.id] = inbox.smtp.endpoint
      let used = try transaction.inboxes.tally(inbox.id, from: day.start, to: day.end).armed
      limits.allowances[inbox.id] = allowance(inbox, used: used, day: day, settings: settings, now: now)
    }
    return limits
  }

  /// One inbox's allowance from what is known about it.
  public static func allowance(
    _ inbox: Inbox, used: Int, day: LocalDay, settings: InboxSettings, now: Timestamp
  ) -> DailyAllowance {
    let week = WarmupSchedule.week(
      started: LocalDay(at: inbox.startedAt, in: settings.timeZone).number, today: day.number)
    let limit = DailyAllowance.limit(
      schedule: settings.schedule, week: week, operatorLimit: inbox.dailyLimit, health: inbox.health,
      policy: settings.health)
    return DailyAllowance(
      week: week, limit: limit.limit, explanation: limit.explanation, used: used, resetsAt: day.end,
      pause: inbox.pause.flatMap { $0.isOver(at: now) ? nil : $0 })
  }
}
