import Foundation
import GRDB
import MailModel
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// The emergency stop at full speed with 16 connections, from another process (DESIGN: "Emergency stop").
  @Suite struct Stop {
    private static let total = 2_500
    /// For threads that had to be scheduled on a busy machine; the flag itself is seen within a millisecond.
    private static let tolerance = Span.milliseconds(500)

    private final class Scene {
      let sandbox = Sandbox()
      let workspace: StoryWorkspace
      let engine: Program

      init() throws {
        sandbox.configure {
          $0.replyDelay = .milliseconds(10)
          $0.keptBodyBytes = 0
        }
        workspace = try StoryWorkspace(over: sandbox, ["WORKERS": "16", "IMAP_HOST": ""])
        try workspace.enqueue(Mail.many(Stop.total, named: "stop"))
        engine = try workspace.start(["engine"])
      }

      deinit { sandbox.stop() }

      /// Until sending is at full speed and this many more were taken.
      func waitForSpeed(_ more: Int = 150) {
        let isOpen = workspace.wait { try $0.permit() == "open" }
        #expect(isOpen, "\(engine.said)")
        let before = sandbox.record.acceptedCount
        #expect(TestEnvironment.wait { sandbox.record.acceptedCount >= before + more }, "\(engine.said)")
      }

      /// Nothing went out after `stopped`, nothing goes out now, nothing is in doubt, the counts hold still.
      func expectSilence(
        since stopped: Timestamp, permit: String = "stopped", sourceLocation: SourceLocation = #_sourceLocation
      ) throws {
        let settled = workspace.wait { try $0.count("message WHERE state IN ('leased', 'armed')") == 0 }
        #expect(settled, "\(engine.said)", sourceLocation: sourceLocation)
        // "open" only until the engine writes down, after a second, what it found; so it is looked at before the silence.
        let isWritten = workspace.wait(seconds: permit == "open" ? 0 : 30) { try $0.permit() == permit }
        #expect(isWritten, sourceLocation: sourceLocation)
        let taken = sandbox.record.acceptedCount
        _ = TestEnvironment.wait(seconds: 0.7) { sandbox.record.acceptedCount != taken }
        #expect(sandbox.record.acceptedCount == taken, sourceLocation: sourceLocation)
        let last = sandbox.record.lastDotAt ?? stopped
        #expect(
          last <= stopped + Stop.tolerance, "\((last - stopped).inMilliseconds) ms", sourceLocation: sourceLocation)
        let late = try workspace.count(
          "attempt WHERE armed_at > ?", [(stopped + Stop.tolerance).microseconds])
        #expect(late == 0, sourceLocation: sourceLocation)
        #expect(
          try workspace.states() == ["sent": taken, "queued": Stop.total - taken], sourceLocation: sourceLocation)
        #expect(try workspace.status().stop.state == "stopped", sourceLocation: sourceLocation)
      }

      func hasLatch() -> Bool {
        TestEnvironment.wait { FileManager.default.fileExists(atPath: workspace.latchPath) }
      }

      /// READY sends nothing; resume goes on.
      func resetAndResume() throws {
        let taken = sandbox.record.acceptedCount
        try workspace.run("resume", code: 75)
        try workspace.run("reset", "--reason", "the drill is over", "--yes")
        #expect(try workspace.status().stop.state == "ready")
        _ = TestEnvironment.wait(seconds: 0.5) { sandbox.record.acceptedCount != taken }
        #expect(sandbox.record.acceptedCount == taken)
        try workspace.run("resume", "--yes")
      }
    }

    @Test func `stopping at full speed by command, lock, latch file and signal`() throws {
      let scene = try Scene()
      scene.waitForSpeed()
      try scene.workspace.run("stop", "--reason", "drill by command")
      try scene.expectSilence(since: Stories.now)
      try scene.resetAndResume()

      scene.waitForSpeed()
      try stopWhileLocked(scene)
      try scene.resetAndResume()

      scene.waitForSpeed()
      #expect(FileManager.default.createFile(atPath: scene.workspace.latchPath, contents: nil))
      // The file alone stops: nobody had to write to the store.
      try scene.expectSilence(since: Stories.now, permit: "open")
      try scene.resetAndResume()

      scene.waitForSpeed()
      scene.engine.signal(SIGUSR1)
      #expect(scene.hasLatch(), "\(scene.engine.said)")
      try scene.expectSilence(since: Stories.now)
      try scene.resetAndResume()
      try expectAllSent(scene)
    }

    /// Fault 9: another process holds the database; the latch needs none, the permit row follows.
    private func stopWhileLocked(_ scene: Scene) throws {
      var configuration = Configuration()
      configuration.busyMode = .timeout(10)
      let other = try DatabaseQueue(path: scene.workspace.storePath, configuration: configuration)
      var stopped = Stories.now
      let stop = try other.writeWithoutTransaction { db in
        try db.execute(sql: "BEGIN EXCLUSIVE")
        // A transaction that an error leaves open ends the whole process.
        defer { try? db.execute(sql: "ROLLBACK") }
        let stop = try scene.workspace.start(["stop", "--reason", "drill under a lock"])
        #expect(scene.hasLatch(), "\(stop.said)")
        stopped = Stories.now
        _ = TestEnvironment.wait(seconds: 0.5) { false }
        let last = scene.sandbox.record.lastDotAt ?? stopped
        #expect(last <= stopped + Stop.tolerance, "\((last - stopped).inMilliseconds) ms")
        return stop
      }
      try other.close()
      #expect(stop.wait() == .exited(0), "\(stop.said)")
      try scene.expectSilence(since: stopped)
    }

    private func expectAllSent(_ scene: Scene) throws {
      let isSent = scene.workspace.wait(seconds: 90) {
        try $0.count("message WHERE state = 'sent'") == Stop.total
      }
      #expect(isSent, "\(scene.workspace.summary) \(scene.engine.said)")
      scene.engine.signal(SIGTERM)
      #expect(scene.engine.wait() == .exited(0), "\(scene.engine.said)")
      #expect(scene.sandbox.record.doubledMessageIDs.isEmpty)
      #expect(scene.sandbox.record.acceptedCount == Stop.total)
      // Stops by a person or a program leave a row: who and why.
      #expect(try scene.workspace.count("audit WHERE operation = 'stop.trip'") >= 3)
      try scene.workspace.expectSound()
    }
  }
}

extension StoryWorkspace {
  /// The permit row as it stands in the store.
  func permit() throws -> String {
    try sql { try String.fetchOne($0, sql: "SELECT state FROM permit") ?? "" }
  }
}
