import Foundation
import MailModel
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// Faults 3, 4, 5: the disk and the system fail at the Nth call.
  @Suite(.enabled(if: SystemCallFault.isPossible)) struct SystemFault {
    static let passing: [SystemCallFault] =
      [1, 12, 45].flatMap { number in
        ["EIO", "ENOSPC"].map { error in
          SystemCallFault(call: "pwrite64", number: number, effect: .failure(error, times: 4))
        }
      } + [
        SystemCallFault(call: "socket", number: 1, effect: .failure("EMFILE", times: 2)),
        SystemCallFault(call: "openat", number: 150, effect: .failure("EMFILE", times: 3)),
        SystemCallFault(call: "openat", number: 185, effect: .failure("EMFILE", times: 3)),
        SystemCallFault(call: "pread64", number: 30, effect: .failure("EIO", times: 3)),
      ]

    /// Words that make the reason clear to who reads them.
    static let reasons = [
      "disk", "Input/output error", "No space left", "Too many open files", "unable to open", "refused", "connect",
    ]

    @Test(arguments: passing)
    func `a fault that passes halts sending with a reason, and it goes on`(fault: SystemCallFault) throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox, ["IMAP_HOST": "", "LEASE_SECONDS": "1"])
      let mails = Mail.many(60, named: "fault")
      try workspace.enqueue(mails)
      let engine = try workspace.start(["engine", "--until-idle"], under: fault)
      let ending = engine.wait(seconds: 40)
      if ending != .exited(0) {
        #expect(Self.reasons.contains { engine.errors.contains($0) }, "\(String(describing: ending)) \(engine.said)")
        // It gave up at its start, or while nothing could be read: nobody was asked to reset anything.
        try workspace.run("engine", "--until-idle")
      }
      #expect(try workspace.states() == ["sent": 60], "\(engine.said)")
      let trace = try workspace.trace(sandbox, acknowledged: Set(mails.map(\.messageID)))
      #expect(trace.violations.isEmpty, "\(trace.violations.prefix(5))")
      #expect(!FileManager.default.fileExists(atPath: workspace.latchPath))
      try workspace.expectSound()
    }

    /// The second one is the folder's, whose failure SQLite ignores: it matters only when the journal was just made.
    @Test(arguments: [1, 3, 8])
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
      #expect(engine.wait(seconds: 30) != nil, "\(engine.said)")
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
