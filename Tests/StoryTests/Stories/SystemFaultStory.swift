import Foundation
import MailModel
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// Fault 5. What passes by itself: `FaultMatrix`.
  @Suite(.enabled(if: SystemCallFault.isPossible)) struct SystemFault {
    static let numbers = FaultMatrix.isWhole ? [1] + Array(3...16) : [1, 3, 8]

    /// The second one is the folder's, whose failure SQLite ignores: it matters only when the journal was just made.
    @Test(arguments: numbers)
    func `a failed fsync latches the stop and is never tried again`(number: Int) throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      sandbox.configure { $0.dotDelay = .milliseconds(3) }
      let workspace = try StoryWorkspace(over: sandbox, ["IMAP_HOST": "", "LEASE_SECONDS": "1"])
      let mails = Mail.many(300, named: "sync")
      try workspace.enqueue(mails)
      let fault = SystemCallFault(call: "fdatasync", number: number, effect: .failure("EIO", times: 1))
      let calls = "\(workspace.folder.path)/calls"
      let engine = try workspace.start(["engine"], under: fault, trace: calls)
      let isLatched = TestEnvironment.wait { FileManager.default.fileExists(atPath: workspace.latchPath) }
      #expect(isLatched, "\(engine.said)")
      let taken = sandbox.record.acceptedCount
      _ = TestEnvironment.wait(seconds: 0.5) { sandbox.record.acceptedCount > taken + 8 }
      #expect(sandbox.record.acceptedCount <= taken + 8, "sending went on")
      engine.signal(SIGTERM)
      #expect(engine.wait() != nil, "\(engine.said)")
      expectNoSecondSync(calls)

      let status = try workspace.run("status")
      #expect(status.output.contains("stopped") && status.output.contains("fsync failed"), "\(status.said)")
      try workspace.run("reset", "--reason", "the disk was looked into", "--yes")
      try workspace.run("resume", "--yes")
      try workspace.run("engine", "--until-idle")
      let trace = try workspace.trace(sandbox, acknowledged: Set(mails.map(\.messageID)))
      #expect(trace.violations.isEmpty, "\(trace.violations.prefix(5))")
      let counts = try workspace.states()
      #expect(counts["sent", default: 0] + counts["uncertain", default: 0] == 300, "\(counts)")
      #expect(counts["uncertain", default: 0] <= 4)
      try workspace.expectSound()
    }

    /// The fifth is the first of the journal's, once SQLite has made the file what it is to be.
    @Test(arguments: [5, 7])
    func `a store whose making was not synced is left as it is`(number: Int) throws {
      let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
      let calls = folder + ".calls"
      defer { for path in [folder, calls] { try? FileManager.default.removeItem(atPath: path) } }
      let fault = SystemCallFault(call: "fdatasync", number: number, effect: .failure("EIO", times: 1))
      let program = try Program(
        SystemCallFault.strace, fault.arguments(in: folder) + [calls, StoryWorkspace.binary, "init", folder],
        environment: StoryWorkspace.environment)
      #expect(program.wait() == .exited(74), "\(program.said)")
      #expect(program.said.contains("the disk did not keep what was written"), "\(program.said)")
      expectNoSecondSync(calls)
    }

    /// After the injected failure nobody syncs the database or its journal again.
    private func expectNoSecondSync(_ path: String) {
      let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      let lines = text.split(separator: "\n")
      guard let failure = lines.firstIndex(where: { $0.contains("(INJECTED)") }) else {
        Issue.record("the fault was not met:\n\(text)")
        return
      }
      let later = lines[(failure + 1)...].filter { $0.contains("postroom.sqlite") && $0.contains("sync(") }
      #expect(later.isEmpty, "\(later)")
    }
  }
}
