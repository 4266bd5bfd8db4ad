import DequeModule
import Dispatch
import Logging
import MailModel
import MailPolicy
import Storage
import Synchronization

/// The only writer of the delivery side: claims, arms and finishes of all connections, committed in groups.
///
/// Connections post what they need and wait; one thread takes everything that was posted, runs it as one durable
/// transaction and answers. While a commit waits for the disk, the next group gathers, so the cost of an fsync is
/// shared by as many messages as there are connections waiting.
final class DeliveryLedger: Sendable {
  let store: Store
  let stop: EmergencyStop
  let clock: any Clock
  let settings: DeliverySettings
  let relays: RelayChoice
  let log: Logger
  let posted: Mutex<Posted>
  let wake = DispatchSemaphore(value: 0)
  let status: DeliveryStatus
  let journal: DotJournal?
  let pace = Pace()
  let budget: RunBudget
  /// Relays that operators paused, as the last claim found them.
  let pausedRelays = Mutex<Set<ShapingScope>>([])
  /// Destinations that asked for less and have taken nothing since, read from the store now and then: other engines, and the
  /// one before this, meet them too. Of the ledger's thread, but for recovery in tests.
  let slowed = Mutex<Set<ShapingScope>>([])
  /// Set by ``drain()``: also what is only just connecting then sends nothing more.
  private let isEnding = Atomic<Bool>(false)
  /// Microseconds since the machine's start, after which this engine must consider its leases lost. By a clock that goes on
  /// while the machine is suspended, as that of the leases in the store does.
  private let leaseDeadline = Atomic<Int64>(0)
  /// Grows whenever leases are renewed too late. What was claimed in an earlier term may be another engine's by now, and
  /// what was armed ahead then must not go out any more: nobody asks the store about it again.
  private let terms = Atomic<UInt64>(0)

  init(
    store: Store, stop: EmergencyStop, clock: any Clock, settings: DeliverySettings, relays: RelayChoice,
    status: DeliveryStatus, journal: DotJournal?, log: Logger
  ) {
    self.store = store
    self.stop = stop
    self.clock = clock
    self.settings = settings
    self.relays = relays
    self.status = status
    self.journal = journal
    self.log = log
    posted = Mutex(Posted(connections: settings.workers))
    budget = RunBudget(owner: settings.owner, startedAt: clock.now())
    extendLeases(from: SystemTime.sinceBoot)
  }

  /// Whether bytes may go out now: no stop, no end, and leases that cannot have been taken back by another engine.
  var maySend: Bool {
    !stop.isRaised && !isEnding.load(ordering: .acquiring)
      && SystemTime.sinceBoot.microseconds < leaseDeadline.load(ordering: .acquiring)
  }

  var leaseTerm: UInt64 { terms.load(ordering: .acquiring) }

  /// Whether any relay of the list would take mail now.
  func hasUsableRelay(now: Timestamp) -> Bool {
    if case .use = relays.relay(for: nil, paused: pausedRelays.withLock { $0 }, now: now) { return true }
    return false
  }

  /// What is worth a claim now. A relay that rests comes back by itself: until then only inboxes' own servers may take
  /// mail. Where operators have paused every relay, all that waits for one is told so.
  func claimable(now: Timestamp) -> DueMail {
    let areAllPaused = pausedRelays.withLock { paused in
      relays.directory.relays.allSatisfy { paused.contains(ShapingScope(.relay, $0.relay)) }
    }
    return areAllPaused || hasUsableRelay(now: now) ? .all : .ofInboxes
  }

  /// The leases in the store run until `lease` after a moment that is not before `start`; the deadline stays a tenth
  /// short of it. `start` is read before the store is asked: a commit that took long, or a process that slept in it,
  /// must not lengthen what the store granted (fault 10).
  func extendLeases(from start: Span) {
    // The term ends before anything may be sent again.
    if SystemTime.sinceBoot.microseconds >= leaseDeadline.load(ordering: .relaxed) {
      terms.add(1, ordering: .acquiringAndReleasing)
    }
    leaseDeadline.store(start.microseconds + max(settings.lease.microseconds, 0) / 10 * 9, ordering: .releasing)
  }

  // MARK: For connections

  /// Blocks until there is something to do.
  ///
  /// - Parameters:
  ///   - hasFinished: whether the connection has ended a message that it was given before.
  ///   - isOpen: whether it is connected to a relay.
  func next(hasFinished: Bool, isOpen: Bool) -> Turn {
    enum Answer {
      case now(Turn, isRunningOut: Bool)
      case later(Waiter)
    }
    let answer = posted.withLock { posted -> Answer in
      if hasFinished { posted.busy -= 1 }
      if let turn = posted.turn(isOpen: isOpen) {
        return .now(turn, isRunningOut: posted.ready.count == posted.stock / 2)
      }
      let waiter = Waiter(isOpen: isOpen)
      posted.waiters.append(waiter)
      return .later(waiter)
    }
    switch answer {
    case .now(let turn, let isRunningOut):
      if isRunningOut { wake.signal() }
      return turn
    case .later(let waiter):
      wake.signal()
      return waiter.wait()
    }
  }

  /// The message that is to follow on a connection whose message is about to end; `nil` when none is ready or another
  /// connection is free to take it.
  ///
  /// It stays the ledger's until `finish`: when the reply before it is long in coming, another connection gets it.
  func nextAhead(of connection: Int) -> Ready? {
    let (ready, isRunningOut) = posted.withLock { posted -> (Ready?, Bool) in
      guard !posted.isDraining, posted.free == 0, posted.busy <= posted.connections,
        let ready = posted.ready.popFirst()
      else { return (nil, false) }
      posted.ahead[connection] = Ahead(ready: ready, since: DispatchTime.now().uptimeNanoseconds)
      return (ready, posted.ready.count == posted.stock / 2)
    }
    if isRunningOut { wake.signal() }
    return ready
  }

  /// Blocks until the arm is durably committed or denied.
  func arm(_ lease: Lease) -> Bool {
    let ticket = ArmTicket()
    let isPosted = posted.withLock { posted in
      if posted.isClosed { return false }
      posted.arms.append((lease, ticket))
      return true
    }
    guard isPosted else { return false }
    wake.signal()
    return ticket.wait()
  }

  /// Hands over a result; returns at once. It is kept until it is committed.
  /// - Returns: whether the connection still has the message that `nextAhead` promised it.
  func finish(_ finish: Finish, of connection: Int) -> Bool {
    let (isNews, hasAhead) = posted.withLock { posted in
      (posted.add(finish), posted.ahead.removeValue(forKey: connection) != nil)
    }
    if isNews { wake.signal() }
    return hasAhead
  }

  // MARK: For the engine

  /// No new messages; connections end after the one they are at, and without it before its final dot. What is ready goes back: no connection has seen it.
  func drain() {
    isEnding.store(true, ordering: .releasing)
    let waiters = posted.withLock { posted in
      posted.isDraining = true
      for ready in posted.ahead.values.map(\.ready) + posted.ready {
        posted.finishes.append(Finish(withdrawn: ready))
      }
      posted.ready.removeAll()
      posted.ahead.removeAll()
      defer { posted.waiters.removeAll() }
      return posted.waiters
    }
    for waiter in waiters { waiter.semaphore.signal() }
    wake.signal()
  }

  /// Ends the thread once everything posted is committed.
  func close() {
    posted.withLock { $0.isClosed = true }
    wake.signal()
  }
}

/// How long messages take on their connections, waits for arms left out.
final class Pace: Sendable {
  private let average = Atomic<Int64>(0)

  /// A moving average over about eight messages; a lost update of two that come at once does not matter.
  func note(_ transaction: Span) {
    let known = average.load(ordering: .relaxed)
    let new = max(transaction.microseconds, 1)
    average.store(known == 0 ? new : known + (new - known) / 8, ordering: .relaxed)
  }

  var transaction: Span? {
    let known = average.load(ordering: .relaxed)
    return known == 0 ? nil : Span(microseconds: known)
  }
}
