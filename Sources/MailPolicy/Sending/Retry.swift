public import MailModel

/// When a deferred message is tried again: delays double from `firstDelay` to `longestDelay`, with jitter.
public struct RetrySchedule: Sendable, Equatable {
  public var firstDelay: Span
  public var longestDelay: Span
  /// A message older than this expires instead of being tried again.
  public var maximumAge: Span
  /// Refusals with delays of their own, from `data/retry.yaml`; the first that a reply belongs to counts.
  public var classes: [RetryClass]

  public init(
    firstDelay: Span = .minutes(5), longestDelay: Span = .hours(4), maximumAge: Span = .days(5),
    classes: [RetryClass] = []
  ) {
    self.firstDelay = firstDelay
    self.longestDelay = longestDelay
    self.maximumAge = maximumAge
    self.classes = classes
  }

  /// The class that a temporary refusal belongs to; `nil` for none: the delays of the schedule itself.
  public func retryClass(of reply: ServerReply) -> RetryClass? {
    classes.isEmpty ? nil : RetryClass.first(of: classes, for: reply)
  }

  /// The same schedule with the delays of `retryClass`.
  public func with(_ retryClass: RetryClass?) -> RetrySchedule {
    guard let retryClass else { return self }
    return RetrySchedule(
      firstDelay: retryClass.firstDelay, longestDelay: retryClass.longestDelay, maximumAge: maximumAge)
  }

  /// The delay after the `attempt`-th failed attempt (1 is the first).
  ///
  /// - Parameter jitter: 0 ..< 1, drawn by the caller; moves the delay by up to a tenth either way so that
  ///   messages deferred together do not come back together.
  public func delay(afterAttempt attempt: Int, jitter: Double) -> Span {
    let doublings = Swift.min(Swift.max(attempt - 1, 0), 30)
    let (product, overflow) = firstDelay.microseconds.multipliedReportingOverflow(by: 1 << Int64(doublings))
    let base = overflow ? longestDelay.microseconds : Swift.min(product, longestDelay.microseconds)
    let share = jitter.isNaN ? 0.5 : Swift.min(Swift.max(jitter, 0), 1)
    let (moved, isTooLong) = base.addingReportingOverflow(Int64(Double(base) * 0.1 * (2 * share - 1)))
    return Span(microseconds: isTooLong ? .max : moved)
  }

  /// When to try again, or `nil` when the message would be too old by then and becomes a dead letter.
  public func nextAttempt(afterAttempt attempt: Int, enqueuedAt: Timestamp, now: Timestamp, jitter: Double)
    -> Timestamp?
  {
    let next = now + delay(afterAttempt: attempt, jitter: jitter)
    return next < enqueuedAt + maximumAge ? next : nil
  }
}

/// How long sending through a relay pauses after it could not be used at all.
public struct RelayBackoff: Sendable, Equatable {
  public var firstPause: Span
  public var longestPause: Span

  public init(firstPause: Span = .seconds(2), longestPause: Span = .minutes(5)) {
    self.firstPause = firstPause
    self.longestPause = longestPause
  }

  /// The pause after `failures` failures in a row (1 is the first).
  public func pause(afterFailures failures: Int) -> Span {
    let doublings = Swift.min(Swift.max(failures - 1, 0), 20)
    let (product, overflow) = firstPause.microseconds.multipliedReportingOverflow(by: 1 << Int64(doublings))
    return Span(microseconds: overflow ? longestPause.microseconds : Swift.min(product, longestPause.microseconds))
  }
}
