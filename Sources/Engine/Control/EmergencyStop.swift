import Foundation
public import Logging
public import MailModel
public import Storage
import Synchronization

/// The emergency stop of this process: an atomic flag in front of the two durable channels (DESIGN §5).
///
/// `trip` sets the flag before it returns and never waits; a thread of its own writes the latch file, then the permit
/// row, trying again while the database is locked. The same thread watches both channels for what other processes
/// do. The flag is lowered only after both channels were positively read as allowing to send.
public final class EmergencyStop: Sendable {
  private struct Trip {
    var actor: Actor
    var reason: String
    var at: Timestamp
  }

  private struct Shared {
    var trips: [Trip] = []
    /// Grows with every trip: what was read before one must not lower the flag after it.
    var tripCount = 0
    var isClosed = false
    /// The system gave no thread: nothing is sent, and whoever trips writes both channels, once.
    var isAlone = false
    /// What is wrong with the store and has tripped it already.
    var knownFailures: Set<String> = []
    /// Problems that were logged since a stop was recorded last: one that lasts is not logged again with every look.
    var logged: Set<String> = []
    var listeners: [@Sendable () -> Void] = []
    /// Why neither channel could be written for the trip that waits.
    var obstacle: String?
  }

  /// How often the channels are looked at for stops of other processes.
  private static let watchInterval = 0.02
  private static let permitInterval = 0.1
  /// How long whoever made the latch file is given to write the permit row itself.
  private static let latchPatience = 1.0

  /// Seconds that no setting of a clock changes (fault 11).
  private static var uptime: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

  private let raised = Atomic<Bool>(true)
  private let shared = Mutex(Shared())
  /// Held while the channels are read, so that an older reading never wins over a newer one.
  private let looking = Mutex(())
  private let wake = DispatchSemaphore(value: 0)
  private let running = DispatchGroup()
  private let store: Store
  private let clock: any Clock
  private let log: Logger
  public let latch: LatchFile

  public convenience init(store: Store, latch: LatchFile, clock: any Clock, log: Logger) {
    self.init(store: store, latch: latch, clock: clock, log: log, isWatching: true)
  }

  /// - Parameter isWatching: `false` for a test of what stops without the flag: it goes up by a trip alone then.
  init(store: Store, latch: LatchFile, clock: any Clock, log: Logger, isWatching: Bool) {
    self.store = store
    self.latch = latch
    self.clock = clock
    self.log = log
    do {
      if isWatching { try SystemThread.start("emergency-stop", in: running) { [self] in watch() } }
      refresh()
    } catch {
      log.critical("emergency stop: nobody watches for stops of other processes, so nothing is sent: \(error)")
      shared.withLock { $0.isAlone = true }
      // Where there is no thread, letting go of a store waits for one for ever.
      _ = Unmanaged.passRetained(store)
      raise()
    }
  }

  /// Whether sending must not go on. One atomic read.
  public var isRaised: Bool { raised.load(ordering: .acquiring) }

  /// Why a trip of this process is in neither channel, as when the disk is read-only: then it stops this process alone.
  public var obstacle: String? { shared.withLock { $0.obstacle } }

  /// Called (on the stop's thread or the tripping one) whenever the flag goes up.
  public func onRaise(_ listener: @escaping @Sendable () -> Void) {
    shared.withLock { $0.listeners.append(listener) }
    if isRaised { listener() }
  }

  /// Stops everything that shares the workspace. Returns at once; safe from any thread.
  public func trip(by actor: Actor, reason: String) {
    let trip = Trip(actor: actor, reason: reason, at: clock.now())
    shared.withLock { shared in
      shared.trips.append(trip)
      shared.tripCount += 1
    }
    raise()
    if shared.withLock({ $0.isAlone }) { return writePendingTrips() }
    wake.signal()
  }

  /// A failed fsync of this process (fault 5), which may be a checkpoint's that no transaction reports, and damage that
  /// was met (fault 6), which whoever read it may have passed over.
  func tripAfterStoreFailure() {
    let sync = store.syncFailure.map { "an fsync failed, the disk may not hold what was written: \($0)" }
    for why in [sync, store.damage].compactMap({ $0 }) {
      guard shared.withLock({ $0.knownFailures.insert(why).inserted }) else { continue }
      log.critical("emergency stop latched", metadata: ["reason": "\(why)"])
      trip(by: .program(store.path), reason: why)
    }
  }

  /// Waits until every trip so far is durable in both channels.
  /// - Returns: `false` when `timeout` passed first; the latch file may be there already.
  public func waitUntilDurable(timeout: Span) -> Bool {
    let deadline = EmergencyStop.uptime + timeout.inSeconds
    while !shared.withLock({ $0.trips.isEmpty }) {
      if EmergencyStop.uptime > deadline { return false }
      Thread.sleep(forTimeInterval: 0.002)
    }
    return true
  }

  /// Reads both channels now: after a reset or resume of this process.
  public func refresh() {
    let isAllowed = looking.withLock { _ -> Bool in
      let count = shared.withLock { $0.trips.isEmpty && !$0.isAlone ? $0.tripCount : nil }
      guard let count, !latch.isPresent(), let permit = try? store.read({ try $0.permit.read() }),
        permit.allowsSending
      else { return false }
      shared.withLock { shared in
        if shared.tripCount == count { raised.store(false, ordering: .releasing) }
      }
      return true
    }
    if !isAllowed { raise() }
  }

  /// Ends the thread and waits for it; a trip that is not durable yet is finished first, for at most `timeout`.
  ///
  /// - Returns: whether the store may be closed: the thread, which reads it, has ended.
  @discardableResult
  public func close(timeout: Span = .seconds(5)) -> Bool {
    if shared.withLock({ $0.isAlone }) { return false }
    // After a failed fsync this process writes no row any more; the thread's last look sees to the latch file.
    if store.syncFailure == nil { _ = waitUntilDurable(timeout: timeout) }
    shared.withLock { $0.isClosed = true }
    wake.signal()
    guard running.wait(timeout: .now() + timeout.inSeconds + 6) == .success else { return false }
    // Nobody calls them any more, and what they hold may hold this.
    shared.withLock { $0.listeners = [] }
    return true
  }

  private func raise() {
    if raised.exchange(true, ordering: .acquiringAndReleasing) { return }
    for listener in shared.withLock({ $0.listeners }) { listener() }
  }

  private func watch() {
    var lastPermitRead = -EmergencyStop.permitInterval
    var latchSeen: Double?
    while true {
      let isLast = shared.withLock { $0.isClosed }
      tripAfterStoreFailure()
      writePendingTrips()
      if isLast { return }
      if latch.isPresent() {
        raise()
        let seen = latchSeen ?? EmergencyStop.uptime
        latchSeen = seen
        if EmergencyStop.uptime - seen > EmergencyStop.latchPatience {
          recordLatch()
          latchSeen = EmergencyStop.uptime
        }
      } else {
        latchSeen = nil
        if EmergencyStop.uptime - lastPermitRead > EmergencyStop.permitInterval {
          refresh()
          lastPermitRead = EmergencyStop.uptime
        }
      }
      _ = wake.wait(timeout: .now() + EmergencyStop.watchInterval)
    }
  }

  /// A latch file that nobody wrote into the permit (a `touch`, a process that died in between) is written there, so
  /// that removing the file is no way around reset and resume.
  private func recordLatch() {
    do {
      guard try store.read({ try $0.permit.read().allowsSending }) else { return }
      let note = latch.note()
      let actor = Actor(name: note?.by ?? "unknown", role: .watcher, origin: latch.path)
      let reason = note.flatMap { $0.reason.isEmpty ? nil : $0.reason } ?? "the latch file is there"
      try store.write { transaction in
        // Looked at again inside the transaction: a reset removes the file before anybody can resume.
        guard latch.isPresent(), try transaction.permit.read().allowsSending else { return }
        try StopRecord.write(actor, reason: reason, at: clock.now(), in: transaction)
      }
      shared.withLock { $0.logged = [] }
    } catch {
      logOnce("latch file not recorded yet: \(error)")
    }
  }

  /// The latch file first: it needs no database. A trip leaves the list when both channels hold it.
  private func writePendingTrips() {
    let pending = shared.withLock { $0.trips }
    guard let trip = pending.first else { return }
    do {
      try latch.create(by: trip.actor, reason: trip.reason, at: trip.at)
    } catch {
      logOnce("latch file not written: \(error)")
    }
    do {
      try StopRecord.write(trip.actor, reason: trip.reason, at: trip.at, store: store)
      shared.withLock { shared in
        shared.trips.removeFirst()
        shared.logged = []
        shared.obstacle = nil
      }
    } catch {
      logOnce("permit row not written yet: \(error)")
      let isLatched = latch.isPresent()
      shared.withLock { $0.obstacle = isLatched ? nil : "\(error)" }
    }
  }

  private func logOnce(_ problem: String) {
    let isNew = shared.withLock { $0.logged.insert(problem).inserted }
    if isNew { log.critical("emergency stop: \(problem)") }
  }
}
