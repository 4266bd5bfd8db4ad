import MailModel
import Storage
import Synchronization

/// The gate of one message on one connection: stop flag, lease deadline and the arm.
final class MessageGate: DotGate {
  private enum Arm {
    case notAsked, denied
    case armed(at: Timestamp)
  }

  private let lease: Lease
  private let ledger: DeliveryLedger
  private let arm = Mutex(Arm.notAsked)

  init(lease: Lease, ledger: DeliveryLedger) {
    self.lease = lease
    self.ledger = ledger
  }

  func mayContinue() -> Bool { ledger.maySend }

  func awaitArm() -> Bool {
    guard ledger.maySend else { return false }
    let isArmed = ledger.arm(lease)
    let now = ledger.clock.now()
    arm.withLock { $0 = isArmed ? .armed(at: now) : .denied }
    return isArmed
  }

  /// When the arm's commit was known; `nil` when there is none.
  var armedAt: Timestamp? {
    arm.withLock { if case .armed(let moment) = $0 { moment } else { nil } }
  }
}
