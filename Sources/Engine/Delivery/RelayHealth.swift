import MailModel
import MailPolicy
import Synchronization

/// What this process knows about the relay: paused until when, and why.
final class RelayHealth: Sendable {
  struct Pause: Sendable, Equatable {
    var until: Timestamp
    var reason: String
    /// Failures in a row.
    var failures: Int
  }

  private let pause = Mutex<Pause?>(nil)

  func isPaused(now: Timestamp) -> Bool { pause.withLock { $0.map { now < $0.until } ?? false } }

  var current: Pause? { pause.withLock { $0 } }

  /// Many connections fail together: only a failure after the last pause's end counts as another one in a row.
  func failed(reason: String, now: Timestamp, backoff: RelayBackoff) -> Pause {
    pause.withLock { pause in
      if let pause, now < pause.until { return pause }
      let failures = (pause?.failures ?? 0) + 1
      let next = Pause(until: now + backoff.pause(afterFailures: failures), reason: reason, failures: failures)
      pause = next
      return next
    }
  }

  /// - Returns: whether there was a pause to clear.
  func recovered() -> Bool {
    pause.withLock { pause in
      defer { pause = nil }
      return pause != nil
    }
  }
}
