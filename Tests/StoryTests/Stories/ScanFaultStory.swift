import Foundation
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// Fault 5 while reports are read (DESIGN §6).
  @Suite(.enabled(if: SystemCallFault.isPossible)) struct ScanFault {
    @Test func `no report is flagged before the disk holds it`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      try workspace.enqueue(Mail.many(40, "bounce-5.1.1", named: "gone"))
      try workspace.run("engine", "--until-idle")
      #expect(TestEnvironment.wait { sandbox.record.reportsUnderway == 0 && sandbox.mails().count == 40 })
      let fault = SystemCallFault(call: "fdatasync", number: 1, effect: .failure("EIO", times: 1), target: .store)
      let scan = try workspace.start(["bounces-scan"], under: fault)
      #expect(scan.wait(seconds: 60) == .exited(74), "\(scan.said)")
      #expect(scan.said.contains("the disk did not keep what was written"), "\(scan.said)")
      #expect(try workspace.count("report") == 40)
      #expect(sandbox.mails().allSatisfy { !$0.flags.contains("\\Seen") })
      #expect(try workspace.status().stop.state == "stopped")

      try workspace.run("reset", "--reason", "the disk was looked into", "--yes")
      try workspace.run("bounces-scan")
      #expect(sandbox.mails().allSatisfy { $0.flags.contains("\\Seen") })
      #expect(try workspace.count("bounce") == 40)
      try workspace.expectSound()
    }
  }
}
