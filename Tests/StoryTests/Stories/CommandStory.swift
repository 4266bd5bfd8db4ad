import MailModel
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// What commands answer is never an empty table because of a word they did not understand.
  @Suite struct Commands {
    private let sandbox = Sandbox()

    @Test func `filters mean what they mean in the console, and nothing else passes for an answer`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      try workspace.enqueue(Mail.many(3, named: "first"))
      try workspace.run("do", "queue.hold", "2", "--reason", "wrong price")
      let held = try workspace.run("queue", "--filter", "state:held").output
      #expect(held.contains("ok.1@demo.invalid") && !held.contains("ok.0@demo.invalid"), "\(held)")
      let accounts = try workspace.run("accounts", "--filter", "standing:flagged").output
      #expect(!accounts.contains("news@story.invalid"), "\(accounts)")
      for filter in ["state:helt", "standing:flagged", "actor:ana"] {
        let said = try workspace.run("queue", "--filter", filter, code: 64).said
        #expect(said.contains("--filter"), "\(said)")
      }
    }

    @Test func `options of every command may stand before it`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      try workspace.enqueue(Mail.many(1, named: "first"))
      let refused = try Program(
        StoryWorkspace.binary,
        ["--read-only", "--workspace", workspace.path, "do", "queue.hold", "1", "--reason", "x"],
        environment: StoryWorkspace.environment)
      #expect(refused.wait() == .exited(77) && refused.said.contains("--read-only"), "\(refused.said)")
      #expect(try workspace.states() == ["queued": 1])
    }
  }
}
