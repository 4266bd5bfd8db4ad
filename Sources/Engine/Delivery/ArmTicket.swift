import Dispatch
import Synchronization

/// One connection's wait for the commit of its arm.
final class ArmTicket: Sendable {
  private let verdict = Mutex<Bool?>(nil)
  private let decided = DispatchSemaphore(value: 0)

  /// Called once, by the ledger, after the commit (or its failure).
  func decide(_ isArmed: Bool) {
    verdict.withLock { $0 = isArmed }
    decided.signal()
  }

  /// Blocks until decided.
  func wait() -> Bool {
    decided.wait()
    return verdict.withLock { $0 ?? false }
  }
}
