import Foundation
import Testing

@testable import Engine

/// Files that people write: whoever has no free descriptor must not be told that one is damaged.
@Suite struct WholeFileTests {
  @Test func `a file that cannot be read is told in the system's words`() throws {
    let place = try TestWorkspace()
    let folder = place.folder.path
    let missing = folder + "/missing"
    let material = OperationRequest(arguments: ["file": missing, "reason": "x"])
    let settings: [(String, () throws -> Void)] = [
      ("contacts", { _ = try ContactsFile.read(URL(filePath: missing)) }),
      ("template", { _ = try NoticeTemplate(path: missing) }),
      ("bounce rules", { _ = try BounceRuleFiles.read(dataFolder: URL(filePath: missing), workspace: nil) }),
    ]
    for (name, read) in settings {
      let error = try #require(throws: ConfigurationError.self, "\(name)") { try read() }
      #expect(error.problem == "cannot be read: No such file or directory", "\(name)")
    }
    // Whoever names a file that is not there has no setting to correct: another error, another exit status.
    let given: [(String, () throws -> Void)] = [
      ("log", { _ = try place.open.importRelayLog(material) }),
      ("events", { _ = try place.open.importEvents(material) }),
      ("suppressions", { _ = try SuppressionFile(path: missing) }), ("roster", { _ = try Roster(path: missing) }),
    ]
    for (name, read) in given {
      let error = try #require(throws: FileProblem.self, "\(name)") { try read() }
      #expect("\(error)".hasPrefix("\(missing): cannot be read: No such file or directory; expected a"), "\(name)")
    }
    let directory = try #require(throws: FileProblem.self) {
      try place.open.importRelayLog(OperationRequest(arguments: ["file": folder, "reason": "x"]))
    }
    #expect(directory.code == EISDIR)
    let binary = folder + "/binary"
    try Data([0xFF, 0xFE]).write(to: URL(filePath: binary))
    #expect(
      try #require(throws: ConfigurationError.self) { try NoticeTemplate(path: binary) }.problem == "is not UTF-8")
  }

  @Test func `a file is read whole, or up to a limit`() throws {
    let place = try TestWorkspace()
    let text = String(repeating: "0123456789", count: 20_000)
    let path = try place.file("long", text)
    #expect(try WholeFile.text(path, expected: "x") == text)
    #expect(try WholeFile.material(path, expected: "x", limit: 70_001).count == 70_001)
    #expect(try WholeFile.readIfThere(path, expected: "x")?.count == 200_000)
    #expect(try WholeFile.readIfThere(path + ".none", expected: "x") == nil)
  }
}
