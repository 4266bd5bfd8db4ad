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
  private let index: Int
  private let interrupt = Mutex<(@Sendable () -> Void)?>(nil)
  private let finished: DispatchGroup
  /// Messages over the connection that is open, by destination; only of this thread.
  private let counts = Mutex<[String: Int]>([:])

  init(index: Int, ledger: DeliveryLedger, finished: DispatchGroup) {
    self.index = index
    self.ledger = ledger
    self.finished = finished
  }

  func start() throws(ThreadProblem) {
    try SystemThread.start("delivery-\(index)", stackSize: 1 << 20, in: finished) { [self] in run() }
  }

  /// Ends waits before the final dot; a wait for the reply to it goes on.
  func interruptBeforeDot() { interrupt.withLock { $0 }?() }

  /// A connection and whose it is.
  private struct Line {
    var relay: String
    var login: String
    var session: any DeliverySession

    /// Two inboxes may have their logins at one server.
    func leads(to relay: any Deliverer) -> Bool { self.relay == relay.relay && login == relay.login }
  }

  /// A message of this connection: as the ledger knows it, and as it goes out.
  private struct Job {
    var ready: DeliveryLedger.Ready
    var outgoing: LeasedMessage
    /// The destination that wants only so many messages over one connection; `nil` for any other.
    var sparing: (name: String, most: Int)?

    init(_ ready: DeliveryLedger.Ready, _ settings: DeliverySettings) {
      self.ready = ready
      outgoing = ready.message
      settings.returnPath?.mark(&outgoing)
      let domain = Destination.domain(of: outgoing.recipient)
      guard let provider = settings.shaping.provider(of: domain, known: settings.exchangers.deciding),
        let most = provider.messagesPerConnection
      else { return }
      sparing = (provider.name, most)
    }
  }

  private func run() {
    var line: Line?
    var hasFinished = false
    while true {
      let turn = ledger.next(hasFinished: hasFinished, isOpen: line != nil)
      hasFinished = false
      switch turn {
      case .deliver(let ready):
        deliver(ready, over: &line)
        hasFinished = true
      case .disconnect: drop(&line)
      case .end: return drop(&line)
      }
    }
  }

  /// With all that is announced after it.
  private func deliver(_ ready: DeliveryLedger.Ready, over line: inout Line?) {
    ledger.status.noteBusy(1)
    var job: Job? = Job(ready, ledger.settings)
    while let current = job {
      job = nil
      deliver(current, over: &line, following: &job)
    }
    ledger.status.noteBusy(-1)
  }

  private func deliver(_ job: Job, over line: inout Line?, following: inout Job?) {
    let gate = MessageGate(job.ready, ledger: ledger)
    var result = DeliveryResult(outcome: .withdrawn)
    var relayName = ""
    var obstacle: DeliveryLedger.Obstacle?
    if ledger.maySend {
      switch choice(for: job.outgoing) {
      case .use(let relay):
        relayName = relay.relay
        let start = DispatchTime.now().uptimeNanoseconds
        result = send(job, gate: gate, to: relay, over: &line, following: &following)
        result.outcome = ledger.settings.shaping.attributed(result.outcome)
        // A login that is refused says nothing about others at the same server.
        if let inbox = job.outgoing.inboxID, job.outgoing.relay == nil, result.outcome.isLoginRefused {
          relayName = Inbox.serverWithoutLogin(inbox)
        }
        let taken = DispatchTime.now().uptimeNanoseconds - start
        if case .accepted = result.outcome {
          ledger.pace.note(Span(microseconds: Int64((taken - min(taken, gate.waitedForArm)) / 1_000)))
        }
      case .none(let until, let reason):
        // The relays of the list are looked at before a claim; an inbox's own server and a chosen relay only here.
        if job.outgoing.inboxID != nil || job.outgoing.relay != nil {
          obstacle = DeliveryLedger.Obstacle(until: until, reason: reason)
        }
      }
    }
    gate.conclude(result)
    let finish = DeliveryLedger.Finish(
      message: job.ready.message, result: result, armedAt: gate.armedAt, relay: relayName, obstacle: obstacle)
    if !ledger.finish(finish, of: index), following != nil {
      // The ledger gave it to another connection meanwhile, and its envelope went out on this one: nothing else may
      // follow here.
      following = nil
      drop(&line)
    }
  }

  private func choice(for message: LeasedMessage) -> RelayChoice.Answer {
    let paused = ledger.pausedRelays.withLock { $0 }
    return ledger.relays.relay(for: message.inboxID, chosen: message.relay, paused: paused, now: ledger.clock.now())
  }

  private func send(
    _ job: Job, gate: MessageGate, to relay: any Deliverer, over line: inout Line?, following: inout Job?
  ) -> DeliveryResult {
    if let open = line, !open.leads(to: relay) || !open.session.isReusable(for: job.outgoing) || isUsedUp(for: job) {
      drop(&line)
    }
    do throws(RelayUnavailable) {
      let open: Line = if let line { line } else { try connect(to: relay) }
      line = open
      count(job)
      let result = open.session.deliver(job.outgoing, gate: gate) {
        following = ledger.nextAhead(of: index).map { Job($0, ledger.settings) }
        return following.flatMap { mayFollow($0, over: open) ? $0.outgoing : nil }
      }
      if !open.session.isReusable(for: following?.outgoing) { drop(&line) }
      return result
    } catch {
      return DeliveryResult(outcome: .relayUnavailable(reason: error.reason, reply: nil, stage: error.stage))
    }
  }

  /// Whether a message may be announced on the open connection.
  private func mayFollow(_ job: Job, over open: Line) -> Bool {
    guard ledger.maySend, !isUsedUp(for: job), case .use(let relay) = choice(for: job.outgoing) else { return false }
    return open.leads(to: relay)
  }

  /// Whether the open connection has carried as many messages to this destination as that wants over one.
  private func isUsedUp(for job: Job) -> Bool {
    guard let (name, most) = job.sparing else { return false }
    return counts.withLock { ($0[name] ?? 0) >= most }
  }

  private func count(_ job: Job) {
    guard let (name, _) = job.sparing else { return }
    counts.withLock { $0[name, default: 0] += 1 }
  }

  private func connect(to relay: any Deliverer) throws(RelayUnavailable) -> Line {
    let session = try relay.openSession()
    interrupt.withLock { $0 = session.interrupt }
    ledger.status.noteOpen(1)
    return Line(relay: relay.relay, login: relay.login, session: session)
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
