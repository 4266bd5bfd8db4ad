import Foundation
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// Pages that are made from the program are what the program prints.
  @Suite struct Papers {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()

    @Test(arguments: [
      ("configuration", "docs/configuration.md"), ("operations", "docs/operations.md"), ("keys", "docs/keys.md"),
      ("env", ".env.example"),
    ])
    func `generated pages are up to date (make docs)`(_ page: String, _ file: String) throws {
      let program = try Program(StoryWorkspace.binary, ["docs", page], environment: [:])
      #expect(program.wait() == .exited(0), "\(program.said)")
      let written = try String(contentsOf: Self.root.appending(path: file), encoding: .utf8)
      #expect(program.output == written)
    }

    @Test func `a program without the files that come with it says so and can still stop`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      let prefix = try TemporaryFolder()
      try FileManager.default.createDirectory(atPath: "\(prefix.path)/bin", withIntermediateDirectories: true)
      let moved = "\(prefix.path)/bin/postroom"
      try FileManager.default.copyItem(atPath: StoryWorkspace.binary, toPath: moved)
      func run(_ word: String) throws -> (Program.Ending?, said: String) {
        let program = try Program(
          moved, ["--workspace", workspace.path, word], environment: StoryWorkspace.environment)
        return (program.wait(), program.said)
      }
      for word in ["engine", "status", "check", "keys"] {
        let (ending, said) = try run(word)
        #expect(
          ending == .exited(78) && said.contains("\(moved): the files that come with it are not found"), "\(said)")
      }
      #expect(try run("stop").0 == .exited(0))
      // As `make install` puts them.
      try FileManager.default.createDirectory(
        atPath: "\(prefix.path)/share/postroom", withIntermediateDirectories: true)
      for name in ["data", "themes", "keymaps.conf"] {
        try FileManager.default.copyItem(
          atPath: Self.root.appending(path: name).path, toPath: "\(prefix.path)/share/postroom/\(name)")
      }
      #expect(try run("check").0 == .exited(0))
    }

    @Test func `every section of the keymap stands in the page of keys`() throws {
      let keymap = try String(contentsOf: Self.root.appending(path: "keymaps.conf"), encoding: .utf8)
      let page = try String(contentsOf: Self.root.appending(path: "docs/keys.md"), encoding: .utf8)
      let parts = keymap.split(separator: "\n[").dropFirst().map { $0.split(separator: "]", maxSplits: 1) }
      for part in parts where part.count == 2 && part[1].contains(" = :") && part[0] != "*" {
        #expect(page.contains("\n## \(part[0].capitalized)\n"), "\(part[0])")
      }
    }

    @Test func `the keymap that is shipped has no problems`() throws {
      let program = try Program(StoryWorkspace.binary, ["keys", "check"], environment: [:])
      #expect(program.wait() == .exited(0), "\(program.said)")
    }

    @Test func `every command has help worth reading, and wrong usage is told apart`() throws {
      for command in [
        "init", "check", "enqueue", "engine", "status", "stop", "reset", "resume", "bounces-scan", "audit",
      ] {
        let program = try Program(StoryWorkspace.binary, [command, "--help"], environment: [:])
        #expect(program.wait() == .exited(0))
        #expect(program.output.contains("OVERVIEW"), "\(command)")
      }
      let one = try Program(StoryWorkspace.binary, ["operations", "workspace.share"], environment: [:])
      #expect(one.wait() == .exited(0) && one.output.contains("--set group=…  The system group"), "\(one.output)")
      for slip in [["operations", "pause.ad"], ["do", "pause.ad"]] {
        let near = try Program(StoryWorkspace.binary, slip, environment: [:])
        #expect(near.wait() == .exited(64) && near.said.contains("did you mean 'pause.add'?"), "\(near.said)")
      }
      let wrong = try Program(StoryWorkspace.binary, ["status", "--no-such-flag"], environment: [:])
      #expect(wrong.wait() == .exited(64))
    }
  }
}
