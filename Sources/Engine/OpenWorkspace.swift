public import Foundation
public import Logging
public import MailFormats
public import MailModel
public import Storage

/// A workspace that is open: what every face of the engine (console, commands, later HTTP) works with.
public struct OpenWorkspace: Sendable {
  public let workspace: Workspace
  public let store: Store
  public let stop: EmergencyStop
  public let actor: Actor
  public let clock: any Clock
  public let checklists: [ChecklistDefinition]
  public let log: Logger
  private let dataFolder: URL
  /// Where notices are handed in.
  public let notices: NoticeDesk

  /// Opens the store and the emergency stop, reads operators and checklists.
  ///
  /// - Parameter dataFolder: where `checklists/` is, for what the workspace has no file of its own for.
  /// - Throws: `ConfigurationError`, `StoreError`.
  public init(
    _ workspace: Workspace, dataFolder: URL, log: Logger, clock: any Clock = SystemClock(), actor: Actor? = nil
  ) throws {
    self.workspace = workspace
    self.clock = clock
    self.log = log
    self.dataFolder = dataFolder
    let operators = try Operators(path: workspace.operatorsPath)
    self.actor =
      actor
      ?? operators.actor(
        user: Operators.systemUser(), host: ProcessInfo.processInfo.hostName,
        process: ProcessInfo.processInfo.processIdentifier)
    checklists = try OpenWorkspace.checklists(workspace, dataFolder: dataFolder)
    store = try workspace.openStore()
    notices = NoticeDesk(
      settings: workspace.configuration.notices,
      folders: [workspace.folder.appending(path: "data"), dataFolder].map { $0.appending(path: "templates/notices") },
      submitter: Submitter(store: store, clock: clock, actor: self.actor, host: ProcessInfo.processInfo.hostName))
    stop = EmergencyStop(store: store, latch: LatchFile(path: workspace.latchPath), clock: clock, log: log)
  }

  private static func checklists(_ workspace: Workspace, dataFolder: URL) throws -> [ChecklistDefinition] {
    let folders = [workspace.folder.appending(path: "data/checklists"), dataFolder.appending(path: "checklists")]
    let files = FileManager.default
    // The workspace's own file stands in for the shipped one of the same name.
    var found: [String: URL] = [:]
    for folder in folders.reversed() where files.fileExists(atPath: folder.path) {
      for name in try files.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".yaml") {
        found[name] = folder.appending(path: name)
      }
    }
    return try found.sorted { $0.key < $1.key }.map { try ChecklistDefinition.read(from: $0.value) }
  }

  /// `host:port`, the relay's name in attempts and pauses.
  public var relayName: String { "\(workspace.configuration.relay.host):\(workspace.configuration.relay.port)" }

  public var operations: OperationRunner {
    let configuration = workspace.configuration
    return OperationRunner(
      store: store,
      context: OperationContext(
        actor: actor, clock: clock, stop: stop, restriction: configuration.restriction, checklists: checklists,
        probes: ProbeSources(
          relay: relayName, mailbox: configuration.mailbox?.name,
          scanInterval: configuration.mailbox?.scanInterval ?? .minutes(1), storeFolder: workspace.stateFolder.path),
        approvals: configuration.approvals, operators: try? Operators(path: workspace.operatorsPath), notices: notices))
  }

  /// - Throws: `StoreError`.
  public func overview() throws -> Overview {
    let isRunning = EngineLock.isHeld(path: workspace.engineLockPath)
    return try store.read {
      try Overview.read($0, relay: relayName, latch: stop.latch, isEngineRunning: isRunning, now: clock.now())
    }
  }

  /// Unique among engines: host, process and a random part.
  public func ownerName() -> String { "\(actor.origin)#\(UInt32.random(in: 0...(.max)))" }

  /// The bounce rules that are shipped, extended by the workspace's own. Read when they are needed: a mistake in them
  /// must not keep anyone from stopping the mail.
  /// - Throws: `ConfigurationError` that names file and line.
  public func bounceRules() throws(ConfigurationError) -> BounceRules {
    try BounceRuleFiles.read(dataFolder: dataFolder, workspace: workspace.folder)
  }

  /// A scan of the report mailbox, or `nil` when none is configured.
  /// - Throws: `ConfigurationError` when the token key or the bounce rules cannot be read.
  public func scan(_ mailbox: (any ReportMailbox)?, keepsUnseen: Bool) throws -> MailboxScan? {
    guard let mailbox else { return nil }
    let intake = ReportIntake(
      store: store, rules: try bounceRules(), tokenKey: try TokenKey.read(from: workspace.keyPath),
      restriction: workspace.configuration.restriction, caseSteps: CaseDesk.steps(checklists), notices: notices,
      clock: clock,
      owner: actor.origin)
    return MailboxScan(store: store, mailbox: mailbox, intake: intake, clock: clock, keepsUnseen: keepsUnseen)
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
