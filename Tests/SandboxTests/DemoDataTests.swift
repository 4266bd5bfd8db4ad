import Foundation
import Testing

@testable import Sandbox

/// The demonstration roster has the trouble in it that a rehearsal is to show.
@Suite struct DemoDataTests {
  @Test func rosterFlagsOneAccountAndRestrictsAnother() throws {
    let text = try String(contentsOf: Repository.file("data/demo/roster.csv"), encoding: .utf8)
    let rows = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(rows.first?.map(String.init) == ["email", "name", "account", "group", "feed_url", "consent", "consent_at"])
    var complaints: [Substring: Int] = [:]
    var behaviours: [SandboxBehaviour] = []
    for row in rows.dropFirst() {
      try #require(row.count == 7)
      let behaviour = SandboxBehaviour(recipient: String(row[0]))
      behaviours.append(behaviour)
      if behaviour == .complain { complaints[row[2], default: 0] += 1 }
    }
    #expect((250...400).contains(behaviours.count))
    #expect(Set(rows.dropFirst().map { $0[0] }).count == behaviours.count)
    #expect(complaints.values.count { $0 >= 5 } == 1)
    #expect(complaints.values.count { (3...4).contains($0) } == 1)
    #expect(behaviours.count { $0 == .stallAfterDot } == 1)
    #expect(behaviours.count { $0 == .dropInData } == 1)
    let bounces = behaviours.count { if case .bounce = $0 { true } else { false } }
    #expect((0.02...0.04).contains(Double(bounces) / Double(behaviours.count)))
  }
}
