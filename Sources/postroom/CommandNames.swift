import ArgumentParser
import Engine
import TerminalUI

/// Commands and operations that do not exist, and what was probably meant.
enum CommandNames {
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
    Spelling.nearest(to: typed, in: names).map { "did you mean '\($0)'?" } ?? otherwise
  }
}
