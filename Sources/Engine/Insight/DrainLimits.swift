import MailModel
import MailPolicy
import Storage

/// What holds parts of the queue back today, for the forecast: daily limits and pauses of inboxes, pauses of everything
/// else. Rates need no entry: the messages that wait for one have their moments.
struct DrainLimits {
  /// Pauses that are looked at, and messages that are counted behind one.
  static let maximumPauses = 200
  static let maximumCount = 10_000

  let transaction: Transaction
  let inboxes: InboxSettings
  let now: Timestamp

  func read() throws -> [DrainForecast.Limit] { try ofInboxes() + pauses() }

  private func ofInboxes() throws -> [DrainForecast.Limit] {
    let limits = try InboxLimits.read(transaction, settings: inboxes, now: now)
    // What is held waits for a person, and is not in the forecast.
    let queued = try transaction.inboxes.queued()
    return limits.addresses.sorted { $0.value < $1.value }.compactMap { id, address in
      guard let waiting = queued[id], waiting > 0, let allowance = limits.allowances[id] else { return nil }
      return DrainForecast.Limit(
        name: allowance.pause == nil ? "daily limit of inbox \(address)" : "the pause of inbox \(address)",
        waiting: waiting, perWindow: allowance.limit, remaining: allowance.left,
        resetsAt: allowance.pause.map(\.until) ?? allowance.resetsAt, window: .days(1))
    }
  }

  private func pauses() throws -> [DrainForecast.Limit] {
    try transaction.throttles.pauses().prefix(Self.maximumPauses).compactMap { pause in
      let waiting = try transaction.throttles.waiting(for: pause.scope, limit: Self.maximumCount)
      guard waiting > 0 else { return nil }
      return DrainForecast.Limit(
        name: "the pause of \(pause.scope.words)", waiting: waiting, perWindow: waiting, remaining: 0,
        resetsAt: pause.until, window: .days(1))
    }
  }
}
