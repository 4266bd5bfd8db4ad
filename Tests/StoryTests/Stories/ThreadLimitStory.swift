import Foundation
import Glibc
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// A user or a container that may have no more threads. Only root can be another user, and no limit holds root.
  @Suite(.enabled(if: geteuid() == 0)) struct ThreadLimit {
    /// A user that every Debian has and nobody else's processes run as.
    private static let user = "irc"

    private func run(_ threads: Int, _ workspace: StoryWorkspace, _ arguments: String...) throws -> Program {
      let program = try Program(
        "/usr/bin/setpriv",
        [
          "--reuid", Self.user, "--regid", Self.user, "--clear-groups", "/usr/bin/prlimit", "--nproc=\(threads)",
          StoryWorkspace.binary, "--workspace", workspace.path,
        ] + arguments,
        environment: StoryWorkspace.environment)
      _ = program.wait()
      return program
    }

    private func workspace(_ sandbox: Sandbox) throws -> StoryWorkspace {
      let workspace = try StoryWorkspace(over: sandbox, ["WORKERS": "16"])
      try "root lead\n\(Self.user) lead\n".write(
        toFile: "\(workspace.path)/operators", atomically: false, encoding: .utf8)
      try workspace.enqueue(Mail.many(3, named: "few"))
      _ = try Command.run("/usr/bin/chown", "-R", "\(Self.user):", workspace.folder.path)
      return workspace
    }

    @Test func `an engine that gets too few threads ends, says so, and has sent nothing`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let workspace = try workspace(sandbox)
      let engine = try run(12, workspace, "engine", "--until-idle")
      #expect(engine.wait() == .exited(75), "\(engine.said)")
      #expect(engine.said.contains("the system gives no thread for '"), "\(engine.said)")
      #expect(sandbox.record.acceptedCount == 0)
      #expect(try workspace.states() == ["queued": 3])
      let again = try run(64, workspace, "engine", "--until-idle")
      #expect(again.wait() == .exited(0), "\(again.said)")
      #expect(sandbox.record.acceptedCount == 3)
    }

    @Test func `a stop needs no thread but its own`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let workspace = try workspace(sandbox)
      let stop = try run(1, workspace, "stop", "--reason", "a storm")
      #expect(stop.wait() == .exited(0), "\(stop.said)")
      #expect(stop.said.contains("stopped: ") && !stop.said.contains("permit row was not written"), "\(stop.said)")
      let status = try run(64, workspace, "status")
      #expect(status.output.contains("a storm"), "\(status.said)")
    }
  }
}
