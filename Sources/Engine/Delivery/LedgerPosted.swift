import DequeModule
import Dispatch
import MailModel
import Storage
import Synchronization

/// What goes to and fro between connections and the ledger's thread.
extension DeliveryLedger {
  /// A message for a connection. (A class, like `Finish`: both go from hand to hand under the lock that all share.)
  final class Ready: Sendable {
    let message: LeasedMessage
    /// When its arm was committed, ahead of the connection; `nil` for one that has to ask.
    let armedAt: Timestamp?
    /// `DeliveryLedger.leaseTerm` before it was claimed.
    let term: UInt64

    init(message: LeasedMessage, armedAt: Timestamp?, term: UInt64) {
      self.message = message
      self.armedAt = armedAt
      self.term = term
    }
  }

  /// Why no relay takes a message now, and when one may.
  struct Obstacle: Sendable {
    var until: Timestamp
    var reason: String
  }

  /// What became of a message.
  final class Finish: Sendable {
    let message: LeasedMessage
    let result: DeliveryResult
    let armedAt: Timestamp?
    /// Empty when it was not even tried.
    let relay: String
    /// Not due before this moment, when it goes back, and why; `nil` for at once.
    let obstacle: Obstacle?

    var lease: Lease { Lease(id: message.id, epoch: message.epoch) }

    init(
      message: LeasedMessage, result: DeliveryResult, armedAt: Timestamp?, relay: String, obstacle: Obstacle? = nil
    ) {
      self.message = message
      self.result = result
      self.armedAt = armedAt
      self.relay = relay
      self.obstacle = obstacle
    }

    /// A message that no connection took.
    convenience init(withdrawn ready: Ready) {
      self.init(
        message: ready.message, result: DeliveryResult(outcome: .withdrawn), armedAt: ready.armedAt, relay: "")
    }
  }

  /// What a connection does next.
  enum Turn: Sendable {
    case deliver(Ready)
    /// More connections are open than may be: it closes its own and asks again.
    case disconnect
    /// The engine drains.
    case end
  }

  /// A connection without a message.
  struct Waiter: Sendable {
    /// Whether it has a connection open.
    let isOpen: Bool
    let semaphore = DispatchSemaphore(value: 0)
    private let slot = Slot()
    private final class Slot: Sendable { let turn = Mutex(Turn.end) }

    init(isOpen: Bool) { self.isOpen = isOpen }

    func answer(_ turn: Turn) { slot.turn.withLock { $0 = turn } }

    func wait() -> Turn {
      semaphore.wait()
      return slot.turn.withLock { $0 }
    }
  }

  /// A message promised to a connection that is not done with the one before it.
  struct Ahead {
    var ready: Ready
    /// On the monotonic clock, in nanoseconds.
    var since: UInt64

    /// How long it may wait for its connection.
    static let patience: UInt64 = 1_000_000_000
  }

  /// What connections and the ledger's thread leave for each other.
  struct Posted {
    var arms: [(lease: Lease, ticket: ArmTicket)] = []
    var finishes: [Finish] = []
    var ready: Deque<Ready> = []
    var ahead: [Int: Ahead] = [:]
    var waiters: Deque<Waiter> = []
    /// How many messages should be ready for the connections.
    var stock = 0
    /// Connections that have a message, and how many may have one at once.
    var busy = 0
    var connections: Int
    var isDraining = false
    var isClosed = false

    /// How many results make a group, and how long they gather for it at most.
    static let group = 256
    static let gathering = DispatchTimeInterval.milliseconds(10)

    /// Whether nobody loses by it when results wait for more to come: a commit costs the same for many as for one.
    var mayGather: Bool {
      !finishes.isEmpty && finishes.count < Posted.group && arms.isEmpty && free == 0 && !isDraining && !isClosed
        && ready.count > stock / 2
    }

    /// Adds a result. - Returns: whether the ledger's thread is to be woken for it; if not, it was for one before it.
    mutating func add(_ finish: Finish) -> Bool {
      finishes.append(finish)
      return finishes.count == 1 || finishes.count == Posted.group
    }

    /// The next message for one more connection, if that may have one.
    mutating func takeReady() -> Ready? {
      guard busy < connections, let next = ready.popFirst() else { return nil }
      busy += 1
      return next
    }

    /// Takes back what waits for its connection for too long: it is the next for any other, if there is one.
    mutating func reclaimAhead(now: UInt64) {
      guard busy + free > 1 else { return }
      for (connection, promised) in ahead where now >= promised.since + Ahead.patience {
        ahead[connection] = nil
        ready.prepend(promised.ready)
      }
    }
  }
}
