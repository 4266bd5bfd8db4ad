import Dispatch
import MailModel
import Storage
import Synchronization

/// The gate of one message on one connection: stop flag, lease deadline, the arm, and the record around the dot.
final class MessageGate: DotGate {
  private struct State {
    var armedAt: Timestamp?
    /// The dot's entry in the journal.
    var entry: Int?
    /// Nanoseconds spent waiting for the arm.
    var waited: UInt64 = 0
  }

  private let lease: Lease
  private let ledger: DeliveryLedger
  let isArmedAhead: Bool
  private let term: UInt64
  private let state: Mutex<State>

  init(_ ready: DeliveryLedger.Ready, ledger: DeliveryLedger) {
    lease = Lease(id: ready.message.id, epoch: ready.message.epoch)
    self.ledger = ledger
    isArmedAhead = ready.armedAt != nil
    term = ready.term
    state = Mutex(State(armedAt: ready.armedAt))
  }

  /// In this order: a deadline that was moved on by a renewal came after the end of the term.
  private var maySend: Bool { ledger.maySend && ledger.leaseTerm == term }

  func mayContinue() -> Bool { maySend }

  func awaitArm() -> Bool {
    guard maySend else { return false }
    if isArmedAhead { return true }
    let start = DispatchTime.now().uptimeNanoseconds
    let isArmed = ledger.arm(lease)
    let now = ledger.clock.now()
    state.withLock { state in
      state.armedAt = isArmed ? now : nil
      state.waited = DispatchTime.now().uptimeNanoseconds - start
    }
    return isArmed
  }

  func beginDot() -> Bool {
    if let journal = ledger.journal {
      let entry = journal.begin(lease, now: ledger.clock.now())
      state.withLock { $0.entry = entry }
    }
    // The latch may be newer than an arm that was committed ahead.
    return maySend && !(isArmedAhead && ledger.stop.latch.isPresent())
  }

  /// Puts the end on record for whoever comes after a crash that the ledger's next commit does not survive.
  func conclude(_ result: DeliveryResult) {
    let (entry, armedAt) = state.withLock { ($0.entry, $0.armedAt) }
    guard let journal = ledger.journal, let entry, let end = result.conclusion(armedAt: armedAt) else { return }
    journal.conclude(entry, end)
  }

  /// When the arm's commit was known; `nil` when there is none.
  var armedAt: Timestamp? { state.withLock { $0.armedAt } }

  var waitedForArm: UInt64 { state.withLock { $0.waited } }
}

extension DeliveryResult {
  /// `nil` while it is in doubt.
  fileprivate func conclusion(armedAt: Timestamp?) -> DotConclusion? {
    let reply: ServerReply
    switch outcome {
    case .accepted(let final): reply = final
    case .refused(let final, stage: .dot), .deferred(let final, stage: .dot): reply = final
    case .relayUnavailable(_, reply: let final?, stage: .dot): reply = final
    case .uncertain: return nil
    case .refused, .deferred, .relayUnavailable, .interrupted, .withdrawn: return .notSent
    }
    return .replied(reply, renderedAt: renderedAt, armedAt: armedAt, repliedAt: repliedAt)
  }
}
