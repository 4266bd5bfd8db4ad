import Engine
import Foundation
import Logging
import MailModel
import Sandbox
import Storage
import Synchronization

/// A living rehearsal: sandbox, throw-away workspace, engine and a feeder, all in this process.
final class Rehearsal: Sendable {
  let open: OpenWorkspace
  private let sandbox: Sandbox
  private let engine: RunningEngine
  private let folder: URL
  private let keepsFolder: Bool
  private let isEnding = Atomic<Bool>(false)
  private let feeding = DispatchGroup()

  /// - Parameter folder: kept afterwards; `nil` for a temporary one that is removed.
  /// - Throws: `ConfigurationError`, `StoreError`, errors of the sandbox's sockets.
  init(folder: URL?, logFile: String?) throws {
    keepsFolder = folder != nil
    if let folder { try Rehearsal.refuseRealWorkspace(folder) }
    self.folder =
      folder ?? FileManager.default.temporaryDirectory.appending(path: "postroom-rehearsal-\(UUID().uuidString)")
    sandbox = Sandbox()
    let ports = try sandbox.start()
    let settings = Rehearsal.settings(ports)
    let actor = Actor(
      name: Operators.systemUser(), role: .lead,
      origin: "\(ProcessInfo.processInfo.hostName):\(ProcessInfo.processInfo.processIdentifier)")
    if !FileManager.default.fileExists(atPath: self.folder.appending(path: ".env").path) {
      _ = try WorkspaceCreation.create(at: self.folder, settings: settings, owner: actor, now: SystemClock().now())
      try Data().write(to: self.folder.appending(path: Rehearsal.mark))
    }
    // The ports of this sandbox override those of an earlier rehearsal; nothing of the real environment gets in.
    let workspace = try Workspace(folder: self.folder, environment: settings)
    let log = LogOutput.logger(level: "info", file: logFile ?? self.folder.appending(path: "postroom.log").path)
    open = try OpenWorkspace(workspace, dataFolder: try Resources.dataFolder(), log: log, actor: actor)
    engine = try RunningEngine(
      open, relays: RelayDirectory(open),
      mailboxes: IMAPReportMailbox.all(workspace.configuration),
      inboxes: { [open] in try IMAPReportMailbox.inboxes(open) })
  }

  /// The mark of a folder that a rehearsal made: only such a one may be rehearsed on again.
  private static let mark = ".rehearsal"

  /// Mail that waits in a real workspace must not go to the sandbox.
  private static func refuseRealWorkspace(_ folder: URL) throws {
    let files = FileManager.default
    guard files.fileExists(atPath: folder.appending(path: ".env").path),
      !files.fileExists(atPath: folder.appending(path: mark).path)
    else { return }
    throw ConfigurationError(
      place: .init(file: folder.path), problem: "this is a real workspace",
      expected: "a new folder, or one of an earlier rehearsal")
  }

  private static func settings(_ ports: (smtpPort: Int, imapPort: Int)) -> [String: String] {
    [
      "EMAIL_SMTP_HOST": "127.0.0.1", "EMAIL_SMTP_PORT": "\(ports.smtpPort)", "EMAIL_SMTP_TLS": "none",
      "IMAP_HOST": "127.0.0.1", "IMAP_PORT": "\(ports.imapPort)", "IMAP_USE_SSL": "false",
      "IMAP_USERNAME": SandboxLogin.reports.user, "IMAP_PASSWORD": SandboxLogin.reports.password, "SCAN_SECONDS": "2",
      "WORKERS": "4", "LEASE_SECONDS": "20", "RETRY_FIRST_SECONDS": "20", "BOUNCE_ADDRESS": SandboxLogin.reports.user,
      "FROM_ADDRESS": "news@postroom.invalid", "MX_LOOKUP": "false",
    ]
  }

  /// Starts engine and feeder.
  func start() throws {
    try engine.start()
    let drafts = try drafts()
    try SystemThread.start("rehearsal-feeder", in: feeding) { [self] in feed(drafts) }
  }

  private func drafts() throws -> [Submitter.Request] {
    guard let roster = Resources.file("data/demo/roster.csv"),
      let template = Resources.file("data/templates/daily.eml.mustache")
    else { return [] }
    let daily = try DailySend(templatePath: template.path, fromAddress: "news@postroom.invalid", clock: open.clock)
    let plan = try daily.plan(try Roster(path: roster.path), store: open.store)
    var generator = SeededRandom(seed: 7)
    return plan.drafts.shuffled(using: &generator).map { daily.request($0) }
  }

  /// A few messages at a time, so that one can watch; the roster again, slower, once it is through.
  private func feed(_ requests: [Submitter.Request]) {
    let submitter = Submitter(store: open.store, clock: open.clock, actor: open.actor, host: "postroom.invalid")
    var round = 1
    while !requests.isEmpty, !isEnding.load(ordering: .acquiring) {
      for request in requests where !isEnding.load(ordering: .acquiring) {
        var request = request
        request.idempotencyKey = "round \(round)/\(request.idempotencyKey ?? "")"
        do { _ = try submitter.store(try submitter.prepare(request)) } catch {
          open.log.error("not queued", metadata: ["error": "\(error)"])
        }
        Thread.sleep(forTimeInterval: round == 1 ? 0.15 : 0.8)
      }
      round += 1
    }
  }

  /// Leaves no process, no socket and no temporary folder behind.
  func end() {
    isEnding.store(true, ordering: .releasing)
    _ = feeding.wait(timeout: .now() + 3)
    // The sandbox first: connections that it stalls on purpose would be waited for.
    sandbox.stop()
    engine.shutDown(patience: .seconds(5))
    open.close()
    if !keepsFolder { try? FileManager.default.removeItem(at: folder) }
  }
}
