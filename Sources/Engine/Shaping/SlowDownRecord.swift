import MailModel
import MailPolicy
import Storage

/// Replies that ask for less, into the throttle of their destination.
enum SlowDownRecord {
  /// - Parameter known: destinations that were slowed down and had nothing accepted since.
  static func note(
    _ finish: DeliveryLedger.Finish, rules: ShapingRules, exchangers: ExchangerBook, known: inout Set<ShapingScope>,
    now: Timestamp,
    in transaction: Transaction
  ) throws {
    switch finish.result.outcome {
    case .deferred(let reply, stage: .rcpt), .deferred(let reply, stage: .data), .deferred(let reply, stage: .dot):
      let scope = rules.destination(of: finish.message.recipient, exchanger: exchangers.deciding)
      var state = try transaction.throttles.get(scope)
      guard let pause = rules.slowDown(after: reply, times: state.slowedTimes) else { return }
      known.insert(scope)
      // Many messages are refused together: only what comes after the pause counts as another one in a row.
      if let until = state.slowedUntil, now < until { return }
      state.slowedUntil = now + pause
      state.slowedReason = "\(reply.code) \(reply.text)"
      state.slowedTimes += 1
      try transaction.throttles.set(scope, state)
    case .accepted:
      guard !known.isEmpty else { return }
      let scope = rules.destination(of: finish.message.recipient, exchanger: exchangers.deciding)
      guard known.contains(scope) else { return }
      var state = try transaction.throttles.get(scope)
      // Messages that were under way when it asked for less say nothing yet.
      if let until = state.slowedUntil, now < until { return }
      (state.slowedUntil, state.slowedReason, state.slowedTimes) = (nil, "", 0)
      try transaction.throttles.set(scope, state)
      known.remove(scope)
    default: return
    }
  }
}
