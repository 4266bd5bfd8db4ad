import ArgumentParser
import Engine

struct DoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "do", abstract: "Perform any operation of the list ('postroom operations').",
    discussion: "Example: postroom do account.restrict news@example.org --reason 'five complaints' --yes")

  @OptionGroup var global: GlobalOptions
  @Argument(help: "The operation's id.") var operation: String
  @Argument(help: "What to act on: row numbers, addresses, RUN/STEP.") var targets: [String] = []
  @Option(
    name: .customLong("matching"),
    help: "Instead of rows: every message that this filter lets through, such as 'state:held account:a@example.org'.")
  var filter: String?
  @Option(help: "Why.") var reason: String = ""
  @Option(name: .customLong("set"), help: "name=value for other arguments.") var settings: [String] = []
  @Flag(
    name: .customLong("break-glass"),
    help: "Do alone, now, what needs two people. Everybody sees it, and a second person reviews it afterwards.")
  var breakGlass = false
  @OptionGroup var performing: PerformingOptions

  func run() throws {
    if let problem = CommandNames.problem(operation: operation) { throw ValidationError(problem) }
    if let target = targets.first, Operation.named(operation)?.target == Operation.TargetKind.none {
      throw ValidationError("\(operation) acts on no row; what it needs is told with --set, not as '\(target)'")
    }
    var arguments = ["reason": reason]
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw ValidationError("--set needs name=value") }
      arguments[parts[0]] = parts[1]
    }
    let request = OperationRequest(
      targets: targets.map { OperationRequest.Target(id: $0) }, arguments: arguments,
      matching: filter.map { OperationRequest.Matching($0) })
    try global.with { open in
      if breakGlass, !performing.preview {
        if try open.operations.secondPerson(operation, request) == nil {
          Output.note("one person is enough: the glass stays closed")
        } else {
          try Performing(open, performing).openGlass(reason: reason)
        }
      }
      try performing.perform(operation, request, in: open)
    }
  }
}
