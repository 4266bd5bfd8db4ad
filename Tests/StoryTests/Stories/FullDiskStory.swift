import Foundation
import MailModel
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// Fault 4.
  @Suite(.enabled(if: SmallDisk.isPossible)) struct FullDisk {
    @Test func `enqueue is refused clearly, nothing is partial, and it goes on when there is room`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let disk = try SmallDisk(megabytes: 12)
      let workspace = try StoryWorkspace(over: sandbox, ["IMAP_HOST": ""], in: disk.path)
      try workspace.enqueue(Mail.many(20, named: "early"))
      try disk.fill(leaving: 64 << 10)
      let files = try TemporaryFolder()
      let large = try (0..<4).map {
        try files.write("\($0).eml", Mail("large-\($0)", to: "ok@demo.invalid", size: 300_000).text)
      }
      let refused = try workspace.start(["enqueue"] + large)
      guard case .exited(let code)? = refused.wait() else {
        Issue.record("enqueue did not end: \(refused.said)")
        return
      }
      #expect(code != 0)
      #expect(refused.errors.contains("the disk is full"), "\(refused.said)")
      #expect(try workspace.count("message") == 20)
      #expect(try workspace.count("body") == 20)
      let check = try workspace.run("check", "--offline", code: 78).output
      #expect(check.contains("FAILED   disk: "), "\(check)")
      disk.free()
      let accepted = try workspace.start(["enqueue"] + large)
      #expect(accepted.wait() == .exited(0), "\(accepted.said)")
      try workspace.run("engine", "--until-idle")
      #expect(try workspace.states() == ["sent": 24])
      #expect(sandbox.record.acceptedCount == 24)
      try workspace.expectSound()
    }

    @Test func `a stop on a full disk stops, and says each problem once`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let disk = try SmallDisk(megabytes: 12)
      let workspace = try StoryWorkspace(over: sandbox, ["IMAP_HOST": ""], in: disk.path)
      try disk.fill()
      let stop = try workspace.start(["stop", "--reason", "full"])
      #expect(stop.wait() == .exited(0), "\(stop.said)")
      #expect(FileManager.default.fileExists(atPath: workspace.latchPath))
      #expect(stop.errors.split(separator: "\n").count { $0.contains("CRITICAL") } <= 3, "\(stop.errors)")
      #expect(stop.errors.contains("or its disk full"), "\(stop.errors)")
      disk.free()
      #expect(try workspace.run("status").output.contains("stopped: the latch file"))
    }

    @Test func `an engine whose disk fills halts and goes on afterwards`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      sandbox.configure { $0.dotDelay = .milliseconds(10) }
      let disk = try SmallDisk(megabytes: 12)
      let workspace = try StoryWorkspace(over: sandbox, ["IMAP_HOST": ""], in: disk.path)
      try workspace.enqueue(Mail.many(600, named: "full"))
      let engine = try workspace.start(["engine"])
      #expect(TestEnvironment.wait { sandbox.record.acceptedCount >= 50 }, "\(engine.said)")
      #expect(
        TestEnvironment.wait {
          try? disk.fill()
          return engine.errors.contains("the disk is full")
        }, "\(engine.said)")
      let taken = sandbox.record.acceptedCount
      // What was armed before may still go: four connections, and what lies ready for each.
      _ = TestEnvironment.wait(seconds: 0.5) { sandbox.record.acceptedCount > taken + 32 }
      #expect(sandbox.record.acceptedCount <= taken + 32, "sending did not halt")
      disk.free()
      let isSent = workspace.wait { try $0.count("message WHERE state = 'sent'") == 600 }
      #expect(isSent, "\(workspace.summary) \(engine.said)")
      engine.signal(SIGTERM)
      #expect(engine.wait() == .exited(0), "\(engine.said)")
      // What is tried again twenty times a second is not told as often: the log lies on a disk as well.
      #expect(engine.errors.split(separator: "\n").count { $0.contains("store did not take") } <= 5, "\(engine.said)")
      #expect(sandbox.record.doubledMessageIDs.isEmpty)
      try workspace.expectSound()
    }
  }
}
