import Foundation
import MailModel
import Sandbox
import TestSupport
import Testing

extension Stories {
  @Suite struct SharedWork {
    /// Fault 12.
    @Test func `two engines on one store share the work and double nothing`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      sandbox.configure { $0.dotDelay = .milliseconds(10) }
      let workspace = try StoryWorkspace(over: sandbox, ["IMAP_HOST": ""])
      try workspace.enqueue(Mail.many(600, named: "shared"))
      let engines = try ["one", "two"].map { name in
        try workspace.start(["engine", "--until-idle"], environment: ["EMAIL_HELO_NAME": "\(name).story.invalid"])
      }
      for engine in engines { #expect(engine.wait() == .exited(0), "\(engine.said)") }
      #expect(try workspace.states() == ["sent": 600])
      #expect(sandbox.record.doubledMessageIDs.isEmpty)
      let shares = engineShares(sandbox)
      #expect(shares.count == 2 && shares.values.reduce(0, +) == 600, "\(shares)")
      try workspace.expectSound()
    }

    /// How many messages came over connections of each EHLO name.
    private func engineShares(_ sandbox: Sandbox) -> [String: Int] {
      var names: [Int: String] = [:]
      for line in sandbox.record.log {
        guard let hello = line.range(of: " < EHLO "),
          let number = line.prefix(while: { $0 != " " }).split(separator: "#").last
        else { continue }
        names[Int(number) ?? 0] = String(line[hello.upperBound...])
      }
      return sandbox.record.acceptedMessages.reduce(into: [:]) {
        $0[names[$1.connection] ?? "unknown", default: 0] += 1
      }
    }

    /// Fault 14.
    @Test func `SIGTERM ends an engine in order`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      sandbox.configure { $0.dotDelay = .milliseconds(100) }
      let workspace = try StoryWorkspace(over: sandbox)
      try workspace.enqueue(Mail.many(300, named: "term"))
      let engine = try workspace.start(["engine"])
      #expect(TestEnvironment.wait { sandbox.record.acceptedCount >= 10 }, "\(engine.said)")
      engine.signal(SIGTERM)
      #expect(engine.wait() == .exited(0), "\(engine.said)")
      let states = try workspace.states()
      #expect(Set(states.keys) == ["sent", "queued"], "\(states)")
      #expect(states["sent"] == sandbox.record.acceptedCount)
      try workspace.expectSound()
    }

    /// Stops it with messages in hand, but not within a commit: whoever holds the database's lock stops everybody.
    private func freeze(_ engine: Program, in workspace: StoryWorkspace) throws -> Bool {
      engine.signal(SIGSTOP)
      let isStopped = TestEnvironment.wait(seconds: 2) { engine.state == "T" }
      let hasLeases = try workspace.count("message WHERE state = 'leased'") > 0
      if isStopped, hasLeases, workspace.isWritable { return true }
      engine.signal(SIGCONT)
      return false
    }

    /// Fault 10.
    @Test func `an engine stopped past its lease cannot send with its old epoch`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      // Slow enough that nothing is armed ahead.
      sandbox.configure { $0.replyDelay = .milliseconds(60) }
      let workspace = try StoryWorkspace(over: sandbox, ["LEASE_SECONDS": "1", "IMAP_HOST": ""])
      try workspace.enqueue(Mail.many(200, named: "frozen"))
      let frozen = try workspace.start(["engine"])
      #expect(TestEnvironment.wait { sandbox.record.acceptedCount >= 20 }, "\(frozen.said)")
      #expect(TestEnvironment.wait { (try? freeze(frozen, in: workspace)) ?? false }, "\(frozen.said)")
      let other = try workspace.run("engine", "--until-idle")
      let taken = sandbox.record.acceptedCount
      #expect(try workspace.count("message WHERE state IN ('queued', 'leased', 'armed')") == 0, "\(other.said)")
      frozen.signal(SIGCONT)
      // It wakes up with messages in hand that are not its own any more.
      _ = TestEnvironment.wait(seconds: 2) { sandbox.record.acceptedCount > taken }
      #expect(sandbox.record.acceptedCount == taken)
      frozen.signal(SIGTERM)
      #expect(frozen.wait() == .exited(0), "\(frozen.said)")
      #expect(sandbox.record.doubledMessageIDs.isEmpty)
      let states = try workspace.states()
      #expect((states["sent"] ?? 0) + (states["uncertain"] ?? 0) == 200, "\(states)")
      #expect((states["uncertain"] ?? 0) <= 4, "\(states)")
      try workspace.expectSound()
    }
  }
}
