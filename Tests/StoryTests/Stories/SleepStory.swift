import Foundation
import MailModel
import Sandbox
import TestSupport
import Testing

extension Stories {
  @Suite struct Sleep {
    /// Obligation (d) for an engine that is not dead but slept longer than its leases: another takes its mail into doubt,
    /// and once awake it knows itself which of them had no dot and which replies wait in its connections.
    @Test func `an engine that sleeps past its lease leaves no doubt when it wakes`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      sandbox.configure { $0.dotDelay = .milliseconds(2) }
      let workspace = try StoryWorkspace(over: sandbox, ["LEASE_SECONDS": "1", "IMAP_HOST": "", "WORKERS": "4"])
      let mails = Mail.many(3_000, named: "sleep")
      try workspace.enqueue(mails)
      let sleeper = try workspace.start(["engine"])
      #expect(TestEnvironment.wait { sandbox.record.acceptedCount >= 200 }, "\(sleeper.said)")
      try putToSleep(sleeper, workspace)
      let armed = try workspace.count("message WHERE state = 'armed'")
      // More than its connections, or this shows nothing about those that are armed ahead.
      #expect(armed > 4)
      let other = try workspace.start(["engine"])
      let isDoubted = workspace.wait(seconds: 60) { try $0.count("message WHERE state = 'uncertain'") > 4 }
      #expect(isDoubted, "\(workspace.summary) \(other.said)")
      sleeper.signal(SIGCONT)
      let isDone = workspace.wait(seconds: 180) { try $0.states() == ["sent": 3_000] }
      #expect(isDone, "\(workspace.summary) \(sleeper.said)")
      for engine in [sleeper, other] {
        engine.signal(SIGTERM)
        #expect(engine.wait() == .exited(0), "\(engine.said)")
      }
      let trace = try workspace.trace(sandbox, acknowledged: Set(mails.map(\.messageID)))
      #expect(trace.violations.isEmpty, "\(trace.violations.prefix(5))")
      try workspace.expectSound()
    }

    /// Between two of its transactions: asleep with the store's lock in hand it would keep everybody else waiting.
    private func putToSleep(_ engine: Program, _ workspace: StoryWorkspace) throws {
      let isAsleep = try TestEnvironment.wait {
        engine.signal(SIGSTOP)
        _ = TestEnvironment.wait { engine.state == "T" }
        let armed = try workspace.count("message WHERE state = 'armed'")
        if armed > 4, workspace.isWritable { return true }
        // Awake until the next look, which is long enough to end a transaction.
        engine.signal(SIGCONT)
        return false
      }
      try #require(isAsleep, "no moment without a transaction: \(engine.said)")
    }
  }
}
