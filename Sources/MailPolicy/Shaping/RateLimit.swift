public import MailModel

/// At most `count` messages in any window of this length, wherever the window begins.
public struct RateLimit: Sendable, Equatable, CustomStringConvertible {
  public var count: Int
  public var window: Span

  public init(count: Int, window: Span) {
    self.count = count
    self.window = window
  }

  /// Reads `100/min`, `10/s`, `1000/h`, `500/d`; `nil` for anything else.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let count = Int(parts[0]), (1...10_000_000).contains(count),
      let window = RateLimit.windows[String(parts[1])]
    else { return nil }
    self.init(count: count, window: window)
  }

  private static let windows: [String: Span] = ["s": .seconds(1), "min": .minutes(1), "h": .hours(1), "d": .days(1)]

  public var description: String {
    let name = RateLimit.windows.first { $0.value == window }?.key ?? "\(window.microseconds / 1_000_000) s"
    return "\(count)/\(name)"
  }
}

/// A token bucket as one number: the moment at which it would be full again (the generic cell rate algorithm, ITU-T I.371).
///
/// A tenth of the limit may go at once, the rest comes back evenly; together no window of the limit's length ever sees
/// more than the limit.
public struct TokenBucket: Sendable, Equatable {
  public var limit: RateLimit
  /// The theoretical arrival time; in the past when the bucket is full.
  public var fullAt: Timestamp

  public init(limit: RateLimit, fullAt: Timestamp = Timestamp(microseconds: 0)) {
    self.limit = limit
    self.fullAt = fullAt
  }

  private var burst: Int { Swift.max(1, limit.count / 10) }

  /// Between two tokens. `count` of them fit into the window together with the burst.
  public var interval: Span {
    let slots = Int64(limit.count - burst + 1)
    return Span(microseconds: (limit.window.microseconds + slots - 1) / slots)
  }

  /// No bucket is emptier than empty: one that was used under a lower limit would else wait for that one's window.
  public mutating func bound(now: Timestamp) {
    fullAt = Swift.min(fullAt, now + Span(microseconds: interval.microseconds * Int64(burst)))
  }

  /// When the next message may go: `now` or later.
  public func next(now: Timestamp) -> Timestamp {
    Swift.max(now, fullAt - Span(microseconds: interval.microseconds * Int64(burst - 1)))
  }

  /// One message goes.
  public mutating func take(now: Timestamp) { fullAt = Swift.max(fullAt, now) + interval }
}
