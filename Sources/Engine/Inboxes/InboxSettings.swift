public import Foundation
import MailModel
public import MailPolicy

/// What decides about inboxes in this workspace, besides their own rows.
public struct InboxSettings: Sendable, Equatable {
  public var schedule: WarmupSchedule
  public var health: HealthPolicy
  /// Days of limits begin at midnight here.
  public var timeZone: TimeZone

  public init(
    schedule: WarmupSchedule = WarmupSchedule(), health: HealthPolicy = HealthPolicy(), timeZone: TimeZone = .current
  ) {
    self.schedule = schedule
    self.health = health
    self.timeZone = timeZone
  }
}

extension InboxSettings {
  init(_ values: ConfigurationValues) throws(ConfigurationError) {
    let zone = try values.text("TIME_ZONE")
    guard let timeZone = zone.isEmpty ? TimeZone.current : TimeZone(identifier: zone) else {
      throw values.error("TIME_ZONE", problem: "no such time zone", expected: "a name such as Europe/Berlin")
    }
    guard let schedule = WarmupSchedule(try values.text("WARMUP_SCHEDULE")) else {
      throw values.error(
        "WARMUP_SCHEDULE", problem: "has a wrong value",
        expected: "whole numbers with commas, one a week, such as 5,10,15,20,25")
    }
    let pause = try values.integer("INBOX_PAUSE_BELOW")
    let lower = try values.integer("INBOX_LOWER_BELOW")
    guard pause <= lower else {
      throw values.error(
        "INBOX_LOWER_BELOW", problem: "smaller than INBOX_PAUSE_BELOW", expected: "at least \(pause)")
    }
    self.init(
      schedule: schedule,
      health: HealthPolicy(
        pauseBelow: pause, lowerBelow: lower, pauseLength: .days(Int64(try values.integer("INBOX_PAUSE_DAYS")))),
      timeZone: timeZone)
  }
}
