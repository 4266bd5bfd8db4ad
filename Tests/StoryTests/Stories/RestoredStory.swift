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

    @Test func `the guide's commands keep back what the send log knows of, recipient by recipient`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox, ["IMAP_HOST": "", "RETRY_FIRST_SECONDS": "3600"])
      let files = try TemporaryFolder()
      let mail = try files.write(
        "a.eml",
        "From: news@demo.invalid\nTo: ok@demo.invalid, defer-4.3.1@demo.invalid, drop-after-dot@demo.invalid\n"
          + "Subject: three\n\nHello\n")
      try workspace.run("enqueue", mail)
      let backup = "\(files.path)/backup"
      try Command.run("/bin/cp", "-a", workspace.path, backup)
      try workspace.run("engine", "--until-idle")
      for name in ["postroom.sqlite-wal", "postroom.sqlite-shm"] { unlink("\(workspace.path)/\(name)") }
      for name in ["postroom.sqlite", "postroom.sqlite-wal"]
      where FileManager.default.fileExists(atPath: "\(backup)/\(name)") {
        try Command.run("/bin/cp", "\(backup)/\(name)", "\(workspace.path)/\(name)")
      }
      try workspace.run("engine", "--until-idle", code: 75)
      try runGuide(in: workspace.path, files)
      let queue = try workspace.status().queue
      #expect(queue.filter { $0.value > 0 } == ["cancelled": 1, "held": 1, "queued": 1])
      let taken = sandbox.record.acceptedCount
      let log = try String(contentsOfFile: "\(workspace.path)/outbox/send_log.jsonl", encoding: .utf8)

      // What is sent from now on stands in the log, for the next time.
      try workspace.run("reset", "--reason", "restored", "--yes")
      try workspace.run("resume", "--yes")
      try workspace.run("engine", "--until-idle")
      let grown = try String(contentsOfFile: "\(workspace.path)/outbox/send_log.jsonl", encoding: .utf8)
      #expect(grown.hasPrefix(log) && grown.dropFirst(log.count).contains("defer-4.3.1@demo.invalid"), "\(grown)")
      #expect(sandbox.record.acceptedCount == taken)
    }

    /// Step 4 of `docs/backup.md`, as it stands there.
    private func runGuide(in workspace: String, _ files: TemporaryFolder) throws {
      var root = URL(filePath: #filePath)
      for _ in 0..<4 { root.deleteLastPathComponent() }
      let guide = try String(contentsOf: root.appending(path: "docs/backup.md"), encoding: .utf8)
      let blocks = guide.split(separator: "```").filter { $0.contains("named accepted") }
      let script = try files.write("step.sh", "set -e\ncd '\(workspace)'\n\(try #require(blocks.first))")
      try FileManager.default.createSymbolicLink(
        atPath: "\(files.path)/postroom", withDestinationPath: StoryWorkspace.binary)
      let path = "\(files.path):\(StoryWorkspace.environment["PATH"] ?? "")"
      let shell = try Program(
        "/bin/sh", [script], environment: StoryWorkspace.environment.merging(["PATH": path]) { $1 })
      #expect(shell.wait() == .exited(0), "\(shell.said)")
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
