public import MailModel

extension Span {
  /// How far ahead the next attempt of what has no end lies: looked at again then, and let go before by a person.
  static let endless = Span.days(365)
}

extension Message {
  /// Whether only a person lets it go: what it waits for, such as a pause, has no end.
  public func waitsForPerson(now: Timestamp) -> Bool {
    state == .queued && nextAttemptAt - now > Span(microseconds: Span.endless.microseconds * 9 / 10)
  }
}
