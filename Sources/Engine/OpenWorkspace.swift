public import Foundation
public import Logging
public import MailFormats
public import MailModel
public import MailPolicy
public import Storage

/// A workspace that is open: what every face of the engine (console, commands, later HTTP) works with.
public struct OpenWorkspace: Sendable {
  public let workspace: Workspace
  public let store: Store
  public let stop: EmergencyStop
  public let actor: Actor
  public let clock: any Clock
  let checklists: ChecklistFiles
  public let log: Logger
  let dataFolder: URL
  /// Only looking and the emergency stop.
  public let isReadOnly: Bool
  /// Who may do what, when it was opened.
  public let operators: Operators
  private let isActorGiven: Bool
  /// Where notices are handed in.
  public let notices: NoticeDesk

  /// Opens the store and the emergency stop, reads the operators.
  ///
  /// - Parameter dataFolder: where rules, checklists and templates are that the workspace has no file of its own for.
  /// - Throws: `ConfigurationError`, `StoreError`.
  public init(
    _ workspace: Workspace, dataFolder: URL, log: Logger, clock: any Clock = SteadyClock(), actor: Actor? = nil,
    isReadOnly: Bool = false
  ) throws {
    self.workspace = workspace
    self.clock = clock
    self.log = log
    self.dataFolder = dataFolder
    self.isReadOnly = isReadOnly
    operators = try Operators(path: workspace.operatorsPath)
    isActorGiven = actor != nil
    self.actor = OpenWorkspace.seen(actor ?? OpenWorkspace.thisPerson(operators), isReadOnly: isReadOnly)
    checklists = ChecklistFiles(
      [workspace.folder.appending(path: "data/checklists"), dataFolder.appending(path: "checklists")])
    store = try workspace.openStore()
    let opened = store
    clock.steady?.begin(try opened.read { try $0.clockMarks.read() })
    notices = NoticeDesk(
      settings: workspace.configuration.notices,
      folders: [workspace.folder.appending(path: "data"), dataFolder].map { $0.appending(path: "templates/notices") },
      submitter: Submitter(store: store, clock: clock, actor: self.actor, host: ProcessInfo.processInfo.hostName))
    let latch = LatchFile(path: workspace.latchPath)
    if let why = try WorkspaceMark(workspace).check(store, latch: latch, now: clock.now()) {
      log.critical("emergency stop latched", metadata: ["reason": "\(why)"])
    }
    stop = EmergencyStop(store: store, latch: latch, clock: clock, log: log)
  }

  private static func thisPerson(_ operators: Operators) -> Actor {
    operators.actor(
      user: Operators.systemUser(), host: ProcessInfo.processInfo.hostName,
      process: ProcessInfo.processInfo.processIdentifier)
  }

  /// Who works here, with the role of now: one that was taken away counts at once, also in a console that has been open
  /// for days. A file that cannot be read gives nobody any role.
  var actorNow: Actor { actor(Result { () throws(ConfigurationError) in try readOperators() }) }

  private func readOperators() throws(ConfigurationError) -> Operators { try Operators(path: workspace.operatorsPath) }

  private func actor(_ read: Result<Operators, ConfigurationError>) -> Actor {
    guard !isActorGiven else { return actor }
    return OpenWorkspace.seen(OpenWorkspace.thisPerson((try? read.get()) ?? Operators.none), isReadOnly: isReadOnly)
  }

  /// Whoever only looks is a watcher, whatever else the person may be.
  private static func seen(_ actor: Actor, isReadOnly: Bool) -> Actor {
    var actor = actor
    if isReadOnly { actor.role = .watcher }
    return actor
  }

  /// `host:port`, the relay's name in attempts and pauses.
  public var relayName: String { workspace.configuration.relay.name }

  var relayNames: [String] {
    ([workspace.configuration.relay] + workspace.configuration.fallbackRelays).map(\.name)
  }

  public var operations: OperationRunner {
    let configuration = workspace.configuration
    let read = Result { () throws(ConfigurationError) in try readOperators() }
    var context = OperationContext(
      actor: actor(read), clock: clock, stop: stop, restriction: configuration.restriction,
      intake: { try intakeSettings() }, checklist: { try checklist($0) },
      probes: ProbeSources(
        relay: relayName, mailboxes: configuration.mailboxes.map(\.name),
        scanInterval: configuration.scanInterval, storeFolder: workspace.stateFolder.path,
        engineLockPath: workspace.engineLockPath, thresholds: configuration.alerts),
      approvals: configuration.approvals, inboxes: configuration.inboxes, secrets: secrets,
      operators: (try? read.get()) ?? Operators.none,
      notices: notices, maximumAge: configuration.retry.maximumAge)
    context.relays = relayNames
    context.operatorsPath = workspace.operatorsPath
    if !isActorGiven, case .failure(let problem) = read { context.rolesProblem = "\(problem)" }
    context.folders = [workspace.stateFolder.path, workspace.folder.path]
    context.contacts = { try contacts() }
    context.shaping = { try shaping() }
    context.isReadOnly = isReadOnly
    return OperationRunner(store: store, context: context)
  }

  /// - Throws: `StoreError`.
  public func overview() throws -> Overview {
    let isRunning = EngineLock.isHeld(path: workspace.engineLockPath)
    return try store.read {
      clock.steady?.follow(try $0.clockMarks.read())
      return try Overview.read(
        $0, latch: stop.latch, isEngineRunning: isRunning, ladder: workspace.configuration.ladder, vitalsReading,
        now: clock.now())
    }
  }

  /// How the numbers behind rates and alerts are read here.
  var vitalsReading: VitalsReading {
    VitalsReading(
      mailboxes: workspace.configuration.mailboxes.map(\.name), relays: relayNames,
      clockJump: clock.steady?.jump?.by, operatorsPath: workspace.operatorsPath,
      engineLockPath: workspace.engineLockPath, thresholds: workspace.configuration.alerts)
  }

  /// Unique among engines: host, process and a random part.
  public func ownerName() -> String { "\(actor.origin)#\(UInt32.random(in: 0...(.max)))" }

  /// The bounce rules that are shipped, extended by the workspace's own. Read when they are needed: a mistake in them
  /// must not keep anyone from stopping the mail.
  /// - Throws: `ConfigurationError` that names file and line.
  public func bounceRules() throws(ConfigurationError) -> BounceRules {
    try BounceRuleFiles.read(dataFolder: dataFolder, workspace: workspace.folder)
  }

  /// How destinations are treated; like the bounce rules read when it is needed.
  /// - Throws: `ConfigurationError` that names the file.
  public func shaping() throws -> ShapingRules {
    try ShapingFile.read(from: [workspace.folder.appending(path: "data"), dataFolder])
  }

  /// When deferred messages are tried again: the configuration, and the classes of `data/retry.yaml`.
  /// - Throws: `ConfigurationError` that names the file.
  public func retrySchedule() throws(ConfigurationError) -> RetrySchedule {
    var schedule = workspace.configuration.retry
    schedule.classes = try RetryFile.read(from: [workspace.folder.appending(path: "data"), dataFolder])
    return schedule
  }

  /// A scan of a report mailbox.
  public func scan(_ mailbox: any ReportMailbox, keepsUnseen: Bool) -> MailboxScan {
    MailboxScan(
      store: store, mailbox: mailbox,
      intake: { ReportIntake(store: store, settings: try intakeSettings(), clock: clock) }, clock: clock,
      keepsUnseen: keepsUnseen)
  }

  /// What processing reports needs besides them.
  /// - Throws: `ConfigurationError` when the token key or the bounce rules cannot be read.
  public func intakeSettings() throws -> IntakeSettings {
    IntakeSettings(
      classifier: ReportClassifier(rules: try bounceRules()),
      correlator: Correlator(
        key: VERPKey(try TokenKey.read(from: workspace.keyPath)),
        signs: !workspace.configuration.bounceAddress.isEmpty),
      restriction: workspace.configuration.restriction, reports: workspace.configuration.reports,
      caseSteps: { try caseSteps() }, notices: notices, contacts: { try contacts() }, owner: actor.origin)
  }

  /// Waits for what is under way and closes the store.
  public func close() {
    guard stop.close() else {
      log.warning("the store stays open: its emergency stop is still at work")
      return
    }
    do { try store.close() } catch { log.warning("store not closed", metadata: ["error": "\(error)"]) }
  }
}
