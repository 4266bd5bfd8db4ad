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
  private let interrupt = Mutex<(@Sendable () -> Void)?>(nil)
  private let finished: DispatchGroup
  /// Messages over the connection that is open, by destination; only of this thread.
  private let counts = Mutex<[String: Int]>([:])

  init(ledger: DeliveryLedger, finished: DispatchGroup) {
    self.ledger = ledger
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

  /// A connection and whose it is.
  private struct Line {
    var relay: String
    var session: any DeliverySession
  }

  private func run() {
    var line: Line?
    var hasFinished = false
    while let ready = ledger.nextMessage(hasFinished: hasFinished) {
      hasFinished = true
      ledger.status.noteBusy(1)
      deliver(ready, over: &line)
      ledger.status.noteBusy(-1)
    }
    drop(&line)
  }

  private func deliver(_ ready: DeliveryLedger.Ready, over line: inout Line?) {
    let gate = MessageGate(ready, ledger: ledger)
    var finish = DeliveryLedger.Finish(withdrawn: ready)
    if ledger.maySend {
      let paused = ledger.pausedRelays.withLock { $0 }
      let message = ready.message
      switch ledger.relays.relay(
        for: message.inboxID, chosen: message.relay, paused: paused, now: ledger.clock.now())
      {
      case .use(let relay):
        finish.relay = relay.relay
        let start = DispatchTime.now().uptimeNanoseconds
        finish.result = send(ready.message, gate: gate, to: relay, over: &line)
        let taken = DispatchTime.now().uptimeNanoseconds - start
        if case .accepted = finish.result.outcome {
          ledger.pace.note(Span(microseconds: Int64((taken - min(taken, gate.waitedForArm)) / 1_000)))
        }
      case .none(let until, _):
        // The relays of the list are looked at before a claim; an inbox's own server and a chosen relay only here.
        if message.inboxID != nil || message.relay != nil { finish.notBefore = until }
      }
    }
    gate.conclude(finish.result)
    finish.armedAt = gate.armedAt
    ledger.finish(finish)
  }

  private func send(
    _ message: LeasedMessage, gate: MessageGate, to relay: any Deliverer, over line: inout Line?
  ) -> DeliveryResult {
    if let open = line, open.relay != relay.relay || !open.session.isReusable || isUsedUp(for: message) { drop(&line) }
    do throws(RelayUnavailable) {
      let open: Line = if let line { line } else { try connect(to: relay) }
      line = open
      count(message)
      var message = message
      ledger.settings.returnPath?.mark(&message)
      let result = open.session.deliver(message, gate: gate)
      if !open.session.isReusable { drop(&line) }
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
    ledger.settings.shaping.provider(
      of: ShapingRules.domain(of: message.recipient), known: ledger.settings.exchangers.deciding)
  }

  private func connect(to relay: any Deliverer) throws(RelayUnavailable) -> Line {
    let session = try relay.openSession()
    interrupt.withLock { $0 = session.interrupt }
    ledger.status.noteOpen(1)
    return Line(relay: relay.relay, session: session)
  }

  private func drop(_ line: inout Line?) {
    guard let open = line else { return }
    counts.withLock { $0 = [:] }
    interrupt.withLock { $0 = nil }
    open.session.close()
    ledger.status.noteOpen(-1)
    line = nil
  }
}
