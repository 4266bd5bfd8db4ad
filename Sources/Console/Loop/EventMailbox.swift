import Foundation
import Synchronization

/// What other threads have for the console, until its loop takes it.
final class EventMailbox: Sendable {
  private let events = Mutex<[ConsoleEvent]>([])
  private let arrived = DispatchSemaphore(value: 0)
  private let wake: @Sendable () -> Void

  /// - Parameter wake: ends the loop's waiting; called on the posting thread.
  init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

  func post(_ event: ConsoleEvent) {
    events.withLock { events in
      // Many commits in a row are one reason to look.
      if case .storeChanged = event, case .storeChanged = events.last { return }
      events.append(event)
    }
    arrived.signal()
    wake()
  }

  /// All events so far, in their order.
  func drain() -> [ConsoleEvent] {
    events.withLock { events in
      defer { events = [] }
      return events
    }
  }

  var isEmpty: Bool { events.withLock(\.isEmpty) }

  /// Blocks until something was posted, or the time is up.
  func wait(seconds: Double) { _ = arrived.wait(timeout: .now() + seconds) }
}
