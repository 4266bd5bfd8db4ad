public import MailModel

/// When the queue will be empty, at today's pace and under today's limits.
public struct DrainForecast: Sendable, Equatable {
  /// A number of messages in a window of time that begins anew at a known moment, such as 40 a day until midnight.
  public struct Limit: Sendable, Equatable {
    /// In words, such as `daily limit of inbox a@example.org`.
    public var name: String
    public var perWindow: Int
    /// What is left of it in this window.
    public var remaining: Int
    public var resetsAt: Timestamp
    public var window: Span

    public init(name: String, perWindow: Int, remaining: Int, resetsAt: Timestamp, window: Span) {
      self.name = name
      self.perWindow = perWindow
      self.remaining = remaining
      self.resetsAt = resetsAt
      self.window = window
    }
  }

  public enum Answer: Sendable, Equatable {
    /// Nothing waits.
    case empty
    /// Sending is stopped: never, as it is.
    case stopped
    /// Nothing was accepted lately: there is no pace to reckon with.
    case unknown
    case at(Timestamp)
    /// Not within the horizon; so many are left then.
    case beyond(Timestamp, left: Int)
  }

  public var answer: Answer
  /// The limit that decides, by name; `nil` when the pace or the retry schedule does.
  public var limitedBy: String?

  /// How far it looks.
  static let horizon = Span.days(400)

  /// - Parameters:
  ///   - waiting: messages that wait to be sent, deferred ones included.
  ///   - lastDue: when the last of them is due by its retry schedule.
  ///   - pace: messages a second that go out when nothing limits them.
  public static func forecast(
    waiting: Int, lastDue: Timestamp?, pace: Double, limits: [Limit] = [], isStopped: Bool = false, now: Timestamp
  ) -> DrainForecast {
    if waiting <= 0 { return DrainForecast(answer: .empty) }
    if isStopped { return DrainForecast(answer: .stopped) }
    guard pace > 0, pace.isFinite else { return DrainForecast(answer: .unknown) }
    var walk = Walk(left: waiting, now: now, limits: limits)
    while walk.left > 0, walk.now < now + horizon, walk.steps < 100_000 { walk.step(pace: pace) }
    if walk.left > 0 {
      return DrainForecast(answer: .beyond(walk.now, left: walk.left), limitedBy: walk.limitedBy)
    }
    if let lastDue, lastDue > walk.now { return DrainForecast(answer: .at(lastDue)) }
    return DrainForecast(answer: .at(walk.now), limitedBy: walk.limitedBy)
  }

  /// From one moment at which something changes to the next: a limit begins anew, a limit is used up, all is sent.
  private struct Walk {
    var left: Int
    var now: Timestamp
    var limits: [Limit]
    var limitedBy: String?
    var steps = 0

    mutating func step(pace: Double) {
      steps += 1
      for index in limits.indices where limits[index].resetsAt <= now { limits[index].renew(now) }
      let tightest = limits.min { $0.remaining < $1.remaining }
      let nextReset = limits.map(\.resetsAt).min() ?? .init(microseconds: .max)
      guard (tightest?.remaining ?? .max) > 0 else {
        limitedBy = tightest?.name
        // Whichever limit begins anew first; the one that is used up may need another step.
        now = max(nextReset, now + Span(microseconds: 1))
        return
      }
      let possible = min(left, tightest?.remaining ?? left)
      let needed = (Double(possible) / pace * 1_000_000).rounded(.up)
      let end = now + Span(microseconds: needed < 9e18 ? Int64(needed) : .max)
      if end <= nextReset {
        take(possible)
        now = end
      } else {
        let span = Double((nextReset - now).microseconds) / 1_000_000
        take(min(possible, Int(span * pace)))
        now = nextReset
      }
    }

    private mutating func take(_ count: Int) {
      left -= count
      for index in limits.indices { limits[index].remaining -= count }
    }
  }
}

extension DrainForecast.Limit {
  /// The window that `now` lies in.
  fileprivate mutating func renew(_ now: Timestamp) {
    let width = max(1, window.microseconds)
    let passed = (now - resetsAt).microseconds / width
    resetsAt = resetsAt + Span(microseconds: width) + Span(microseconds: passed * width)
    remaining = perWindow
  }
}
