import Foundation
import MailModel
import Sandbox
import TestSupport
import Testing

extension Stories {
  @Suite struct Kill {
    /// `POSTROOM_KILLS` for longer runs.
    static let rounds = Int(ProcessInfo.processInfo.environment["POSTROOM_KILLS"] ?? "") ?? 200

    /// Faults 1, 2: nothing lost, nothing doubled, every doubt `uncertain`, whatever the moment.
    @Test func `killing the engine at 200 random moments loses and doubles nothing`() throws {
      var random = SeededGenerator(seed: 20_261_121)
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      sandbox.configure {
        $0.dotDelay = .milliseconds(3)
        $0.keptBodyBytes = 0
      }
      let workspace = try StoryWorkspace(over: sandbox, ["LEASE_SECONDS": "1", "IMAP_HOST": ""])
      var enqueued: Set<String> = []
      for round in 0..<Self.rounds {
        if try workspace.count("message WHERE state = 'queued'") < 80 {
          let mails = Mail.many(300, named: "ok-\(round)") + Mail.many(10, "reject-5.1.1", named: "no-\(round)")
          try workspace.enqueue(mails)
          enqueued.formUnion(mails.map(\.messageID))
        }
        try killOnce(workspace, sandbox, after: Double.random(in: 0.005...0.12, using: &random))
      }
      try workspace.run("engine", "--until-idle")
      try expectNothingLostOrDoubled(workspace, sandbox, enqueued)
    }

    private func killOnce(_ workspace: StoryWorkspace, _ sandbox: Sandbox, after delay: Double) throws {
      let before = sandbox.record.acceptedCount
      let engine = try workspace.start(["engine"])
      #expect(
        TestEnvironment.wait { sandbox.record.acceptedCount > before || engine.ended() != nil }, "\(engine.said)")
      #expect(engine.ended() == nil, "\(engine.said)")
      let moment = Date().addingTimeInterval(delay)
      _ = TestEnvironment.wait(seconds: 1) { Date() >= moment }
      engine.killNow()
    }

    private func expectNothingLostOrDoubled(
      _ workspace: StoryWorkspace, _ sandbox: Sandbox, _ enqueued: Set<String>
    ) throws {
      let sent = try workspace.messageIDs(in: "sent")
      let uncertain = try workspace.messageIDs(in: "uncertain")
      let failed = try workspace.messageIDs(in: "failed")
      let taken = Set(sandbox.record.countsByMessageID.keys)
      #expect(sent.union(uncertain).union(failed) == enqueued)
      #expect(sent.count + uncertain.count + failed.count == enqueued.count)
      #expect(sandbox.record.doubledMessageIDs.isEmpty)
      #expect(sent.isSubset(of: taken), "recorded as sent and never taken: \(sent.subtracting(taken))")
      #expect(taken.isSubset(of: sent.union(uncertain)), "taken: \(taken.subtracting(sent).subtracting(uncertain))")
      // Doubt per crash is bounded by what the connections had armed.
      #expect(uncertain.count <= Self.rounds * 4)
      // The kills must have met the window between arm and reply, or this story shows nothing.
      #expect(!uncertain.isEmpty)
      try workspace.expectSound()
    }
  }
}
