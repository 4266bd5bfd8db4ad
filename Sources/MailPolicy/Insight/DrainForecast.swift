public import MailModel

/// When the queue will be empty, at today's pace and under today's limits.
public struct DrainForecast: Sendable, Equatable {
  /// What lets a part of the queue go out in windows, such as an inbox's 40 a day, or not before a moment, such as a pause.
  public struct Limit: Sendable, Equatable {
    /// In words, such as `daily limit of inbox a@example.org`.
    public var name: String
    /// The messages that wait and that it is for.
    public var waiting: Int
    public var perWindow: Int
    /// What is left of it in the running window.
    public var remaining: Int
    /// When the next window begins; `nil` when a person must let it begin.
    public var resetsAt: Timestamp?
    public var window: Span

    public init(name: String, waiting: Int, perWindow: Int, remaining: Int, resetsAt: Timestamp?, window: Span) {
      self.name = name
      self.waiting = waiting
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
    /// So many wait for what only a person lifts: never, as it is.
    case held(Int)
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
  /// Messages that wait for one moment are told moments a little apart: those of a limit do not hide the limit.
  static let spread = Span.minutes(1)

  /// - Parameters:
  ///   - waiting: messages that wait to be sent, deferred ones included.
  ///   - lastDue: when the last of them is due, and what it waits for: `nil` for its retry schedule.
  ///   - pace: messages a second that go out when nothing limits them.
  public static func forecast(
    waiting: Int, lastDue: (at: Timestamp, by: String?)?, pace: Double, limits: [Limit] = [], isStopped: Bool = false,
    now: Timestamp
  ) -> DrainForecast {
    if waiting <= 0 { return DrainForecast(answer: .empty) }
    if isStopped { return DrainForecast(answer: .stopped) }
    let endless = limits.filter(\.isEndless)
    if let most = endless.max(by: { $0.rest < $1.rest }) {
      let others = endless.count == 1 ? "" : " and \(endless.count - 1) more"
      return DrainForecast(
        answer: .held(min(waiting, endless.reduce(0) { $0 + $1.rest })), limitedBy: most.name + others)
    }
    guard pace > 0, pace.isFinite else { return DrainForecast(answer: .unknown) }
    let end = now + horizon
    let seconds = Double(waiting) / pace
    guard seconds <= horizon.inSeconds else {
      return DrainForecast(answer: .beyond(end, left: waiting - Int(pace * horizon.inSeconds)))
    }
    var last = (at: now + Span(microseconds: Int64((seconds * 1_000_000).rounded(.up))), by: String?.none)
    if let lastDue, lastDue.at > last.at { last = lastDue }
    for limit in limits {
      guard let at = limit.lastWindow(before: end) else {
        return DrainForecast(answer: .beyond(end, left: limit.left(at: end)), limitedBy: limit.name)
      }
      if at > last.at - spread { last = (max(at, last.at), limit.name) }
    }
    return DrainForecast(answer: .at(last.at), limitedBy: last.by)
  }
}

extension DrainForecast.Limit {
  /// What the running window leaves for later ones.
  fileprivate var rest: Int { max(0, waiting - remaining) }

  /// Whether the rest never goes, as it is.
  fileprivate var isEndless: Bool { rest > 0 && (resetsAt == nil || perWindow <= 0) }

  /// When the last window that is needed begins; the beginning of time when the running one is enough, `nil` when it
  /// begins at `end` or later.
  fileprivate func lastWindow(before end: Timestamp) -> Timestamp? {
    guard rest > 0, let resetsAt else { return Timestamp(microseconds: 0) }
    let more = (rest - 1) / max(1, perWindow)
    guard more < windows(until: end) else { return nil }
    return resetsAt + Span(microseconds: window.microseconds * Int64(more))
  }

  fileprivate func left(at end: Timestamp) -> Int { max(0, rest - perWindow * windows(until: end)) }

  /// How many windows begin before `end`, the running one not counted.
  private func windows(until end: Timestamp) -> Int {
    guard let resetsAt, resetsAt < end else { return 0 }
    return Int(((end - resetsAt).microseconds - 1) / max(1, window.microseconds)) + 1
  }
}
