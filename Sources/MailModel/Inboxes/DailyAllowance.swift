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
