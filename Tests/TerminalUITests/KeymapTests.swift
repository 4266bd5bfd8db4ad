import Foundation
import Testing

@testable import TerminalUI

@Suite struct KeymapTests {
  private static let vocabulary = Keymap.Vocabulary(
    contexts: ["queue", "prompt", "dialog"],
    commands: ["stop", "down", "queue.hold", "yes", "cancel", "pane", "accept"],
    operations: ["queue.hold"])

  private static let sound = """
    [*]
    ! C-x = :stop   # STOP
    j Down = :down
    = = :pane "two words"   # label # with sign
    <#> = :pane next
    [queue]
    h = :queue.hold # hold
    j = none
    [prompt]
    !clear-defaults
    C-x = :stop
    Enter = :accept
    """

  @Test("sections inherit, override, unbind and clear")
  func lookup() throws {
    let keymap = try Keymap(parsing: KeymapTests.sound)
    func name(_ key: String, _ context: String) throws -> String? {
      keymap.command(for: try Key(notation: key), in: context)?.name
    }
    #expect(try name("h", "queue") == "queue.hold")
    #expect(try name("h", "audit") == nil)
    #expect(try name("j", "queue") == nil)
    #expect(try name("Down", "queue") == "down")
    #expect(try name("j", "audit") == "down")
    #expect(try name("!", "prompt") == nil)
    #expect(try name("C-x", "prompt") == "stop")
    #expect(keymap.command(for: .character("="), in: "queue") == CommandInvocation("pane", ["two words"]))
    #expect(keymap.command(for: .character("#"), in: "queue") == CommandInvocation("pane", ["next"]))
    #expect(keymap.bindings(in: "queue").map(\.label) == ["hold", "STOP", "", "label # with sign", ""])
    #expect(keymap.keys(for: CommandInvocation("down"), in: "queue").map(\.description) == ["Down"])
    #expect(keymap.issues(against: KeymapTests.vocabulary).isEmpty)
  }

  @Test("a keymap of one's own changes the keys that it names, and no other")
  func extended() throws {
    let own = """
      [*]
      J = :down   # lower
      j = none
      [queue]
      h = none
      H = :queue.hold  # hold it
      [dialog]
      !clear-defaults
      C-x = :stop
      Enter = :cancel
      """
    let keymap = try Keymap(parsing: KeymapTests.sound + "\n[dialog]\n! = :stop\nH = :yes\n")
      .extended(by: Keymap(parsing: own, file: "mine.conf"))
    func name(_ key: String, _ context: String) throws -> String? {
      keymap.command(for: try Key(notation: key), in: context)?.name
    }
    #expect(try ["J", "Down", "!", "C-x"].map { try name($0, "audit") } == ["down", "down", "stop", "stop"])
    #expect(try name("j", "audit") == nil)
    #expect(try ["h", "j", "H", "="].map { try name($0, "queue") } == [nil, nil, "queue.hold", "pane"])
    #expect(try ["!", "H", "Enter", "C-x"].map { try name($0, "dialog") } == [nil, nil, "cancel", "stop"])
    #expect(try name("Enter", "prompt") == "accept")
    #expect(try name("J", "prompt") == nil)
    #expect(keymap.bindings(in: "queue").map(\.label) == ["hold it", "lower", "STOP", "", "label # with sign", ""])
    #expect(keymap.issues(against: KeymapTests.vocabulary).isEmpty)
  }

  @Test("of two files laid over one another, mistakes are told with the line of one's own")
  func extendedIssues() throws {
    let own = try Keymap(parsing: "[dialog]\nh = :yes\n[queue]\ng = :quue.hold", file: "mine.conf")
    let issues = try Keymap(parsing: KeymapTests.sound).extended(by: own).issues(against: KeymapTests.vocabulary)
    #expect(issues.map(\.line) == [0, 4])
    #expect(issues.allSatisfy { $0.file == "mine.conf" })
    #expect(issues.first?.description.hasPrefix("mine.conf: h starts :queue.hold") == true)
  }

  @Test("the way to stop cannot be configured away")
  func stopAlwaysWorks() throws {
    let keymap = try Keymap(
      parsing: "[*]\nC-x = none\n[prompt]\n!clear-defaults\nEnter = :accept\n[queue]\nC-x = :down\n! = :stop")
    #expect(keymap.command(for: .control("x"), in: "prompt")?.name == "stop")
    #expect(keymap.command(for: .control("x"), in: "anything")?.name == "stop")
    #expect(keymap.command(for: .control("x"), in: "queue")?.name == "down")
  }

  @Test(
    "errors name the line and what was expected",
    arguments: [
      ("j = :down", 1, "before any section"), ("[*]\nj :down", 2, "no '='"),
      ("[*]\n\n# c\ngg = :down", 4, "'gg' is not a key"),
      ("[*]\nj = down", 2, "not a command"), ("[*]\nj = :", 2, "name is missing"),
      ("[*]\nj = :pane \"x", 2, "not closed"),
      ("[*]\n[*]", 2, "begins again"), ("[a b]", 1, "not a section"), ("[*]\n!clear-defaults", 2, "nothing to clear"),
      ("[*]\n= :down", 2, "no '='"), ("[*]\nj = ::x", 2, "not a command's name"),
    ])
  func errors(text: String, line: Int, problem: String) {
    #expect {
      try Keymap(parsing: text, file: "k.conf")
    } throws: { error in
      guard let issue = (error as? ConfigurationError)?.issues.first else { return false }
      return issue.line == line && issue.description.hasPrefix("k.conf:\(line): ") && issue.problem.contains(problem)
        && !issue.expected.isEmpty
    }
  }

  @Test(
    "the check finds what would surprise",
    arguments: [
      ("[*]\n! C-x = :stop\nj = :down\nj = :cancel\n[prompt]\n!clear-defaults\nC-x = :stop", 4, "bound twice"),
      ("[*]\n! C-x = :stop\nj = :dwon", 3, "unknown command ':dwon'"), ("[*]\n! C-x = :stop\n[quue]", 3, "no pane"),
      ("[*]\n! C-x = :stop\nC-i = :down", 3, "cannot be typed"),
      ("[*]\n! = :stop", 0, "no key stops all sending in [prompt]"),
      ("[*]\n! C-x = :stop\n[prompt]\nj = :down", 4, "types a character"),
      ("[*]\n! C-x = :stop\n[queue]\nh = :queue.hold\n[dialog]\nh = :yes", 4, "also confirms it"),
      ("[*]\n! C-x = :stop\n[queue]\nC-d = :queue.hold", 4, "C-d starts"),
      ("[*]\n! C-x = :stop\n[queue]\nh = :down\nh = none", 4, "both bound and none"),
      ("[*]\n! C-x = :stop\n[dialog]\n!clear-defaults\ny = :yes", 3, "no key stops all sending in [dialog]"),
    ])
  func check(text: String, line: Int, problem: String) throws {
    let issues = try Keymap(parsing: text).issues(against: KeymapTests.vocabulary)
    #expect(issues.contains { $0.line == line && $0.problem.contains(problem) }, "\(issues)")
  }

  @Test("a misspelt command gets a suggestion")
  func suggestion() throws {
    let issues = try Keymap(parsing: "[*]\n! C-x = :stop\nh = :quue.hold").issues(against: KeymapTests.vocabulary)
    #expect(issues.first?.expected == ":queue.hold")
  }

  @Test("the keymap that is shipped is sound")
  func shipped() throws {
    let keymap = try Keymap(parsing: try projectFile("keymaps.conf"))
    let commands = Set(keymap.sections.flatMap { $0.bindings.map(\.command.name) })
    let operations = commands.filter { $0.contains(".") }
    let contexts: Set = [
      "checklist", "queue", "bounces", "complaints", "accounts", "audit", "approvals", "unmatched", "inboxes",
      "insight", "case", "notices",
      "prompt", "dialog",
    ]
    let issues = keymap.issues(
      against: Keymap.Vocabulary(
        contexts: contexts, commands: commands, operations: operations.union(["reset", "resume"])))
    #expect(issues.isEmpty, "\(issues)")
    #expect(keymap.command(for: .character("!"), in: "queue")?.name == "stop")
    #expect(keymap.command(for: .control("x"), in: "prompt")?.name == "stop")
  }

  @Test(
    "command lines",
    arguments: [
      (":pane queue", "pane queue"), ("  filter  'a  b' ", "filter \"a  b\""), ("x \"a\\\"b\"", "x \"a\\\"b\""),
      ("x ''", "x \"\""),
      ("x a\\ b", "x \"a b\""), ("queue.hold", "queue.hold"),
    ])
  func commandLines(line: String, canonical: String) throws {
    let command = try CommandInvocation(parsing: line)
    #expect(command.description == canonical)
    #expect(try CommandInvocation(parsing: canonical) == command)
  }

  @Test(
    "what is no command line",
    arguments: ["", ":", "x 'a", "x \"", "a;b", "\u{1B}[A", String(repeating: "x", count: 5000)])
  func wrongCommandLines(line: String) {
    #expect(throws: CommandInvocation.SyntaxError.self) { try CommandInvocation(parsing: line) }
  }
}

/// A file of the package, found from this source file.
func projectFile(_ path: String) throws -> String {
  let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
}
