import Foundation
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// Faults 1, 2: nothing lost, nothing doubled, every doubt `uncertain` and within the dead engine's connections.
  @Suite struct Kill {
    @Test(arguments: KillWatch.batches)
    func `killing the engine at 100 random moments loses and doubles nothing`(batch: Int) throws {
      var random = SeededGenerator(seed: 20_261_121 + UInt64(batch))
      let watch = try KillWatch()
      for round in 0..<100 {
        try watch.refill("\(batch)-\(round)")
        try killOnce(watch, after: Double.random(in: 0.005...0.12, using: &random))
      }
      try watch.expectNothingBroken()
    }

    private func killOnce(_ watch: KillWatch, after delay: Double) throws {
      let before = watch.sandbox.record.acceptedCount
      let engine = try watch.workspace.start(["engine"])
      #expect(
        TestEnvironment.wait { watch.sandbox.record.acceptedCount > before || engine.ended() != nil }, "\(engine.said)")
      #expect(engine.ended() == nil, "\(engine.said)")
      let moment = Date().addingTimeInterval(delay)
      _ = TestEnvironment.wait(seconds: 1) { Date() >= moment }
      engine.killNow()
      try watch.noteDeath()
    }
  }

  @Suite(.enabled(if: SystemCallFault.isPossible)) struct KillMatrix {
    /// The calls that claim, arm, send and finish are made of, each counted by its own thread: the ledger writes and
    /// syncs, connections send and receive.
    static let calls: [(name: String, numbers: Range<Int>, target: SystemCallFault.Target)] = [
      ("pwrite64", 1..<601, .store), ("fdatasync", 1..<41, .all), ("sendto", 1..<141, .all),
      ("recvfrom", 1..<181, .all),
      ("pread64", 1..<41, .store),
    ]

    /// All of them in an order in which every tenth is a fair choice.
    static let points: [SystemCallFault] = calls.flatMap { call in
      call.numbers.map { SystemCallFault(call: call.name, number: $0, effect: .kill, target: call.target) }
    }

    /// Fifty at a time: the first take every twentieth call, with each further fifty the gaps close.
    @Test(arguments: 0..<(2 * KillWatch.batches.count))
    func `killing the engine at 50 chosen system calls loses and doubles nothing`(batch: Int) throws {
      let watch = try KillWatch()
      var met = 0
      for index in stride(from: (batch * 7) % 20, to: Self.points.count, by: 20) {
        try watch.refill("\(batch)-\(index)")
        let engine = try watch.workspace.start(["engine", "--until-idle"], under: Self.points[index])
        if engine.wait() == .killed(signal: SIGKILL) { met += 1 }
        try watch.noteDeath()
      }
      #expect(met >= 40, "only \(met) calls were met")
      try watch.expectNothingBroken()
    }
  }
}
