import Foundation
import MailModel
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// Faults 3, 4: the disk and the system fail at the Nth call, for every small N.
  @Suite(.enabled(if: SystemCallFault.isPossible)) struct FaultMatrix {
    /// One kind of fault and the calls at which it is tried.
    struct Line: Sendable, CustomTestStringConvertible {
      var call: String
      var error: String
      var target: SystemCallFault.Target
      var numbers: [Int]
      var testDescription: String { "\(error) from \(call) of \(target)" }
    }

    /// `make soak` tries them all, `make test` some.
    static let isWhole = KillWatch.kills > 100

    static let lines: [Line] = [
      line("pwrite64", "EIO", .store, upTo: 40), line("pwrite64", "ENOSPC", .store, upTo: 40),
      line("pread64", "EIO", .store, upTo: 24), line("openat", "EMFILE", .store, upTo: 12),
      line("openat", "EIO", .store, upTo: 12), line("ftruncate", "ENOSPC", .store, upTo: 3),
      line("mmap", "ENOMEM", .store, upTo: 4), line("fallocate", "ENOSPC", .all, upTo: 2),
      line("socket", "EMFILE", .all, upTo: 4), line("write", "ENOSPC", .sendLog, upTo: 3),
      Line(call: "openat", error: "EMFILE", target: .all, numbers: isWhole ? Array(140...230) : [150, 170, 185, 200]),
    ]

    private static func line(
      _ call: String, _ error: String, _ target: SystemCallFault.Target, upTo most: Int
    ) -> Line {
      let some = [1, 2, 3, 5, 8, 13, 21, 34].filter { $0 <= most }
      return Line(
        call: call, error: error, target: target, numbers: isWhole ? Array(1...most) : Array(some.suffix(5)))
    }

    /// Words that make the reason clear to who reads them.
    static let reasons = [
      "disk", "Input/output error", "No space left", "Too many open files", "unable to open", "refused", "connect",
      "shared libraries", "Cannot allocate memory", "out of memory",
    ]

    @Test(arguments: lines)
    func `a fault that passes loses nothing, and sending goes on`(line: Line) throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox, ["IMAP_HOST": "", "LEASE_SECONDS": "1"])
      var acknowledged: Set<String> = []
      for number in line.numbers {
        let fault = SystemCallFault(
          call: line.call, number: number, effect: .failure(line.error, times: 4), target: line.target)
        let mails = Mail.many(40, named: "fault-\(number)")
        try workspace.enqueue(mails)
        acknowledged.formUnion(mails.map(\.messageID))
        try run(workspace, under: fault)
        #expect(try workspace.states() == ["sent": acknowledged.count], "\(fault)")
        #expect(!FileManager.default.fileExists(atPath: workspace.latchPath), "\(fault)")
      }
      // What the send log could not take is written by the next engine.
      try workspace.run("engine", "--until-idle")
      let trace = try workspace.trace(sandbox, acknowledged: acknowledged)
      #expect(trace.violations.isEmpty, "\(trace.violations.prefix(5))")
      try workspace.expectSound()
    }

    /// It ends by itself, or gives up at its start with a reason and goes on when it is started again. Nobody is asked to
    /// reset anything.
    private func run(_ workspace: StoryWorkspace, under fault: SystemCallFault) throws {
      let engine = try workspace.start(["engine", "--until-idle"], under: fault)
      let ending = engine.wait()
      guard ending != .exited(0) else { return }
      guard case .exited = ending else {
        Issue.record("\(fault): \(String(describing: ending)) \(engine.said)")
        return
      }
      #expect(Self.reasons.contains { engine.errors.contains($0) }, "\(fault): \(engine.said)")
      try workspace.run("engine", "--until-idle")
    }
  }
}
