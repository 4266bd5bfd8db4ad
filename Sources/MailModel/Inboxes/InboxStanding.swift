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

/// One part of an inbox's health.
public struct HealthFactor: Sendable, Equatable {
  public var name: String
  /// The most it can give.
  public var weight: Int
  public var points: Int
  /// `2.1 %: 3 of 143 in 30 days: 31 of 40`.
  public var explanation: String

  public init(name: String, weight: Int, points: Int, explanation: String) {
    self.name = name
    self.weight = weight
    self.points = points
    self.explanation = explanation
  }
}

public struct HealthReport: Sendable, Equatable {
  public var factors: [HealthFactor]

  public init(factors: [HealthFactor]) { self.factors = factors }

  /// 0–100.
  public var score: Int { factors.reduce(0) { $0 + $1.points } }

  /// The factors that cost something, worst first: `bounce 3 of 40, reply 0 of 20`.
  public var losses: String {
    factors.filter { $0.points < $0.weight }.sorted { $0.weight - $0.points > $1.weight - $1.points }
      .map { "\($0.name) \($0.points) of \($0.weight)" }.joined(separator: ", ")
  }
}
