import Foundation
import GRDB
import Glibc
import MailModel
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// Two people are two system users, each with a process of their own, in a workspace that a group shares.
  /// Only root can be both.
  @Suite(.enabled(if: geteuid() == 0)) struct People {
    /// Users that every Debian has; `games` stands for the desk's group.
    private static let group = "games"
    private static let (first, second, stranger) = ("daemon", "bin", "sys")

    private let sandbox = Sandbox()
    private let account = "loud@story.invalid"

    /// Runs the program as another system user, with that user's name and no right of root's.
    private func run(_ user: String, _ workspace: StoryWorkspace, inGroup: Bool = true, _ arguments: String...) throws
      -> Program
    {
      let groups = inGroup ? ["--groups", Self.group] : ["--clear-groups"]
      let program = try Program(
        "/usr/bin/setpriv",
        ["--reuid", user, "--regid", user] + groups + [StoryWorkspace.binary, "--workspace", workspace.path]
          + arguments,
        environment: StoryWorkspace.environment)
      _ = program.wait()
      return program
    }

    private func shared() throws -> StoryWorkspace {
      let workspace = try StoryWorkspace(over: sandbox)
      #expect(chmod(workspace.folder.path, 0o755) == 0)
      try "root lead\n\(Self.first) reviewer\n\(Self.second) reviewer\n".write(
        toFile: "\(workspace.path)/operators", atomically: false, encoding: .utf8)
      try workspace.enqueue(Mail.many(1, named: "first", from: account))
      try workspace.run("do", "account.restrict", account, "--reason", "five complaints", "--yes")
      return workspace
    }

    @Test func `nobody else gets in until it is shared; then one asks, another approves`() throws {
      defer { sandbox.stop() }
      let workspace = try shared()
      let before = try run(Self.first, workspace, "status")
      #expect(before.wait() == .exited(78) && before.said.contains("daemon may not read it"), "\(before.said)")
      try workspace.run(
        "do", "workspace.share", "--set", "group=\(Self.group)", "--reason", "the desk", "--yes")
      let foreign = try run(Self.stranger, workspace, inGroup: false, "status")
      #expect(foreign.wait() == .exited(78), "\(foreign.said)")
      let asked = try run(Self.first, workspace, "do", "account.lift", account, "--reason", "they called", "--yes")
      #expect(asked.wait() == .exited(75), "\(asked.said)")
      let own = try run(Self.first, workspace, "approvals", "approve", "1", "--yes")
      #expect(
        own.wait() != .exited(0)
          && own.said.contains("it was you who asked for it; somebody else may approve it: bin (reviewer)"),
        "\(own.said)")
      let approved = try run(Self.second, workspace, "approvals", "approve", "1", "--yes")
      #expect(approved.wait() == .exited(0), "\(approved.said)")
      #expect(try workspace.count("account WHERE address = ? AND standing = 'good'", [account]) == 1)
      #expect(try workspace.count("audit WHERE operation = 'account.lift' AND actor = 'daemon'") == 1)
      #expect(try workspace.count("audit WHERE operation = 'approval.approve' AND actor = 'bin'") == 1)
      // The emergency stop is everybody's, whoever made it: root takes it away again.
      let stopped = try run(Self.second, workspace, "stop", "--reason", "trying it")
      #expect(stopped.wait() == .exited(0), "\(stopped.said)")
      try workspace.run("reset", "--reason", "tried", "--yes")
      try workspace.expectSound()
    }
  }
}
