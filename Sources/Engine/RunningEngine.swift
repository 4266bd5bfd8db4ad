import Foundation
import Logging
public import MailModel
import MailPolicy
public import Storage
import Synchronization

/// The engine at work on an open workspace: delivery, scans, send log. Several may share a workspace.
public final class RunningEngine: Sendable {
  /// Why `waitUntilIdle` came back.
  public enum Idle: Sendable, Equatable {
    /// Nothing is due, in flight or waiting in the mailbox.
    case done
    /// Messages are due and sending is stopped.
    case stopped(due: Int)
    /// Messages are due and the relay has not been usable for several tries.
    case relayUnavailable(due: Int, reason: String)
    /// The store has not taken anything for a while.
    case storeUnavailable(reason: String)
    /// Messages are due and this run has sent as many as it may.
    case runUsedUp(due: Int, most: Int)
    /// `isCancelled` said so.
    case cancelled
  }

  /// Tries of an unusable relay, in a row, after which `waitUntilIdle` gives up.
  static let relayPatience = 4

  private let open: OpenWorkspace
  private let delivery: DeliveryEngine
  private let sendLog: SendLog
  private let scanners: [ScanLoop]
  private let upkeep: Upkeep
  private let courier: Upkeep
  private let markKeeper: Upkeep
  /// `nil` when nobody is asked about domains.
  private let exchangers: Upkeep?
  private let lock: EngineLock
  private let logWatch = Mutex<ChangeWatch?>(nil)
  private let logWake = DispatchSemaphore(value: 0)
  private let isClosed = Atomic<Bool>(false)
  private let logRunning = DispatchGroup()

  /// - Throws: `FileProblem`, `ConfigurationError`.
  /// - Parameters:
  ///   - mailboxes: scanned side by side, each on a thread of its own.
  ///   - inboxes: the mailboxes of inboxes, asked for before each scan; read one after the other.
  ///   - webHook: posts notices; `nil` for none, which are then left as they are.
  ///   - exchangers: asked who receives for domains; `nil` for nobody.
  public init(
    _ open: OpenWorkspace, relays: RelayDirectory, mailboxes: [any ReportMailbox],
    inboxes: @escaping @Sendable () throws -> [any ReportMailbox] = { [] }, webHook: (any WebHook)? = nil,
    exchangers lookup: (any ExchangerLookup)? = nil
  ) throws {
    self.open = open
    let configuration = open.workspace.configuration
    lock = try EngineLock(path: open.workspace.engineLockPath)
    try PrivateFile.makeFolder(open.workspace.outbox.path)
    let returnPath = try ReturnPath(
      bounceAddress: configuration.bounceAddress, tokenKey: try TokenKey.read(from: open.workspace.keyPath))
    let shaping = try open.shaping()
    let book = ExchangerBook(rules: shaping)
    delivery = DeliveryEngine(
      store: open.store, stop: open.stop, relays: relays, clock: open.clock,
      settings: DeliverySettings(
        workers: configuration.workers, lease: configuration.lease, retry: try open.retrySchedule(),
        owner: open.ownerName(),
        returnPath: returnPath, ladder: configuration.ladder, journalFolder: open.workspace.journalFolder,
        shaping: shaping, exchangers: book, inboxes: configuration.inboxes, mostPerRun: configuration.mostPerRun),
      log: open.log)
    sendLog = SendLog(path: open.workspace.sendLogPath, store: open.store, log: open.log)
    upkeep = RunningEngine.upkeep(open)
    exchangers = shaping.readsExchangers ? lookup.map { RunningEngine.exchangers(open, $0, book) } : nil
    courier = RunningEngine.courier(open, webHook)
    markKeeper = RunningEngine.markKeeper(open)
    let lists = mailboxes.map { mailbox in { @Sendable () throws -> [any ReportMailbox] in [mailbox] } } + [inboxes]
    scanners = lists.map { list in
      ScanLoop(interval: configuration.scanInterval, log: open.log) {
        try list().map { open.scan($0, keepsUnseen: false) }
      }
    }
  }

  private static func upkeep(_ open: OpenWorkspace) -> Upkeep {
    let origin = open.actor.origin
    let expiry = Upkeep.Job(name: "expiry of approvals") {
      _ in try ApprovalExpiry.run(open.store, origin: origin, now: open.clock.now())
    }
    let evaluation = InboxEvaluation(
      store: open.store, settings: open.workspace.configuration.inboxes, origin: origin)
    let inboxes = Upkeep.Job(name: "evaluation of inboxes") { _ in try evaluation.runIfDue(now: open.clock.now()) }
    let secrets = SecretWatch(store: open.store, secrets: open.secrets)
    let passwords = Upkeep.Job(name: "the passwords of inboxes") { _ in try secrets.run(now: open.clock.now()) }
    let insight = Upkeep.Job(name: "forgetting old histograms") { _ in
      try InsightUpkeep.run(open.store, now: open.clock.now())
    }
    let window = open.workspace.configuration.restriction.window
    let attention = Upkeep.Job(name: "order of the accounts") { isCancelled in
      let batch = 200
      repeat {
        guard !isCancelled(), try open.store.read({ try $0.accounts.isRankDue(now: open.clock.now()) }) else { return }
      } while try open.store.write { try $0.accounts.rankDue(window: window, now: open.clock.now(), limit: batch) }
        == batch
    }
    let alerts = Upkeep.Job(name: "the age of alerts") { _ in
      try AlertWatch.run(open.store, open.vitalsReading, now: open.clock.now())
    }
    return Upkeep(
      name: "upkeep", jobs: [expiry, inboxes, passwords, insight, attention, alerts], interval: .seconds(5),
      log: open.log)
  }

  /// On a thread of its own: a web hook that does not answer must not hold up anything else.
  private static func courier(_ open: OpenWorkspace, _ webHook: (any WebHook)?) -> Upkeep {
    let courier = NoticeCourier(
      store: open.store, settings: open.workspace.configuration.notices, webHook: webHook, clock: open.clock,
      log: open.log)
    return Upkeep(
      name: "notices",
      jobs: [.init(name: "delivery of notices") { isCancelled in try courier.run(isCancelled: isCancelled) }],
      interval: .seconds(2), log: open.log)
  }

  /// On a thread of its own: a resolver may take seconds.
  private static func exchangers(
    _ open: OpenWorkspace, _ lookup: any ExchangerLookup, _ book: ExchangerBook
  ) -> Upkeep {
    let exchangers = ExchangerUpkeep(store: open.store, lookup: lookup, book: book, clock: open.clock)
    let job = Upkeep.Job(name: "the lookup of mail exchangers") { try exchangers.run(isCancelled: $0) }
    return Upkeep(name: "mail-exchangers", jobs: [job], interval: .seconds(2), log: open.log)
  }

  private static func markKeeper(_ open: OpenWorkspace) -> Upkeep {
    let mark = WorkspaceMark(open.workspace)
    let job = Upkeep.Job(name: "the mark of the workspace") { _ in
      guard let why = try mark.keep(open.store), !open.stop.isRaised else { return }
      open.stop.trip(by: .program(open.actor.origin), reason: why)
    }
    let keeper = open.clock.steady.map(ClockKeeper.init)
    let time = Upkeep.Job(name: "the time") { _ in try keeper?.run(open.store) }
    return Upkeep(name: "workspace-mark", jobs: [job, time], interval: .seconds(1), log: open.log)
  }

  public var status: DeliveryStatus { delivery.status }

  /// - Throws: `ThreadProblem`; nothing runs then.
  public func start() throws(ThreadProblem) {
    sendLog.numberOn()
    do {
      try startAll()
    } catch {
      shutDown(patience: .seconds(5))
      throw error
    }
    // Without the watch the log is still written, once a second.
    logWatch.withLock { $0 = try? open.store.watchChanges { [logWake] in logWake.signal() } }
  }

  /// What sends comes last, so that nothing has gone out where a thread is missing.
  private func startAll() throws(ThreadProblem) {
    for scanner in scanners { try scanner.start() }
    for keeper in [upkeep, courier, exchangers, markKeeper].compactMap(\.self) { try keeper.start() }
    try startLog()
    try delivery.start()
  }

  private func startLog() throws(ThreadProblem) {
    try SystemThread.start("send-log", in: logRunning) { [self] in
      // The log is derived from the store and may lag behind; sending may not. (Linux: of this thread alone.)
      setpriority(Int32(PRIO_PROCESS.rawValue), 0, 10)
      while !isClosed.load(ordering: .acquiring) {
        sendLog.catchUp()
        _ = logWake.wait(timeout: .now() + 1)
        // Each look at the file costs as much as many lines: more of them may come in a twentieth of a second.
        if !isClosed.load(ordering: .acquiring) { Thread.sleep(forTimeInterval: 0.05) }
        while logWake.wait(timeout: .now()) == .success {}
      }
      sendLog.catchUp()
    }
  }

  /// Scans the mailboxes now instead of at the next interval.
  public func scanNow() { for scanner in scanners { scanner.scanNow() } }

  /// Blocks until nothing is left to do, or nothing can be done.
  public func waitUntilIdle(isCancelled: () -> Bool) -> Idle {
    var scansAtQuiet: [Int]?
    while !isCancelled() {
      Thread.sleep(forTimeInterval: 0.02)
      if let damage = open.store.damage { return .storeUnavailable(reason: damage) }
      guard let amounts = try? amounts() else {
        if let failure = status.snapshot.storeFailure { return .storeUnavailable(reason: failure) }
        continue
      }
      guard amounts.inFlight == 0, status.snapshot.busyConnections == 0 else {
        scansAtQuiet = nil
        continue
      }
      if amounts.due > 0 {
        if let hindrance = hindrance(due: amounts.due) { return hindrance }
        continue
      }
      if areMailboxesQuiet(&scansAtQuiet) { return .done }
    }
    return .cancelled
  }

  /// Why what is due does not go; `nil` while it does.
  private func hindrance(due: Int) -> Idle? {
    if open.stop.isRaised { return .stopped(due: due) }
    if let most = status.snapshot.usedUpLimit { return .runUsedUp(due: due, most: most) }
    if let pause = delivery.relayPause, pause.failures >= RunningEngine.relayPatience {
      return .relayUnavailable(due: due, reason: pause.reason)
    }
    return nil
  }

  /// Whether one whole scan of each mailbox after the last delivery found nothing: then nothing is waiting there either.
  /// - Parameter scansAtQuiet: scans begun when deliveries were quiet; `nil` until then.
  private func areMailboxesQuiet(_ scansAtQuiet: inout [Int]?) -> Bool {
    guard !scanners.isEmpty else { return true }
    let scans = scanners.map(\.progress)
    if let starts = scansAtQuiet, zip(scans, starts).allSatisfy({ $0.completed >= $1 + 1 }) {
      if scans.allSatisfy({ $0.lastFetched == 0 }) { return true }
      scansAtQuiet = nil
    } else if scansAtQuiet == nil {
      scansAtQuiet = scans.map(\.started)
      scanNow()
    }
    return false
  }

  private func amounts() throws -> (due: Int, inFlight: Int) {
    try open.store.read { transaction in
      let counters = try transaction.counters.all()
      // Looked at many times a second: whether anything is due must cost one row, the exact number is for the answer.
      let due =
        try transaction.messages.dueCount(now: open.clock.now(), limit: 1) == 0 ? 0 : counters["message.queued"] ?? 1
      return (due, (counters["message.leased"] ?? 0) + (counters["message.armed"] ?? 0))
    }
  }

  /// Ends in order (fault 14): messages before their dot go back to the queue, those past it get `patience`.
  public func shutDown(patience: Span = .seconds(30)) {
    // First of all: what is waited for below, such as a web hook that does not answer, must not keep mail going out.
    delivery.beginShutDown()
    for scanner in scanners { scanner.beginClosing() }
    let deadline = DispatchTime.now() + 5
    for scanner in scanners { scanner.waitForEnd(until: deadline) }
    upkeep.close()
    courier.close(seconds: 25)
    exchangers?.close()
    delivery.endShutDown(patience: patience)
    // After the last commit of deliveries.
    markKeeper.close(lastRun: true)
    logWatch.withLock { $0 = nil }
    isClosed.store(true, ordering: .releasing)
    logWake.signal()
    _ = logRunning.wait(timeout: .now() + 10)
  }
}
