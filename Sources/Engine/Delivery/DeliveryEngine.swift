import Foundation
public import Logging
public import MailModel
public import Storage
import Synchronization

/// The sending side of the engine: one ledger thread and `workers` connection threads over one store.
public final class DeliveryEngine: Sendable {
  private let ledger: DeliveryLedger
  private let workers: [ConnectionWorker]
  private let finished = DispatchGroup()
  private let ledgerRunning = DispatchGroup()
  private let watch: ChangeWatch?

  public init(
    store: Store, stop: EmergencyStop, relays directory: RelayDirectory, clock: any Clock, settings: DeliverySettings,
    log: Logger
  ) {
    let ledger = DeliveryLedger(
      store: store, stop: stop, clock: clock, settings: settings,
      relays: RelayChoice(directory: directory, health: RelayHealth()),
      status: DeliveryStatus(),
      journal: DeliveryEngine.journal(settings, log: log), log: log)
    self.ledger = ledger
    let finished = self.finished
    let workers = (0..<settings.workers).map {
      ConnectionWorker(index: $0, ledger: ledger, finished: finished)
    }
    self.workers = workers
    // Without the watch new messages are still found, at the ledger's own pace.
    watch = try? store.watchChanges { ledger.wake.signal() }
    stop.onRaise { for worker in workers { worker.interruptBeforeDot() } }
  }

  private static func journal(_ settings: DeliverySettings, log: Logger) -> DotJournal? {
    guard let folder = settings.journalFolder else { return nil }
    do { return try DotJournal(folder: folder, owner: settings.owner) } catch {
      // Sending is as safe without it, only slower, and a crash leaves more in doubt.
      log.error("no dot journal; nothing is armed ahead", metadata: ["error": "\(error)"])
      return nil
    }
  }

  public var status: DeliveryStatus { ledger.status }

  /// Why sending through the relay pauses now, if it does.
  public var relayPause: (until: Timestamp, reason: String, failures: Int)? {
    // Of the last one in the list: as long as any other takes mail nothing is paused.
    guard let last = ledger.relays.directory.relays.last, !ledger.hasUsableRelay(now: ledger.clock.now()) else {
      return nil
    }
    return ledger.relays.health.last(of: last.relay).map { ($0.until, $0.reason, $0.failures) }
  }

  /// - Throws: `ThreadProblem`; what was begun by then is ended by ``shutDown(patience:)``.
  public func start() throws(ThreadProblem) {
    try SystemThread.start("delivery-ledger", in: ledgerRunning) { [ledger] in ledger.run() }
    for worker in workers { try worker.start() }
  }

  /// Ends in order: no new messages, messages before their dot are withdrawn, those past it get `patience` for their
  /// reply (what has none by then becomes uncertain when its lease expires), everything known is committed.
  ///
  /// - Returns: whether every connection finished in time.
  @discardableResult
  public func shutDown(patience: Span) -> Bool {
    beginShutDown()
    return endShutDown(patience: patience)
  }

  /// The first half, which waits for nothing: no new messages, and those before their dot are withdrawn.
  func beginShutDown() {
    ledger.drain()
    for worker in workers { worker.interruptBeforeDot() }
  }

  /// The second half.
  @discardableResult
  func endShutDown(patience: Span) -> Bool {
    let isFinished = finished.wait(timeout: .now() + patience.inSeconds) == .success
    ledger.close()
    _ = ledgerRunning.wait(timeout: .now() + 10)
    // What is still armed needs it.
    if isFinished, (try? ledger.store.read { try $0.messages.leaseOwners() })?.contains(ledger.settings.owner) == false
    {
      ledger.journal?.remove()
    }
    return isFinished
  }
}
