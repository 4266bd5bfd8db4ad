import ArgumentParser
import Engine
import Foundation
import MailFormats
import MailModel

struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify", abstract: "Say what mails are: bounce, delay, complaint, auto-reply, reply, other.",
    discussion: """
      Files as arguments, or paths on standard input. Changes nothing and needs no workspace; in one, its own \
      data/bounce-rules.conf extends the rules that are shipped.
      """)

  @OptionGroup var global: GlobalOptions
  @Argument(help: "Files (default: paths on standard input, one a line).") var files: [String] = []
  @Flag(help: "One JSON object a mail.") var json = false
  @Option(help: "Explain one file: what was read, the rule that decided, and the line it read.") var explain: String?
  @Flag(help: "Try the examples of all bounce rules: 0 every rule decides its own, 65 some do not.") var checkRules =
    false

  func run() throws {
    let rules = try BounceRuleFiles.read(
      dataFolder: try Resources.dataFolder(), workspace: global.folder)
    if checkRules { return try check(rules) }
    let classifier = ReportClassifier(rules: rules)
    if let explain {
      let report = classifier.classify(try Input.bytes(of: explain, limit: MIMEMessage.maximumLength))
      if json { return try Output.json(ClassificationRecord(file: explain, report: report)) }
      for line in ClassificationExplanation(report).lines { Output.line(line) }
      return
    }
    var tally = FilesRefused()
    if files.isEmpty { Input.tell("the paths of mails, one a line,") }
    let next: () -> String? = files.isEmpty ? { readLine() } : iterator()
    while let path = next() {
      tally.given += 1
      do { try classify(path, with: classifier) } catch let problem as FileProblem {
        tally.unreadable += 1
        Output.error("\(problem)")
      }
    }
    try tally.check()
  }

  private func check(_ rules: BounceRules) throws {
    let failures = rules.failedExamples()
    for failure in failures {
      Output.error("rule \(failure.rule): '\(failure.example)' is decided by \(failure.decidedBy)")
    }
    let problems = rules.words.problems()
    for problem in problems { Output.error(problem) }
    if !failures.isEmpty || !problems.isEmpty { throw ExitStatus.dataRefused.code }
    let examples = rules.rules.map(\.examples.count).reduce(0, +)
    Output.line("\(rules.rules.count) rules, \(examples) examples: all hold; \(rules.words.count) words of kinds")
  }

  private func iterator() -> () -> String? {
    var rest = files[...]
    return { rest.popFirst() }
  }

  private func classify(_ path: String, with classifier: ReportClassifier) throws {
    let report = classifier.classify(try Input.bytes(of: path, limit: MIMEMessage.maximumLength))
    if json { return try Output.json(ClassificationRecord(file: path, report: report)) }
    let recipients = report.recipients.map {
      "\($0.finalRecipient ?? $0.originalRecipient ?? "?") \($0.status?.description ?? "") \($0.bounceClass?.rawValue ?? "")"
    }
    Output.line("\(path): \(report.kind.rawValue) \(recipients.joined(separator: ", ")) (\(report.why))")
  }
}
