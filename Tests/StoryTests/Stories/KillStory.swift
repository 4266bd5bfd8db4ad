import Foundation
import MailModel
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// Faults 1, 2, 3: nothing lost, nothing doubled, every doubt `uncertain` and no more of it than connections were armed.
  ///
  /// 100 kills; `POSTROOM_KILLS` asks for more.
  @Suite struct Kill {
    static let kills = max(10, Int(ProcessInfo.processInfo.environment["POSTROOM_KILLS"] ?? "") ?? 100)
    static let connections = 4

    /// The calls around claim, arm, send and finish, and up to which of them one thread gets before the queue is empty.
    static let calls: [(name: String, last: Int)] = [
      ("pwrite64", 60), ("fdatasync", 4), ("sendto", 12), ("recvfrom", 8), ("newfstatat", 12),
    ]

    @Test(.enabled(if: SystemCallFault.isPossible))
    func `killing the engine at the Nth system call loses and doubles nothing`() throws {
      try Scene(seed: 3).run(kills: Self.kills * 6 / 10) { random in
        let call = Self.calls[Int.random(in: 0..<Self.calls.count, using: &random)]
        return .call(
          SystemCallFault(call: call.name, number: Int.random(in: 1...call.last, using: &random), effect: .kill))
      }
    }

    @Test func `killing the engine at random moments loses and doubles nothing`() throws {
      try Scene(seed: 20_261_121).run(kills: Self.kills * 4 / 10) { random in
        .moment(Double.random(in: 0.005...0.12, using: &random))
      }
    }

    enum Death {
      case call(SystemCallFault)
      /// Seconds after the first acceptance.
      case moment(Double)
    }

    /// One workspace that is killed over and over.
    private final class Scene {
      let sandbox = Sandbox()
      let workspace: StoryWorkspace
      private var random: SeededGenerator
      private var enqueued: Set<String> = []
      /// What was armed in the name of each dead engine.
      private var armed: [String: Set<String>] = [:]
      /// Kills that came from the call itself and not from our patience.
      private var hits = 0

      init(seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        sandbox.configure {
          $0.dotDelay = .milliseconds(3)
          $0.keptBodyBytes = 0
        }
        workspace = try StoryWorkspace(
          over: sandbox, ["LEASE_SECONDS": "1", "IMAP_HOST": "", "WORKERS": "\(Kill.connections)"])
      }

      deinit { sandbox.stop() }

      func run(kills: Int, _ next: (inout SeededGenerator) -> Death) throws {
        for round in 0..<kills {
          try refill(round)
          switch next(&random) {
          case .call(let fault): try kill(at: fault)
          case .moment(let delay): try kill(after: delay)
          }
          for (owner, messages) in try workspace.armedByOwner() { armed[owner, default: []].formUnion(messages) }
        }
        try workspace.run("engine", "--until-idle")
        try expectNothingLostOrDoubled(kills: kills)
      }

      private func refill(_ round: Int) throws {
        guard try workspace.count("message WHERE state = 'queued'") < 120 else { return }
        let mails = Mail.many(300, named: "ok-\(round)") + Mail.many(10, "reject-5.1.1", named: "no-\(round)")
        try workspace.enqueue(mails)
        enqueued.formUnion(mails.map(\.messageID))
      }

      private func kill(at fault: SystemCallFault) throws {
        let engine = try workspace.start(["engine"], under: fault)
        if TestEnvironment.wait(seconds: 1, until: { engine.ended() != nil }) {
          #expect(engine.ended() == .killed(signal: SIGKILL), "\(fault): \(engine.said)")
          hits += 1
        }
        engine.killNow()
      }

      private func kill(after delay: Double) throws {
        let before = sandbox.record.acceptedCount
        let engine = try workspace.start(["engine"])
        let hasBegun = TestEnvironment.wait { sandbox.record.acceptedCount > before || engine.ended() != nil }
        #expect(hasBegun && engine.ended() == nil, "\(engine.said)")
        let moment = Date().addingTimeInterval(delay)
        _ = TestEnvironment.wait(seconds: 1) { Date() >= moment }
        engine.killNow()
        hits += 1
      }

      private func expectNothingLostOrDoubled(kills: Int) throws {
        let deaths = armed.values.map { DeliveryTrace.Death(armed: $0, connections: Kill.connections) }
        let trace = try workspace.trace(sandbox, acknowledged: enqueued, deaths: deaths)
        #expect(trace.violations.isEmpty, "\(trace.violations.prefix(5))")
        #expect(sandbox.record.doubledMessageIDs.isEmpty)
        // The kills must have met deliveries under way, or this story shows nothing.
        #expect(hits > kills / 4)
        #expect(armed.values.contains { !$0.isEmpty })
        #expect(try workspace.count("message WHERE state = 'uncertain'") > 0)
        try workspace.expectSound()
      }
    }
  }
}
