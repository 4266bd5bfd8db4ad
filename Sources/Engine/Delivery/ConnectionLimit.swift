import DequeModule
import Dispatch
import MailModel
import MailPolicy
import Storage
import Synchronization

/// How many connections may be in use: as many as are configured, or fewer where an operator said so of the relay that takes
/// mail now.
extension DeliveryLedger {
  /// Reads what operators decided about relays; connections that are too many close.
  /// - Returns: every pause that is active.
  func lookAtRelays(now: Timestamp, in transaction: Transaction) throws -> [Pause] {
    let pauses = try transaction.throttles.pauses().filter { $0.isActive(now: now) }
    pausedRelays.withLock { $0 = Set(pauses.map(\.scope).filter { $0.kind == .relay }) }
    let limit = try transaction.throttles.connections(relay: nextRelay(pauses, now: now)) ?? settings.workers
    let served = posted.withLock { posted -> [Waiter] in
      posted.connections = limit
      return posted.disconnect() + posted.serve()
    }
    for waiter in served { waiter.semaphore.signal() }
    return pauses
  }

  /// The relay that limits are counted for: the one that takes mail now, else the first that is not paused. Where operators
  /// have paused them all, the one whose pause ends first.
  func nextRelay(_ pauses: [Pause], now: Timestamp) -> String {
    if case .use(let relay) = relays.relay(for: nil, paused: pausedRelays.withLock { $0 }, now: now) {
      return relay.relay
    }
    let never = Timestamp(microseconds: .max)
    let ends = relays.directory.relays.map(\.relay).map { name in
      (name: name, free: pauses.first { $0.scope == ShapingScope(.relay, name) }.map { $0.until ?? never } ?? now)
    }
    return ends.min { $0.free < $1.free }?.name ?? ""
  }
}

extension DeliveryLedger.Posted {
  /// Connections that wait and may have a message now.
  var free: Int { min(waiters.count, max(0, connections - busy)) }

  /// Connections that are open: those with a message, and those that wait for one.
  private var open: Int { busy + waiters.count(where: \.isOpen) }

  /// What a connection that has no message does, when it need not wait.
  mutating func turn(isOpen: Bool) -> DeliveryLedger.Turn? {
    if isDraining { return .end }
    if let ready = takeReady() { return .deliver(ready) }
    return isOpen && open >= connections ? .disconnect : nil
  }

  /// Tells connections that wait to close, as far as more are open than may be. - Returns: these, to be woken.
  mutating func disconnect() -> [DeliveryLedger.Waiter] {
    var told: [DeliveryLedger.Waiter] = []
    while open > connections, let index = waiters.firstIndex(where: \.isOpen) {
      waiters[index].answer(.disconnect)
      told.append(waiters.remove(at: index))
    }
    return told
  }

  /// Gives what is ready to connections that wait. - Returns: those that have something now, to be woken.
  mutating func serve() -> [DeliveryLedger.Waiter] {
    var served: [DeliveryLedger.Waiter] = []
    while !waiters.isEmpty, let next = takeReady() {
      // The one that has waited longest, unless it would have to open a connection more than there may be.
      let index = open > connections ? waiters.firstIndex(where: \.isOpen) ?? 0 : 0
      waiters[index].answer(.deliver(next))
      served.append(waiters.remove(at: index))
    }
    return served
  }
}
