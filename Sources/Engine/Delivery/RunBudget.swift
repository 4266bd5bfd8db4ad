import MailModel
import Storage
import Synchronization

/// How many messages this run of an engine may still send (runbook "Emergency Stop Procedure": `max_emails_per_run`).
///
/// A message counts from its claim to its result, and for good once it was accepted or is in doubt. What does not fit is
/// not claimed: it waits as it is, and none of its retries is used up.
final class RunBudget: Sendable {
  private struct State {
    var sent = 0
    var underWay = 0
    var most = 0
    var noted: EngineRuns.Run?
  }

  /// How long a run says nothing at most: far less than what others wait for.
  private static let signOfLife = Span(microseconds: EngineRuns.patience.microseconds / 4)

  private let state = Mutex(State())
  private let owner: String
  private let startedAt: Timestamp

  init(owner: String, startedAt: Timestamp) {
    self.owner = owner
    self.startedAt = startedAt
  }

  /// - Parameter most: 0 for no limit.
  /// - Returns: how many may be claimed now; `nil` for no limit.
  func room(most: Int) -> Int? {
    state.withLock { state in
      state.most = max(0, most)
      return most > 0 ? max(0, most - state.sent - state.underWay) : nil
    }
  }

  func took(_ count: Int) { state.withLock { $0.underWay += count } }

  func ended(_ finishes: [DeliveryLedger.Finish]) {
    let sent = finishes.count { $0.result.outcome.countsForRun }
    state.withLock { state in
      state.underWay -= finishes.count
      state.sent += sent
    }
  }

  /// The limit, when it is used up and nothing is under way.
  var exhausted: Int? {
    state.withLock { $0.most > 0 && $0.sent >= $0.most && $0.underWay == 0 ? $0.most : nil }
  }

  /// Tells the other processes, when there is something new, and now and then that this run lives.
  func note(_ store: Store, now: Timestamp) throws {
    let (run, known) = state.withLock { state in
      let run = EngineRuns.Run(owner: owner, startedAt: startedAt, seenAt: now, most: state.most, sent: state.sent)
      return (state.most > 0 ? run : nil, state.noted)
    }
    let isKnown = run?.most == known?.most && run?.sent == known?.sent
    if isKnown, known.map({ abs(($0.seenAt - now).microseconds) < RunBudget.signOfLife.microseconds }) ?? true {
      return
    }
    try store.write { transaction in
      if let run { try transaction.runs.note(run) } else { try transaction.runs.forget(owner: owner) }
    }
    state.withLock { $0.noted = run }
  }

  /// The run is over.
  func end(_ store: Store) throws {
    guard state.withLock({ $0.noted != nil }) else { return }
    try store.write { try $0.runs.forget(owner: owner) }
  }
}

extension DeliveryOutcome {
  /// Whether a message that ended so may be at its recipient.
  fileprivate var countsForRun: Bool {
    switch self {
    case .accepted, .uncertain: true
    case .refused, .deferred, .interrupted, .relayUnavailable, .withdrawn: false
    }
  }
}
