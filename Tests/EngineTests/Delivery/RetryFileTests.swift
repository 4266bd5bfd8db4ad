import Engine
import Foundation
import MailModel
import MailPolicy
import Testing

@Suite struct RetryFileTests {
  private func classes(_ text: String) throws -> [RetryClass] {
    let place = try TestWorkspace()
    let folder = place.open.workspace.folder.appending(path: "data")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: folder.appending(path: "retry.yaml"))
    return try place.open.retrySchedule().classes
  }

  @Test func `the file shipped waits a day for a full mailbox`() throws {
    let shipped = try TestWorkspace().open.retrySchedule()
    let full = try #require(shipped.classes.first { $0.name == "mailbox full" })
    #expect(full.firstDelay == .hours(24))
    #expect(full.statuses.contains("4.2.2"))
  }

  @Test func `a workspace's own file replaces the one shipped`() throws {
    #expect(try classes("classes: []").isEmpty)
    let own = try classes("classes: [{name: slow, status: [4.9.9], first: 2h, longest: 1d}]")
    #expect(own.map(\.name) == ["slow"])
    #expect(own.first?.longestDelay == .days(1))
  }

  @Test(arguments: [
    ("a: 1\nclasses: [", "retry.yaml, line 3: is no YAML: did not find expected node content"),
    ("classes: [{first: 5min}]", "retry.yaml, line 1: 'name' is missing in classes 1; expected classes with"),
    ("# a\nclasses: 7", "retry.yaml, line 2: is not of the kind that belongs there in classes: it takes a list"),
    ("classes: []\nclass: []", "retry.yaml, line 2: 'class' means nothing here; known are classes"),
    (
      "classes:\n- {name: a, status: [4.2.2], first: 1h, longest: 1h}\n- {name: b, phrase: [x], first: 1h, longest: 1h}",
      "retry.yaml, line 3: 'phrase' means nothing here; known are name, status, phrases, first, longest in classes 2"
    ),
    ("a: 1\na: 2", "retry.yaml, line 1: is no YAML: a stands twice"),
  ])
  func `what is no such YAML is told in one line with its place`(text: String, words: String) throws {
    let error = try #require(throws: ConfigurationError.self) { _ = try classes(text) }
    #expect("\(error)".contains(words) && !"\(error)".contains("\n"), "\(error)")
  }

  @Test(arguments: [
    ("classes: 7", "classes"), ("classes: [{name: a, first: 5min, longest: 1h}]", "matches nothing"),
    ("classes: [{name: a, status: [5.2.2], first: 5min, longest: 1h}]", "5.2.2"),
    ("classes: [{name: a, status: [4.2.2], first: 5 minutes, longest: 1h}]", "5 minutes"),
    ("classes: [{name: a, phrases: [x], first: 2h, longest: 1h}]", "2h"),
    ("classes: [{name: a, phrases: [''], first: 1h, longest: 1h}]", "matches nothing"),
  ])
  func `a mistake is named with its file`(text: String, word: String) {
    let error = #expect(throws: ConfigurationError.self) { _ = try classes(text) }
    let words = error.map { "\($0)" } ?? ""
    #expect(words.contains("retry.yaml"))
    #expect(words.contains(word))
  }
}
