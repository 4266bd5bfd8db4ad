import ArgumentParser
import Engine

/// Commands and operations that do not exist, and what was probably meant.
enum CommandNames {
  /// Slips of the fingers that a suggestion forgives: letters wrong, missing, too many or swapped.
  private static let forgiven = 2

  /// - Parameter arguments: those after `--workspace` and `--read-only`.
  /// - Returns: `nil` when the commands named are there, or are the parser's affair.
  static func problem(_ arguments: [String]) -> String? {
    guard let first = arguments.first, !first.hasPrefix("-"), first != "help" else { return nil }
    let commands = Postroom.configuration.subcommands
    guard let command = commands.first(where: { name($0) == first }) else {
      if Operation.named(first) != nil { return "'\(first)' is an operation; do it with: postroom do \(first)" }
      return "there is no command '\(first)'; " + suggestion(first, commands.map(name), "'postroom --help' lists them")
    }
    // A list takes no words of its own: one that is no subcommand is a slip.
    let inner = command.configuration
    guard inner.defaultSubcommand.map(name) == "list", let second = arguments.dropFirst().first,
      !second.hasPrefix("-"), !inner.subcommands.contains(where: { name($0) == second })
    else { return nil }
    return "'\(first)' has no command '\(second)'; "
      + suggestion(
        second, inner.subcommands.map(name), "there are \(inner.subcommands.map(name).joined(separator: ", "))")
  }

  /// - Returns: `nil` when the operation is there.
  static func problem(operation id: String) -> String? {
    guard Operation.named(id) == nil else { return nil }
    return "there is no operation '\(id)'; "
      + suggestion(id, Operation.all.map(\.id), "'postroom operations' lists them")
  }

  private static func name(_ command: any ParsableCommand.Type) -> String { command.configuration.commandName ?? "" }

  private static func suggestion(
    _ typed: String, _ names: [String], _ otherwise: String
  ) -> String {
    let near = names.map { (name: $0, slips: slips(typed, $0)) }.min { $0.slips < $1.slips }
    guard let near, near.slips <= min(forgiven, typed.count / 2) else { return otherwise }
    return "did you mean '\(near.name)'?"
  }

  /// How many letters are to be changed, added, left out or swapped with their neighbour (optimal string alignment).
  static func slips(_ typed: String, _ meant: String) -> Int {
    let (typed, meant) = (Array(typed), Array(meant))
    var rows = [Array(0...meant.count)]
    for (line, letter) in typed.enumerated() {
      var row = [line + 1]
      for (column, other) in meant.enumerated() {
        let above = rows[line]
        var least = min(above[column + 1] + 1, row[column] + 1, above[column] + (letter == other ? 0 : 1))
        if line > 0, column > 0, letter == meant[column - 1], typed[line - 1] == other {
          least = min(least, rows[line - 1][column - 1] + 1)
        }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[typed.count][meant.count]
  }
}
