import Foundation
import MailModel
import Testing

@testable import Sandbox

@Suite struct BehaviourTests {
  @Test(arguments: [
    ("ok@d.invalid", SandboxBehaviour.accept),
    ("anybody.17@d.invalid", .accept),
    ("ok.17+tag@d.invalid", .accept),
    ("BOUNCE-5.1.1@d.invalid", .bounce(EnhancedStatus(5, 1, 1))),
    ("bounce-4.2.2.17@d.invalid", .bounce(EnhancedStatus(4, 2, 2))),
    ("bounce-2.0.0@d.invalid", .accept),
    ("bounce-5.1@d.invalid", .accept),
    ("bounce-5.1.1.x@d.invalid", .accept),
    ("bounce-99999999999.1.1@d.invalid", .accept),
    ("bounce.3@d.invalid", .bounce(EnhancedStatus(5, 1, 1))),
    ("reject-5.7.1@d.invalid", .reject(EnhancedStatus(5, 7, 1))),
    ("reject-4.7.1@d.invalid", .accept),
    ("defer-4.3.1.2+t@d.invalid", .defer(EnhancedStatus(4, 3, 1))),
    ("defer-once.9@d.invalid", .deferOnce),
    ("dot-4.3.0@d.invalid", .refuseAtDot(EnhancedStatus(4, 3, 0))),
    ("complain.3@d.invalid", .complain),
    ("stall-after-dot.1@d.invalid", .stallAfterDot),
    ("busy-421.4@d.invalid", .busy),
    ("", .accept), ("@", .accept), ("+@d", .accept), (".@d", .accept), ("-@d", .accept), ("bounce-@d", .accept),
  ])
  func addressDecides(address: String, expected: SandboxBehaviour) {
    #expect(SandboxBehaviour(recipient: address) == expected)
  }

  @Test func tableNamesEveryBehaviourOnce() {
    let rows = SandboxBehaviour.table
    for row in rows where row.example != "ok@demo.invalid" { #expect(row.behaviour != .accept, "\(row.example)") }
    #expect(Set(rows.map { "\($0.behaviour)" }).count == rows.count)
    #expect(rows.count == 21)
  }

  @Test func guideHoldsTheTable() throws {
    let guide = try String(contentsOf: Repository.file("docs/sandbox.md"), encoding: .utf8)
    #expect(guide.contains(SandboxBehaviour.markdownTable))
  }

  @Test func chanceFollowsTheSeed() {
    var settings = SandboxSettings()
    settings.mischief.dropInData = 0.3
    settings.mischief.bounce = 0.3
    let runs = (0..<2).map { _ in
      let desk = RelayDesk(settings: settings)
      return (0..<200).map { desk.behaviour(sender: "a@b", recipient: "ok.\($0)@c", now: Timestamp(seconds: 0)) }
    }
    #expect(runs[0] == runs[1])
    #expect((30...90).contains(runs[0].count { $0 == .dropInData }))
    #expect(runs[0].contains(.accept) && runs[0].contains(.bounce(EnhancedStatus(5, 1, 1))))
  }

  @Test func greylistingEndsAfterItsTime() {
    let desk = RelayDesk(settings: SandboxSettings())
    func at(_ second: Int64, _ sender: String) -> SandboxBehaviour {
      desk.behaviour(sender: sender, recipient: "greylist@d", now: Timestamp(seconds: second))
    }
    #expect(at(0, "a+1@b") == .defer(EnhancedStatus(4, 7, 1)))
    #expect(at(1, "a+2@b") == .defer(EnhancedStatus(4, 7, 1)))
    #expect(at(2, "a+3@b") == .accept)
    #expect(at(2, "other@b") == .defer(EnhancedStatus(4, 7, 1)))
  }
}

enum Repository {
  static func file(_ path: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent(path)
  }
}
