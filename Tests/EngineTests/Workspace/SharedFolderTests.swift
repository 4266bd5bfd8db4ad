import Foundation
import MailModel
import Testing

@testable import Engine

/// Several system users in one workspace: it is shared with a group, and with nobody else.
@Suite struct SharedFolderTests {
  private let ownGroup = getgrgid(getegid()).map { String(cString: $0.pointee.gr_name) } ?? ""

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require((attributes[.posixPermissions] as? NSNumber)?.intValue)
  }

  private func share(_ place: TestWorkspace, group: String) throws -> Effect {
    try place.open.operations.perform(
      "workspace.share", OperationRequest(arguments: ["group": group, "reason": "the desk works here"]))
  }

  @Test func `what is there and what comes later is the group's, and nobody else's`() throws {
    let place = try TestWorkspace()
    let effect = try share(place, group: ownGroup)
    #expect(effect.summary == "shared with group \(ownGroup)")
    let folder = place.folder.path
    for name in ["", "outbox"] { #expect(try mode("\(folder)/\(name)") == 0o2770, "\(name)") }
    for name in ["operators", "postroom.sqlite", "postroom.sqlite-wal"] {
      #expect(try mode("\(folder)/\(name)") == 0o660, "\(name)")
    }
    for name in [".env", "token.key"] { #expect(try mode("\(folder)/\(name)") == 0o640, "\(name)") }
    // The program still takes it, and what it makes from now on is for all of them.
    _ = try Workspace(folder: place.folder, environment: [:])
    _ = try place.open.operations.perform(
      "operators.set", OperationRequest(arguments: ["user": "ben", "role": "lead", "reason": "joins"]))
    #expect(try mode("\(folder)/operators") == 0o660)
    try place.open.stop.latch.create(by: TestWorkspace.person(.lead), reason: "", at: Timestamp(seconds: 1))
    #expect(try mode(place.open.stop.latch.path) == 0o660)
    let journal = try DotJournal(folder: place.open.workspace.journalFolder, owner: "desk:1#1")
    #expect(try mode(place.open.workspace.journalFolder.path) == 0o2770 && mode(journal.path) == 0o660)
    try place.open.secrets.stage(Secret("pass"), for: "a@b.example")
    try place.open.secrets.adopt("a@b.example")
    #expect(try place.open.secrets.read("a@b.example").reveal() == "pass")
    #expect(try place.audit("workspace.share").count == 1)
    #expect(try mode("\(folder)/secrets") == 0o2770 && mode("\(folder)/secrets/a@b%2eexample") == 0o640)
    #expect(chmod("\(folder)/secrets/a@b%2eexample", 0o600) == 0)
    try SharedFolder.share(folder, with: getegid())
    #expect(try mode("\(folder)/secrets/a@b%2eexample") == 0o640, "a password of before is the group's to read")
  }

  @Test func `a group that there is not is refused, and so is whoever is no lead`() throws {
    let place = try TestWorkspace()
    for group in ["", "no-such-group", "a b"] {
      #expect(throws: OperationRefusal.self) { try share(place, group: group) }
    }
    let reviewer = try TestWorkspace(role: .reviewer)
    #expect(throws: OperationRefusal.self) { try share(reviewer, group: ownGroup) }
    #expect(try mode(place.folder.path) == 0o700 && mode(reviewer.folder.path) == 0o700)
  }

  /// A file that its group can read is refused unless that very group shares the folder.
  @Test(arguments: [(0o700, 0o640), (0o770, 0o640), (0o2770, 0o644), (0o2775, 0o640), (0o2750, 0o640)])
  func `a half open workspace is refused`(folder: Int, file: Int) throws {
    let place = try TestWorkspace()
    let path = place.folder.appending(path: ".env").path
    #expect(chmod(path, mode_t(file)) == 0 && chmod(place.folder.path, mode_t(folder)) == 0)
    #expect(throws: ConfigurationError.self) { try Workspace(folder: place.folder, environment: [:]) }
    #expect(chmod(path, 0o640) == 0 && chmod(place.folder.path, 0o2770) == 0)
    _ = try Workspace(folder: place.folder, environment: [:])
  }
}
