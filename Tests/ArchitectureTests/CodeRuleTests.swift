import Foundation
import Testing

/// Words that a module must not contain (DESIGN §3; CONTRIBUTING).
@Suite struct CodeRuleTests {
  struct Rule: Sendable, CustomTestStringConvertible {
    var name: String
    var pattern: String
    /// `nil` for all.
    var modules: Set<String>?
    var except: Set<String> = []
    var readsComments = false
    /// A line that must break it, and one that must not: a rule that finds nothing proves nothing.
    var bad: String
    var good: String
    var testDescription: String { name }
  }

  static let rules: [Rule] = [
    Rule(
      name: "no SQL outside Storage",
      pattern:
        #"\b(SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(TABLE|INDEX|TRIGGER)\s|PRAGMA\s+\w+)"#,
      except: ["Storage"], bad: #"let q = "SELECT id FROM message""#, good: #"case "SELECT", "EXAMINE": enter()"#),
    Rule(
      name: "no clock in MailPolicy", pattern: #"\bDate\(|\bDate\.now|clock_gettime|DispatchTime|ContinuousClock"#,
      modules: ["MailPolicy"], bad: "let now = Date()", good: "now: Timestamp"),
    Rule(
      name: "no waiting in MailPolicy", pattern: #"\bsleep\(|Task\.sleep|Thread\.|\bawait\b"#, modules: ["MailPolicy"],
      bad: "Thread.sleep(1)", good: "threads"),
    Rule(
      name: "no randomness in MailPolicy",
      pattern: #"\.random\(|RandomNumberGenerator|\.shuffled\(|randomElement|UUID\("#,
      modules: ["MailPolicy"], bad: "Double.random(in: 0..<1)", good: "jitter: Double"),
    Rule(
      name: "no clock or randomness in MailModel", pattern: #"\bDate\(|\.random\(|UUID\(|clock_gettime"#,
      modules: ["MailModel"], bad: "UUID()", good: "Timestamp(seconds: 0)"),
    Rule(
      name: "nothing is left for later", pattern: #"\b(TODO|FIXME|XXX|HACK)\b"#, readsComments: true,
      bad: "// TODO: later", good: "toDouble"),
    Rule(name: "no try!", pattern: #"\btry!"#, bad: "try! open()", good: "try? open()"),
    Rule(name: "no fatalError", pattern: #"\b(fatalError|preconditionFailure)\("#, bad: "fatalError()", good: "fatal"),
    Rule(
      name: "no printing below the executable", pattern: #"(^|[^.\w])(print|debugPrint|dump|NSLog)\("#,
      except: ["postroom"], bad: "  print(x)", good: "fingerprint(x)"),
    Rule(
      name: "no C names in the engine", pattern: #"\bcurl_|\bsqlite3_|\bncurses|\bwaddstr"#,
      modules: ["Engine", "Console", "MailPolicy", "MailModel", "MailFormats"], bad: "curl_easy_init()",
      good: "curling"),
    Rule(
      name: "no OFFSET", pattern: #"\bOFFSET\s+[$?\d]"#, modules: ["Storage"],
      bad: "LIMIT 5 OFFSET $2", good: "offset"),
    Rule(
      name: "no path of a developer's machine", pattern: #""/(work|home|root|tmp|Users)/"#, readsComments: true,
      bad: #"let p = "/home/joe/x""#, good: #""/dev/null""#),
  ]

  static func matches(_ pattern: String, _ text: String) throws -> Bool {
    try Regex(pattern).firstMatch(in: text) != nil
  }

  @Test(arguments: rules)
  func `no line breaks the rule`(rule: Rule) throws {
    let expression = try Regex(rule.pattern)
    for line in SourceTree.shared.lines(of: rule.modules, except: rule.except) {
      if line.isComment, !rule.readsComments { continue }
      if try expression.firstMatch(in: line.text) != nil {
        Issue.record("rule '\(rule.name)': \(line.place): \(line.text.trimmingCharacters(in: .whitespaces))")
      }
    }
  }

  @Test(arguments: rules)
  func `the rule finds what it is for`(rule: Rule) throws {
    #expect(try CodeRuleTests.matches(rule.pattern, rule.bad))
    #expect(try !CodeRuleTests.matches(rule.pattern, rule.good))
  }

  @Test func `what the compiler cannot check is explained right above`() {
    for line in SourceTree.shared.lines() where !line.isComment {
      guard line.text.contains("@unchecked Sendable") || line.text.contains("nonisolated(unsafe)") else { continue }
      let above = line.number >= 2 ? line.file.lines[line.number - 2] : ""
      if !above.drop(while: { $0 == " " }).hasPrefix("//") {
        Issue.record("rule '@unchecked and nonisolated(unsafe) are explained': \(line.place)")
      }
    }
  }

  @Test func `files stay readable`() {
    for file in SourceTree.shared.files where file.lines.count > 400 {
      Issue.record("rule 'at most 400 lines a file': \(file.path) has \(file.lines.count)")
    }
  }
}
