import Foundation
import MailModel
import MailPolicy
import Storage
import Testing

@testable import Engine

@Suite struct InboxOperationTests {
  private let clock = ManualClock()

  private func workspace(_ settings: [String: String] = [:]) throws -> TestWorkspace {
    try TestWorkspace(settings: ["TIME_ZONE": "Europe/Berlin"].merging(settings) { $1 }, clock: clock)
  }

  private func request(_ address: String) -> OperationRequest {
    OperationRequest(arguments: [
      "address": address, "smtp": "smtp.example.org:465:tls", "imap": "imap.example.org:993:tls", "name": "Ann",
    ])
  }

  private func add(_ address: String, to workspace: TestWorkspace) throws -> Inbox {
    try workspace.open.secrets.stage(Secret("canary-4711"), for: address)
    try workspace.open.operations.perform("inbox.add", request(address))
    return try #require(try workspace.store.read { try $0.inboxes.get(address: address) })
  }

  @Test func `mail of a removed inbox has no other server, until the inbox is there again`() throws {
    let place = try workspace()
    let inbox = try add("ann@example.org", to: place)
    #expect(try place.open.inboxLogin(for: inbox.id).password.reveal() == "canary-4711")
    #expect(try place.store.write { try $0.inboxes.remove(inbox.id, version: nil, now: clock.now()) })
    #expect(throws: RemovedInbox.self) { try place.open.inboxLogin(for: inbox.id) }
    #expect(try add("ann@example.org", to: place).id == inbox.id)
    #expect(try place.open.inboxLogin(for: inbox.id).inbox.address == "ann@example.org")
  }

  /// As many bounces and acceptances as a test needs, without sending them.
  private func tally(_ inbox: Inbox, sent: Int, bounced: Int, in workspace: TestWorkspace) throws {
    let ids = try workspace.enqueue((0..<sent).map { "r\($0)@example.com" }, from: inbox.address)
    let now = clock.now()
    try workspace.store.write { transaction in
      let claimed = try transaction.messages.claim(limit: 1_000, owner: "e", now: now, leaseUntil: now + .minutes(5))
      let leases = claimed.map { Lease(id: $0.id, epoch: $0.epoch) }
      _ = try transaction.messages.arm(leases, owner: "e", now: now, leaseUntil: now + .minutes(5))
      for (index, lease) in leases.enumerated() {
        _ = try transaction.messages.finish(
          lease, transition: index < bounced ? .refuse : .accept, reason: "", now: now, nextAttemptAt: nil,
          countsAttempt: true)
      }
    }
    #expect(ids.count == sent)
  }

  private func evaluate(_ workspace: TestWorkspace) throws -> Int {
    try InboxEvaluation(
      store: workspace.store, settings: workspace.open.workspace.configuration.inboxes, origin: "desk:1"
    ).run(now: clock.now())
  }

  private func reload(_ inbox: Inbox, _ workspace: TestWorkspace) throws -> Inbox {
    try #require(try workspace.store.read { try $0.inboxes.get(inbox.id) })
  }

  private func events(_ operation: String, _ workspace: TestWorkspace) throws -> [AuditEvent] {
    try workspace.store.read { try $0.audit.page(AuditQuery(operation: operation)).rows }
  }

  @Test func `an inbox is added with its password in a file of its own, which nothing else knows (fault 38)`() throws {
    let workspace = try workspace()
    let waiting = try workspace.enqueue(["r@example.com"], from: "ann@example.org")
    let inbox = try add("ann@example.org", to: workspace)
    #expect(inbox.waiting == 1)
    #expect(try workspace.store.read { try $0.inboxes.of(message: waiting[0]) } == inbox.id)
    #expect(try workspace.open.inboxLogin("ANN@example.org").password.reveal() == "canary-4711")
    let secrets = workspace.folder.appending(path: "secrets")
    let files = try FileManager.default.contentsOfDirectory(atPath: secrets.path)
    #expect(files.count == 1)
    for (path, mode) in [(secrets.path, 0o700), ("\(secrets.path)/\(files[0])", 0o600)] {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == mode)
    }
    workspace.open.close()
    let others = try #require(FileManager.default.enumerator(atPath: workspace.folder.path))
    for case let name as String in others where !name.hasPrefix("secrets") {
      let content = FileManager.default.contents(atPath: workspace.folder.appending(path: name).path) ?? Data()
      #expect(content.firstRange(of: Data("canary-4711".utf8)) == nil, "\(name)")
    }
  }

  @Test func `without a password, a role or a sound address nothing is added`() throws {
    let workspace = try workspace()
    #expect(throws: OperationRefusal.self) { () throws in
      try workspace.open.operations.perform("inbox.add", request("ann@example.org"))
    }
    try workspace.open.secrets.stage(Secret("x"), for: "ann@example.org")
    for role in [Role.watcher, .operator, .reviewer] {
      #expect(throws: OperationRefusal.self) { () throws in
        try workspace.operations(role).perform("inbox.add", request("ann@example.org"))
      }
    }
    let wrong = [
      ("address", "ann"), ("smtp", "h:465"), ("smtp", "h:0:tls"), ("smtp", "h:465:ssl"),
      ("smtp", "evil.example:25:none"),
      ("smtp", ":465:tls"), ("imap", "h"), ("started", "tomorrow"), ("started", "2999-01-01"),
    ]
    for (name, value) in wrong {
      var bad = request("ann@example.org")
      bad.arguments[name] = value
      #expect(throws: OperationRefusal.self, "\(name)=\(value)") { () throws in
        try workspace.open.operations.perform("inbox.add", bad)
      }
    }
    #expect(try workspace.store.read { try $0.inboxes.all() }.isEmpty)
    #expect(try events("inbox.add", workspace).isEmpty)
  }

  @Test func `pausing, limiting, resuming and removing go by version and leave audit rows`() throws {
    let workspace = try workspace()
    let inbox = try add("ann@example.org", to: workspace)
    let run = workspace.open.operations
    func perform(_ id: String, version: Int64? = nil, _ arguments: [String: String] = [:]) throws {
      let reason = ["reason": "because"].merging(arguments) { $1 }
      try run.perform(
        id, OperationRequest(targets: [.init(id: "\(inbox.id)", version: version)], arguments: reason))
    }
    for days in ["0", "-1", "3651", "soon"] {
      #expect(throws: OperationRefusal.self) { () throws in try perform("inbox.pause", ["days": days]) }
    }
    try perform("inbox.pause", version: inbox.version, ["days": "2"])
    #expect(try reload(inbox, workspace).pause?.until == clock.now() + .days(2))
    #expect(throws: OperationRefusal.self) { () throws in
      try perform("inbox.limit", version: inbox.version, ["limit": "3"])
    }
    try perform("inbox.limit", ["limit": "3"])
    let limits = try workspace.store.read {
      try InboxLimits.read($0, settings: workspace.open.workspace.configuration.inboxes, now: clock.now())
    }
    #expect(limits.allowances[inbox.id]?.limit == 3)
    #expect(limits.allowances[inbox.id]?.left == 0, "paused")
    try perform("inbox.resume")
    try perform("inbox.limit", ["limit": "schedule"])
    for limit in ["-1", "x", "", "1000001"] {
      #expect(throws: OperationRefusal.self) { () throws in try perform("inbox.limit", ["limit": limit]) }
    }
    try perform("inbox.remove")
    #expect(!workspace.open.secrets.has("ann@example.org"))
    #expect(throws: OperationRefusal.self) { () throws in try perform("inbox.pause") }
    for (operation, count) in [("pause", 1), ("limit", 2), ("resume", 1), ("remove", 1), ("add", 1)] {
      #expect(try events("inbox.\(operation)", workspace).count == count, "\(operation)")
    }
  }

  @Test func `poor health pauses for seven days, and only new evidence pauses again`() throws {
    let workspace = try workspace()
    let inbox = try add("ann@example.org", to: workspace)
    try tally(inbox, sent: 60, bounced: 0, in: workspace)
    #expect(try evaluate(workspace) == 0)
    #expect(try reload(inbox, workspace).health == 70)
    try tally(inbox, sent: 20, bounced: 20, in: workspace)
    #expect(try evaluate(workspace) == 1)
    let paused = try reload(inbox, workspace)
    #expect(paused.health == 30)
    #expect(paused.pause?.until == clock.now() + .days(7))
    #expect(paused.pause?.isAutomatic == true)
    #expect(try evaluate(workspace) == 0, "once")
    let event = try #require(try events("policy.inbox-pause", workspace).first)
    #expect(event.actor == "postroom")
    #expect(event.details.contains("20 of 80"))
    let alerts = try workspace.open.overview().alerts
    #expect(alerts.contains { $0.id == "unhealthy-inboxes" })
    clock.advance(.days(7))
    #expect(try evaluate(workspace) == 1)
    #expect(try reload(inbox, workspace).pause == nil)
    #expect(try evaluate(workspace) == 0, "the old evidence does not pause it again")
    let limits = try workspace.store.read {
      try InboxLimits.read($0, settings: workspace.open.workspace.configuration.inboxes, now: clock.now())
    }
    #expect(limits.allowances[inbox.id]?.limit == 3, "a quarter of the second week's ten")
    clock.advance(.hours(1))
    try tally(inbox, sent: 1, bounced: 1, in: workspace)
    #expect(try evaluate(workspace) == 1)
    #expect(try reload(inbox, workspace).pause != nil)
    #expect(try events("policy.inbox-resume", workspace).count == 1)
  }

  @Test func `a status shows used, limit, days and factors of one snapshot`() throws {
    let workspace = try workspace()
    let inbox = try add("ann@example.org", to: workspace)
    try tally(inbox, sent: 4, bounced: 1, in: workspace)
    clock.advance(.days(1))
    try tally(inbox, sent: 5, bounced: 0, in: workspace)
    let status = try workspace.open.inboxStatus("ann@example.org")
    #expect(status.days.map(\.sent) == Array(repeating: 0, count: 12) + [3, 5])
    #expect(status.allowance.used == 5)
    #expect(status.allowance.limit == 5)
    #expect(status.standing == "limit reached")
    #expect(status.report.factors.map(\.points) == [32, 30, 20, 0])
    #expect(throws: OperationRefusal.self) { () throws in _ = try workspace.open.inboxStatus("who@example.org") }
  }
}

@Suite struct SecretFolderTests {
  @Test func `no address names another folder or another address's file`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "postroom-secrets-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let secrets = SecretFolder(folder)
    let long = String(repeating: "x", count: 230)
    let addresses = [
      "../../etc/passwd@x", "a/b@x", "a%2fb@x", ".@x", "..", "a@x.staged", "a@x", "%61@x", "\(long)1@x", "\(long)2@x",
      "ä@x",
    ]
    for (index, address) in addresses.enumerated() {
      try secrets.stage(Secret("secret \(index)"), for: address)
      try secrets.adopt(address)
    }
    for (index, address) in addresses.enumerated() {
      #expect(try secrets.read(address).reveal() == "secret \(index)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == addresses.count)
    secrets.remove("a@x")
    #expect(!secrets.has("a@x"))
    #expect(secrets.has("a@x.staged"))
  }

  @Test func `what others can read or replace is not used`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "postroom-secrets-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let secrets = SecretFolder(folder)
    #expect(throws: ConfigurationError.self) { () throws in _ = try secrets.read("a@x") }
    try secrets.stage(Secret("canary"), for: "a@x")
    #expect(throws: ConfigurationError.self, "staged is not in use") { () throws in _ = try secrets.read("a@x") }
    try secrets.adopt("a@x")
    let file = folder.appending(path: "a@x").path
    chmod(file, 0o640)
    #expect(throws: ConfigurationError.self) { () throws in _ = try secrets.read("a@x") }
    chmod(file, 0o600)
    try FileManager.default.moveItem(atPath: file, toPath: file + "2")
    symlink(file + "2", file)
    #expect(throws: ConfigurationError.self, "a link") { () throws in _ = try secrets.read("a@x") }
    unlink(file)
    mkfifo(file, 0o600)
    #expect(throws: ConfigurationError.self, "a pipe must not hang it") { () throws in _ = try secrets.read("a@x") }
    chmod(folder.path, 0o755)
    #expect(throws: ConfigurationError.self) { () throws in try secrets.stage(Secret("x"), for: "b@x") }
  }
}
