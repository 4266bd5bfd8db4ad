import Engine
import Foundation
import Logging
import MailFormats
import MailModel
import Storage
import Synchronization

/// A real workspace in a temporary folder of its own, removed at the end.
final class TestWorkspace {
  let folder: URL
  let open: OpenWorkspace

  /// - Parameter checklists: YAML files for the workspace's own `data/checklists`, by name.
  init(
    role: Role = .lead, settings: [String: String] = [:], clock: any Clock = SystemClock(),
    checklists: [String: String] = [:]
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "postroom-\(UUID().uuidString)")
    let basics = ["EMAIL_SMTP_HOST": "localhost", "EMAIL_SMTP_TLS": "none", "EMAIL_SMTP_PORT": "2525"]
    let all = basics.merging(settings) { $1 }
    _ = try WorkspaceCreation.create(at: folder, settings: all, owner: TestWorkspace.person(.lead), now: clock.now())
    if !checklists.isEmpty {
      let place = folder.appending(path: "data/checklists")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for (name, text) in checklists { try Data(text.utf8).write(to: place.appending(path: name)) }
    }
    open = try TestWorkspace.open(folder, role: role, clock: clock)
  }

  /// A copy as it would come back from a backup made now.
  init(copyOf other: TestWorkspace, clock: any Clock = SystemClock()) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "postroom-\(UUID().uuidString)")
    try FileManager.default.copyItem(at: other.folder, to: folder)
    open = try TestWorkspace.open(folder, clock: clock)
  }

  deinit {
    open.close()
    do { try FileManager.default.removeItem(at: folder) } catch { print("left behind: \(folder.path)") }
  }

  static func person(_ role: Role) -> Actor { Actor(name: "tess", role: role, origin: "desk:1") }

  static func open(_ folder: URL, role: Role = .lead, clock: any Clock = SystemClock()) throws -> OpenWorkspace {
    let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    return try OpenWorkspace(
      try Workspace(folder: folder, environment: [:]), dataFolder: TestWorkspace.repository.appending(path: "data"),
      log: quiet, clock: clock, actor: person(role))
  }

  /// The root of the repository, found from this file.
  static var repository: URL {
    var folder = URL(filePath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return folder
  }

  var store: Store { open.store }

  /// Writes a file beside the store. - Returns: its path.
  func file(_ name: String, _ text: String) throws -> String {
    let place = folder.appending(path: name)
    try Data(text.utf8).write(to: place)
    return place.path
  }

  func operations(_ role: Role, relays: [String] = []) -> OperationRunner {
    let known = open
    var changed = OperationContext(
      actor: TestWorkspace.person(role), clock: known.clock, stop: known.stop,
      restriction: known.workspace.configuration.restriction, intake: { try known.intakeSettings() },
      checklist: { try known.checklist($0) },
      probes: ProbeSources(
        relay: known.relayName, mailboxes: ["reports@test/INBOX"], scanInterval: .minutes(1), storeFolder: folder.path),
      notices: known.notices)
    changed.relays = relays
    return OperationRunner(store: known.store, context: changed)
  }
}

/// A clock that stands still until it is moved.
final class ManualClock: Clock {
  private let moment: Mutex<Timestamp>

  init(_ start: Timestamp = Timestamp(seconds: 1_790_000_000)) { moment = Mutex(start) }

  func now() -> Timestamp { moment.withLock { $0 } }
  func advance(_ span: Span) { moment.withLock { $0 = $0 + span } }
}
