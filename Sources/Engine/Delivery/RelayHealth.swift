import MailModel
import MailPolicy
import Synchronization

/// What this process knows about each relay: paused until when, and why.
final class RelayHealth: Sendable {
  struct Pause: Sendable, Equatable {
    var until: Timestamp
    var reason: String
    /// Failures in a row.
    var failures: Int
  }

  private let pauses = Mutex<[String: Pause]>([:])
  /// Whether there are any: asked for every message, by all connections at once.
  private let hasPauses = Atomic<Bool>(false)

  func pause(of relay: String, now: Timestamp) -> Pause? {
    guard hasPauses.load(ordering: .acquiring) else { return nil }
    return pauses.withLock { $0[relay].flatMap { now < $0.until ? $0 : nil } }
  }

  /// The last pause, also one that is over and whose relay has not taken anything since.
  func last(of relay: String) -> Pause? { pauses.withLock { $0[relay] } }

  /// Many connections fail together: only a failure after the last pause's end counts as another one in a row.
  func failed(_ relay: String, reason: String, now: Timestamp, backoff: RelayBackoff) -> Pause {
    pauses.withLock { pauses in
      if let pause = pauses[relay], now < pause.until { return pause }
      let failures = (pauses[relay]?.failures ?? 0) + 1
      let next = Pause(until: now + backoff.pause(afterFailures: failures), reason: reason, failures: failures)
      pauses[relay] = next
      hasPauses.store(true, ordering: .releasing)
      return next
    }
  }

  /// - Returns: whether there was a pause to clear.
  func recovered(_ relay: String) -> Bool {
    guard hasPauses.load(ordering: .acquiring) else { return false }
    return pauses.withLock { pauses in
      let hadOne = pauses.removeValue(forKey: relay) != nil
      hasPauses.store(!pauses.isEmpty, ordering: .releasing)
      return hadOne
    }
  }
}
