import Foundation
import MailModel
import Storage
import TestSupport
import Testing

@testable import Engine

/// Roles are bound to system users and changed by a lead only, audited; somebody always stays lead.
@Suite struct OperatorTests {
  private func change(_ place: TestWorkspace, _ verb: String, _ arguments: [String: String]) throws -> Effect {
    try place.open.operations.perform(
      "operators.\(verb)",
      OperationRequest(arguments: arguments.merging(["reason": "new in the team"]) { first, _ in first }))
  }

  private func text(_ place: TestWorkspace) throws -> String {
    try String(contentsOfFile: place.open.workspace.operatorsPath, encoding: .utf8)
  }

  @Test func `a lead gives, changes and takes roles; the file stays private and keeps its comments`() throws {
    let place = try TestWorkspace()
    _ = try change(place, "set", ["user": "ben", "role": "operator"])
    _ = try change(place, "set", ["user": "ben", "role": "reviewer"])
    #expect(try text(place).hasPrefix("# Who may do what"))
    #expect(try Operators(path: place.open.workspace.operatorsPath).roles == ["tess": .lead, "ben": .reviewer])
    let mode = try FileManager.default.attributesOfItem(atPath: place.open.workspace.operatorsPath)[.posixPermissions]
    #expect(mode as? Int == 0o600)
    #expect(!FileManager.default.fileExists(atPath: place.open.workspace.operatorsPath + ".new"))
    _ = try change(place, "remove", ["user": "ben"])
    #expect(try Operators(path: place.open.workspace.operatorsPath).roles == ["tess": .lead])
    let rows = try place.audit("operators.set")
    #expect(rows.map(\.subject) == ["operator:ben", "operator:ben"] && rows[1].reason == "new in the team")
    #expect(rows[1].details.contains("\"before\":\"operator\"") && rows[1].details.contains("\"after\":\"reviewer\""))
  }

  @Test func `roles that were edited by hand raise an alert until a lead answers for them`() throws {
    let place = try TestWorkspace()
    func isAltered() throws -> Bool { try place.open.overview().alerts.contains { $0.id == "roles-altered" } }
    func edit() throws {
      let path = place.open.workspace.operatorsPath
      try (text(place) + "eve lead\n").write(toFile: path, atomically: false, encoding: .utf8)
    }
    // A new workspace's maker fills it in with an editor.
    try edit()
    #expect(try !isAltered())
    _ = try change(place, "remove", ["user": "eve"])
    #expect(try !isAltered())
    try edit()
    #expect(try isAltered())
    let request = OperationRequest(arguments: ["user": "tess", "role": "lead", "reason": "looked at it"])
    #expect(try place.open.operations.preview("operators.set", request).lines.contains { $0.contains("by hand") })
    _ = try place.open.operations.perform("operators.set", request)
    #expect(try !isAltered())
    #expect(throws: OperationRefusal.self) { try place.open.operations.perform("operators.set", request) }
  }

  /// A change of roles that is committed and whose file is not in its place yet.
  private func halfDone(_ place: TestWorkspace, _ user: String) throws -> Effect {
    let runner = place.open.operations
    let request = OperationRequest(arguments: ["user": user, "role": "operator", "reason": "new in the team"])
    let operation = try runner.check("operators.set", request, needsReason: true)
    return try place.store.write { try runner.perform(operation, request, $0) }
  }

  /// How many descriptors of this process stand for a folder.
  private func holders(of folder: String) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return names.count { (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == folder }
  }

  @Test func `of two changes at once neither is lost`() throws {
    let place = try TestWorkspace()
    let first = try halfDone(place, "ben")
    let runner = place.open.operations
    let request = OperationRequest(arguments: ["user": "cem", "role": "reviewer", "reason": "new in the team"])
    let second = Meanwhile(named: "second") { try runner.perform("operators.set", request).summary }
    let folder = URL(filePath: place.open.workspace.operatorsPath).deletingLastPathComponent().path
    #expect(TestEnvironment.wait { holders(of: folder) == 2 }, "the second waits for the first one's lock")
    #expect(try place.audit("operators.set").count == 1)
    try first.afterCommit?()
    _ = try second.value()
    let path = place.open.workspace.operatorsPath
    #expect(try Operators(path: path).roles == ["tess": .lead, "ben": .operator, "cem": .reviewer])
    #expect(try place.store.read { try !RolesSeal.isBroken(path, $0) })
  }

  @Test func `a change that is not in its place refuses others, until its process ends`() throws {
    let place = try TestWorkspace()
    var first: Effect? = try halfDone(place, "ben")
    let refusal = try #require(throws: OperationRefusal.self) {
      try change(place, "set", ["user": "cem", "role": "reviewer"])
    }
    #expect("\(refusal)".contains("somebody else is changing roles") && first != nil)
    #expect(try place.audit("operators.set").count == 1)
    first = nil
    _ = try change(place, "set", ["user": "cem", "role": "reviewer"])
    // The audit row says what was meant; the roles are those of before.
    #expect(try Operators(path: place.open.workspace.operatorsPath).roles == ["tess": .lead, "cem": .reviewer])
  }

  @Test func `roles that cannot be read are neither altered nor changed`() throws {
    let place = try TestWorkspace()
    let path = place.open.workspace.operatorsPath
    func isAltered() throws -> Bool { try place.open.overview().alerts.contains { $0.id == "roles-altered" } }
    _ = try change(place, "set", ["user": "ben", "role": "operator"])
    #expect(try RolesSeal.text(path) == text(place))
    try FileManager.default.removeItem(atPath: path)
    #expect(try RolesSeal.text(path) == "" && isAltered())
    // EISDIR for root too, whom no mode keeps from reading.
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(try !isAltered())
    let error = try #require(throws: ConfigurationError.self) {
      try change(place, "set", ["user": "tess", "role": "lead"])
    }
    #expect(error.problem == "cannot be read: Is a directory" && error.place.file == path)
    #expect(try place.audit("operators.set").count == 1)
  }

  @Test func `a role that was taken away counts at once in what is open already`() throws {
    let place = try TestWorkspace()
    let path = place.open.workspace.operatorsPath
    let user = Operators.systemUser()
    try "\(user) operator\n".write(toFile: path, atomically: true, encoding: .utf8)
    let person = try OpenWorkspace(
      place.open.workspace, dataFolder: TestWorkspace.repository.appending(path: "data"), log: place.open.log)
    defer { person.close() }
    #expect(person.scanRefusal == nil && person.operations.actor.role == .operator)
    try "\(user) watcher\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(person.operations.actor.role == .watcher)
    #expect("\(try #require(person.scanRefusal))".contains("you are watcher"))
    try "\(user) operator\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(person.scanRefusal == nil)
  }

  @Test func `roles that cannot be read give nobody a role, and are told`() throws {
    let place = try TestWorkspace()
    let path = place.open.workspace.operatorsPath
    let person = try OpenWorkspace(
      place.open.workspace, dataFolder: TestWorkspace.repository.appending(path: "data"), log: place.open.log)
    defer { person.close() }
    let request = OperationRequest(arguments: ["most": "3", "reason": "x"])
    for (make, problem) in [
      ({ try Data([0x72, 0xFF, 0xFE]).write(to: URL(filePath: path)) }, "is not UTF-8"),
      (
        {
          try FileManager.default.removeItem(atPath: path)
          try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        }, "cannot be read: Is a directory"
      ),
    ] {
      try make()
      let error = try #require(throws: ConfigurationError.self) { try Operators(path: path) }
      #expect(error.problem == problem && error.place.file == path)
      // A console that is open already: its next operation says why it is refused.
      let refusal = try #require(throws: OperationRefusal.self) {
        try person.operations.perform("run.limit", request)
      }
      #expect("\(refusal)".contains(path) && "\(refusal)".contains(problem), "\(refusal)")
    }
    #expect(try place.audit("run.limit").isEmpty)
  }

  @Test func `the last lead stays lead`() throws {
    let place = try TestWorkspace()
    let before = try text(place)
    #expect(throws: OperationRefusal.self) { try change(place, "remove", ["user": "tess"]) }
    #expect(throws: OperationRefusal.self) { try change(place, "set", ["user": "tess", "role": "reviewer"]) }
    #expect(try text(place) == before && place.audit("operators.set").isEmpty)
    _ = try change(place, "set", ["user": "ben", "role": "lead"])
    _ = try change(place, "remove", ["user": "tess"])
    #expect(try Operators(path: place.open.workspace.operatorsPath).roles == ["ben": .lead])
  }

  @Test(arguments: ["", "-x", "a b", "a#b", "ben\nroot lead", "tess\u{202E}", String(repeating: "a", count: 33)])
  func `what is no user name is refused`(user: String) throws {
    let place = try TestWorkspace()
    let before = try text(place)
    #expect(throws: OperationRefusal.self) { try change(place, "set", ["user": user, "role": "lead"]) }
    #expect(try text(place) == before)
  }

  @Test(arguments: ["", "god", "leads", "lead\nben lead"])
  func `what is no role is refused`(role: String) throws {
    #expect(throws: OperationRefusal.self) {
      try change(try TestWorkspace(), "set", ["user": "ben", "role": role])
    }
  }

  struct Change: Sendable {
    var before: String
    var user: String
    var role: Role?
    var after: String
  }

  static let changes = [
    Change(
      before: "tess lead\nben operator # nights\n", user: "ben", role: .reviewer,
      after: "tess lead\nben reviewer  # nights\n"),
    Change(before: "tess lead\nben operator\nben reviewer\n", user: "ben", role: .lead, after: "tess lead\nben lead\n"),
    Change(before: "tess lead\n  ben\toperator\n", user: "ben", role: nil, after: "tess lead\n"),
    Change(before: "tess lead\r\nben operator\r\n", user: "ben", role: nil, after: "tess lead\n"),
    Change(before: "tess lead", user: "cem", role: .watcher, after: "tess lead\ncem watcher\n"),
    Change(before: "# ben lead\ntess lead\n", user: "ben", role: nil, after: "# ben lead\ntess lead\n"),
  ]

  @Test(arguments: changes)
  func `one line changes, the others stay`(change: Change) throws {
    #expect(Operators.changed(change.before, user: change.user, role: change.role) == change.after)
    #expect(try Operators(parsing: change.after, file: "x").roles[change.user] == change.role)
  }

  @Test func `a refusal says which role could and who has it`() throws {
    let place = try TestWorkspace()
    let runner = try place.runner("eve", .watcher, operators: "ana reviewer\nben lead\ncem operator\n")
    let refusal = try #require(throws: OperationRefusal.self) {
      try runner.perform("account.restrict", OperationRequest(targets: [.init(id: "1")]))
    }
    #expect("\(refusal)".contains("needs the role reviewer; you are watcher. Who could: ana (reviewer), ben (lead)"))
  }

  @Test func `read-only refuses everything but looking and stopping, whatever the role`() throws {
    let place = try TestWorkspace()
    let open = try OpenWorkspace(
      place.open.workspace, dataFolder: TestWorkspace.repository.appending(path: "data"), log: place.open.log,
      actor: TestWorkspace.person(.lead), isReadOnly: true)
    defer { open.close() }
    #expect(open.actor.role == .watcher)
    for operation in Operation.all where operation.role > .watcher {
      #expect(throws: OperationRefusal.readOnly(operation.id)) {
        try open.operations.perform(operation.id, OperationRequest(targets: [.init(id: "1")]))
      }
    }
    // The same words for what is no operation of the list.
    #expect(throws: OperationRefusal.readOnly("message.enqueue")) { try open.submitter() }
    #expect(open.refusal(of: "engine") == .readOnly("engine"))
    #expect(place.open.refusal(of: "engine") == nil)
    _ = try open.operations.perform("stop.trip", OperationRequest())
    #expect(try place.permit().state == .stopped)
  }
}
