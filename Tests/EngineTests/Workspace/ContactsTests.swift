import Foundation
import MailModel
import MailPolicy
import Testing

@testable import Engine

@Suite struct ContactsTests {
  @Test func `the shipped file has the four levels of the runbook, and the workspace's own wins`() throws {
    let place = try TestWorkspace()
    #expect(
      try place.open.contacts().levels.map(\.name) == ["Operations", "Engineering", "Management", "Provider support"])
    let own =
      "levels:\n  - level: 1\n    name: Night desk\n    people:\n      - {name: Ana, phone: '+81 3', chat: '#x'}\n"
    try Data(own.utf8).write(to: place.folder.appending(path: "contacts.yaml"))
    let contacts = try place.open.contacts()
    let since = Timestamp(seconds: 5)
    #expect(contacts.escalation(level: 1, since: since).words == "L1 Night desk: Ana (phone +81 3, chat #x)")
    #expect(contacts.escalation(level: 2, since: since).words == "L2: no contact is configured")
  }

  struct Wrong: Sendable {
    var text: String
    /// `nil` when the line is the YAML reader's affair.
    var line: Int?

    init(_ text: String, _ line: Int?) {
      self.text = text
      self.line = line
    }
  }

  static let wrong: [Wrong] = [
    Wrong("levels:\n  - level: 2\n    name: X\n", 2), Wrong("levels:\n  - level: 9\n    name: X\n", 2),
    Wrong("levels:\n  - level: 1\n    nam: X\n", 3), Wrong("levels:\n  - level: 1\n", 2), Wrong("levels: 5\n", 1),
    Wrong("people: []\n", 1), Wrong("levels:\n  - level: 1\n    name: X\n    people:\n      - name: Ana\n", 5),
    Wrong("levels:\n  - level: 1\n    name: X\n    people:\n      - name: Ana\n        fone: 1\n", 6),
    Wrong("levels:\n  - level: 1\n    name: ' '\n", 3), Wrong("levels: [\n", nil), Wrong("- a\n", 1),
  ]

  @Test(arguments: wrong)
  func `what is wrong is told with its line`(wrong: Wrong) throws {
    let error = try #require(throws: ConfigurationError.self) {
      try ContactsFile.parse(wrong.text, file: "contacts.yaml")
    }
    if let line = wrong.line { #expect(error.place.line == line, "\(error)") }
    #expect(error.place.file == "contacts.yaml")
  }

  @Test func `an empty file has no levels`() throws {
    #expect(try ContactsFile.parse("", file: "x") == .none)
    #expect(try ContactsFile.parse("# nothing\n", file: "x") == .none)
  }

  /// Seconds since it began, and the level.
  static let levels: [(Int64, Int)] = [
    (0, 1), (899, 1), (900, 2), (1_799, 2), (1_800, 3), (1_000_000_000, 3), (-5, 1),
  ]

  @Test(arguments: levels)
  func `each response time without a reaction goes one level up, never to the provider`(seconds: Int64, level: Int) {
    let start = Timestamp(seconds: 1_000)
    #expect(
      EscalationRules.level(since: start, respondWithin: .minutes(15), now: start + .seconds(seconds)) == level)
    #expect(EscalationRules.level(since: start, respondWithin: .seconds(0), now: start + .seconds(seconds)) == 1)
  }
}
