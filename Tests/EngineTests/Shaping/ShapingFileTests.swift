import Engine
import Foundation
import MailModel
import MailPolicy
import Testing

@Suite struct ShapingFileTests {
  private func rules(_ text: String) throws -> ShapingRules {
    let folder = FileManager.default.temporaryDirectory.appending(path: "shaping-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(text.utf8).write(to: folder.appending(path: "shaping.yaml"))
    return try ShapingFile.read(from: [folder])
  }

  @Test(arguments: [
    (
      "providers:\n  a:\n    domains: [a.example]\n    concurency: 2\n",
      "line 4: 'concurency' means nothing here; known are domains, exchangers, concurrency, rate, messages_per_connection"
        + " in providers a;"
    ),
    (
      "providers: {}\nlimit:\n  inbox:a@b.example: 1/s\n",
      "line 2: 'limit' means nothing here; known are providers, limits"
    ),
    (
      "slow_down:\n- {phrase: x, pause: 2h, first: 1h}\n",
      "line 2: 'first' means nothing here; known are phrase, pause in"
    ),
    (
      "providers:\n  a: {domains: [x.example, Y.example]}\n  b: {domains: [y.example]}\n",
      "y.example belongs to a and to b; expected one provider for each domain"
    ),
    ("providers:\n  a: {concurrency: 0}\n", "concurrency of a is 0"),
    ("limits: {'destination:a.example': 10/week}\n", "the rate of destination:a.example is '10/week'"),
  ])
  func `what would limit nothing is a mistake`(text: String, words: String) throws {
    let error = try #require(throws: ConfigurationError.self) { _ = try rules(text) }
    #expect("\(error)".contains(words), "\(error)")
  }

  @Test func `what is known is read`() throws {
    let read = try rules(
      "providers:\n  a:\n    domains: [A.example]\n    rate: 10/s\nslow_down:\n- {phrase: x, pause: 2h}\nlimits: {}\n")
    #expect(read.providers.map(\.domains) == [["a.example"]])
    #expect(read.slowDowns == [ShapingRules.SlowDown(phrase: "x", pause: .hours(2))])
  }
}
