import Foundation
import GRDB
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// Fault 7: what was sent since a backup must not be sent again.
  @Suite struct Restored {
    @Test func `a copied workspace and a restored database start latched and say why`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox, ["IMAP_HOST": ""])
      try workspace.enqueue(Mail.many(40, named: "restored"))
      let folder = try TemporaryFolder()
      let backup = "\(folder.path)/backup"
      let copy = "\(folder.path)/copy"
      try Command.run("/bin/cp", "-a", workspace.path, backup)
      try workspace.run("engine", "--until-idle")
      #expect(sandbox.record.acceptedCount == 40)

      // The backup beside the original: all forty wait in it.
      try Command.run("/bin/cp", "-a", backup, copy)
      try expectLatched(workspace, at: copy, "copied workspace", due: 40)
      // The backup's database over the newer one, into the same files.
      for name in ["postroom.sqlite-wal", "postroom.sqlite-shm"] { unlink("\(workspace.path)/\(name)") }
      try Command.run("/bin/cp", "\(backup)/postroom.sqlite", "\(workspace.path)/postroom.sqlite")
      if FileManager.default.fileExists(atPath: "\(backup)/postroom.sqlite-wal") {
        try Command.run("/bin/cp", "\(backup)/postroom.sqlite-wal", "\(workspace.path)/postroom.sqlite-wal")
      }
      try expectLatched(workspace, at: workspace.path, "older than what was at work here last", due: 40)
      #expect(sandbox.record.acceptedCount == 40)
      #expect(sandbox.record.doubledMessageIDs.isEmpty)

      // A person looks, gives the cause, and decides.
      try workspace.run("reset", "--reason", "restored last night's backup on purpose", "--yes")
      try workspace.run("resume", "--yes")
      #expect(try workspace.status().stop.state != "stopped")
    }

    private func expectLatched(_ workspace: StoryWorkspace, at path: String, _ words: String, due: Int) throws {
      let engine = try Program(
        StoryWorkspace.binary, ["--workspace", path, "engine", "--until-idle"], environment: StoryWorkspace.environment)
      #expect(engine.wait() == .exited(75), "\(engine.said)")
      #expect(engine.errors.contains("sending is stopped with \(due) message"), "\(engine.said)")
      let status = try Program(
        StoryWorkspace.binary, ["--workspace", path, "status"], environment: StoryWorkspace.environment)
      #expect(status.wait() == .exited(0))
      #expect(status.output.contains("stopped") && status.output.contains(words), "\(status.said)")
      let audit = try Program(
        StoryWorkspace.binary, ["--workspace", path, "audit", "verify"], environment: StoryWorkspace.environment)
      #expect(audit.wait() == .exited(0), "\(audit.said)")
    }
  }
}
