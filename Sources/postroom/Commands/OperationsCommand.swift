import ArgumentParser
import Engine
import MailModel

struct OperationsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operations",
    abstract: "List everything that can be done, with role, arguments and confirmation; of one, what each means.",
    discussion: "Example: postroom operations pause.add")

  @Argument(help: "One operation, such as pause.add.") var operation: String?
  @Flag(help: "One JSON object a row.") var json = false

  struct Record: Encodable {
    var id: String
    var title: String
    var help: String
    var target: String
    var role: String
    var confirmation: String
    var arguments: [String]
  }

  func run() throws {
    if let operation, let problem = CommandNames.problem(operation: operation) { throw ValidationError(problem) }
    let chosen = Engine.Operation.all.filter { operation == nil || $0.id == operation }
    if json { return try Output.json(each: chosen.map(Record.init)) }
    if operation != nil { return chosen.forEach(explain) }
    Output.table(
      ["operation", "acts on", "role", "arguments", "confirmation", "what it does"],
      chosen.map(Record.init).map {
        [$0.id, $0.target, $0.role, $0.arguments.joined(separator: ", "), $0.confirmation, $0.help]
      })
  }

  /// Everything that one must know to type it.
  private func explain(_ operation: Engine.Operation) {
    let record = Record(operation)
    Output.line("\(record.id): \(record.title)")
    Output.line(record.help)
    Output.line("acts on: \(record.target); role: \(record.role); confirmation: \(record.confirmation)")
    if operation.takesFilter {
      Output.line("  --matching FILTER  instead of rows: everything that the filter lets through")
    }
    for argument in operation.arguments + operation.unasked {
      let word = argument.name == "reason" ? "--reason …" : "--set \(argument.name)=…"
      Output.line("  \(word)\(argument.isRequired ? "" : " (optional)")  \(argument.help)")
    }
  }
}
extension OperationsCommand.Record {
  init(_ operation: Engine.Operation) {
    var confirmation =
      switch operation.confirmation {
      case .none: "none"
      case .yesNo: "yes or no"
      case .typed(let word): "type \(word)"
      }
    if let second = operation.secondPerson { confirmation += "; second person \(second.when)" }
    self.init(
      id: operation.id, title: operation.title, help: operation.help, target: operation.target.rawValue,
      role: operation.role.name, confirmation: confirmation,
      arguments: (operation.arguments + operation.unasked).map { $0.isRequired ? $0.name : "[\($0.name)]" })
  }
}
