/// Where a message is in its life (DESIGN: "A message's life").
public enum MessageState: String, Sendable, CaseIterable, Codable {
  /// Waiting for a claim, now or at its next attempt.
  case queued
  /// Claimed by one engine under an epoch; no final dot is possible yet.
  case leased
  /// The last gate was passed and committed; the final dot may have been sent.
  case armed
  /// The next server accepted it: a 2xx reply to the final dot is recorded.
  case sent
  /// Refused for good (5xx) or given up: a dead letter.
  case failed
  /// The final dot may have been taken and no definite reply came back. Never sent again by itself.
  case uncertain
  /// Kept back: its account is restricted, or an operator holds it.
  case held
  /// Withdrawn by an operator.
  case cancelled
  /// Its maximum age passed before it was accepted.
  case expired
  /// Its recipient is on the suppression list.
  case suppressed

  /// Terminal states do not change again.
  public var isTerminal: Bool {
    switch self {
    case .sent, .failed, .cancelled, .expired, .suppressed: true
    case .queued, .leased, .armed, .uncertain, .held: false
    }
  }
}
