import Dispatch
import Foundation
import Logging
import MailModel
import MailPolicy
import Storage
import Synchronization

/// One connection to the relay on a thread of its own: take a message, send it, hand over the result.
final class ConnectionWorker: Sendable {
  private let ledger: DeliveryLedger
  private let deliverer: any Deliverer
  private let interrupt = Mutex<(@Sendable () -> Void)?>(nil)
  private let finished: DispatchGroup
  /// Messages over the connection that is open, by destination; only of this thread.
  private let counts = Mutex<[String: Int]>([:])

  init(ledger: DeliveryLedger, deliverer: any Deliverer, finished: DispatchGroup) {
    self.ledger = ledger
    self.deliverer = deliverer
    self.finished = finished
  }

  func start(index: Int) {
    finished.enter()
    let thread = Thread { [self] in
      run()
      finished.leave()
    }
    thread.name = "delivery-\(index)"
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// Ends waits before the final dot; a wait for the reply to it goes on.
  func interruptBeforeDot() { interrupt.withLock { $0 }?() }

  private func run() {
    var session: (any DeliverySession)?
    while let ready = ledger.nextMessage() {
      ledger.status.noteBusy(1)
      deliver(ready, over: &session)
      ledger.status.noteBusy(-1)
    }
    drop(&session)
  }

  private func deliver(_ ready: DeliveryLedger.Ready, over session: inout (any DeliverySession)?) {
    let gate = MessageGate(ready, ledger: ledger)
    let result: DeliveryResult
    if ledger.maySend, session != nil || !ledger.relays.isPaused(now: ledger.clock.now()) {
      let start = DispatchTime.now().uptimeNanoseconds
      result = send(ready.message, gate: gate, over: &session)
      let taken = DispatchTime.now().uptimeNanoseconds - start
      if case .accepted = result.outcome {
        ledger.pace.note(Span(microseconds: Int64((taken - min(taken, gate.waitedForArm)) / 1_000)))
      }
    } else {
      result = DeliveryResult(outcome: .withdrawn)
    }
    gate.conclude(result)
    ledger.finish(
      DeliveryLedger.Finish(
        message: ready.message, result: result, armedAt: gate.armedAt, relay: deliverer.relay))
  }

  private func send(
    _ message: LeasedMessage, gate: MessageGate, over session: inout (any DeliverySession)?
  ) -> DeliveryResult {
    if let open = session, !open.isReusable || isUsedUp(for: message) { drop(&session) }
    do throws(RelayUnavailable) {
      let open: any DeliverySession = if let session { session } else { try connect() }
      session = open
      count(message)
      var message = message
      ledger.settings.returnPath?.mark(&message)
      let result = open.deliver(message, gate: gate)
      if !open.isReusable { drop(&session) }
      return result
    } catch {
      return DeliveryResult(outcome: .relayUnavailable(reason: error.reason, reply: nil, stage: error.stage))
    }
  }

  /// Whether the open connection has carried as many messages to this destination as that wants over one.
  private func isUsedUp(for message: LeasedMessage) -> Bool {
    guard let provider = provider(of: message), let most = provider.messagesPerConnection else { return false }
    return counts.withLock { ($0[provider.name] ?? 0) >= most }
  }

  private func count(_ message: LeasedMessage) {
    guard let provider = provider(of: message), provider.messagesPerConnection != nil else { return }
    counts.withLock { $0[provider.name, default: 0] += 1 }
  }

  private func provider(of message: LeasedMessage) -> ShapingRules.Provider? {
    ledger.settings.shaping.provider(of: ShapingRules.domain(of: message.recipient))
  }

  private func connect() throws(RelayUnavailable) -> any DeliverySession {
    let session = try deliverer.openSession()
    interrupt.withLock { $0 = session.interrupt }
    ledger.status.noteOpen(1)
    return session
  }

  private func drop(_ session: inout (any DeliverySession)?) {
    guard let open = session else { return }
    counts.withLock { $0 = [:] }
    interrupt.withLock { $0 = nil }
    open.close()
    ledger.status.noteOpen(-1)
    session = nil
  }
}
