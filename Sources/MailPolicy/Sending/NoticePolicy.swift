public import MailModel

/// What follows from one attempt to deliver a notice.
public enum NoticeVerdict: Sendable, Equatable {
  case sent
  /// Again after so long.
  case retry(after: Span)
  case failed
}

/// When a notice is sent, tried again, given up. Pure.
public enum NoticePolicy {
  /// Attempts after which a web hook is given up: with the delays below, after about six hours.
  public static let attempts = 12
  static let firstDelay = Span.minutes(1)
  static let longestDelay = Span.hours(1)

  /// - Parameters:
  ///   - status: the HTTP status; `nil` when there was no answer.
  ///   - attempts: made so far, with this one.
  public static func verdict(status: Int?, attempts: Int) -> NoticeVerdict {
    if let status {
      if (200...299).contains(status) { return .sent }
      // The receiver understood and will not: trying again is no use. 408, 425 and 429 ask for another try.
      if (300...499).contains(status), ![408, 425, 429].contains(status) { return .failed }
    }
    return attempts >= NoticePolicy.attempts ? .failed : .retry(after: delay(attempts))
  }

  /// 1, 2, 4 … minutes, at most an hour.
  static func delay(_ attempts: Int) -> Span {
    let doublings = min(max(attempts - 1, 0), 10)
    return min(Span(microseconds: firstDelay.microseconds << doublings), longestDelay)
  }

  /// What the state of the message that carries it means for a notice; `nil` while it is under way.
  /// Doubt is not settled here: an uncertain message stays under way until evidence or a person settles it.
  public static func state(of message: MessageState) -> NoticeState? {
    switch message {
    case .sent: .sent
    case .failed, .cancelled, .expired: .failed
    case .suppressed: .suppressed
    case .queued, .leased, .armed, .uncertain, .held: nil
    }
  }
}
