import Engine
import MailModel
import TerminalUI

/// Completes the last word of a command line.
enum Completion {
  /// - Parameter filter: what `:filter` may be followed by here.
  /// - Returns: the line with the longest common beginning filled in, and the choices when there are several.
  static func complete(_ line: String, filter: FilterWords) -> (line: String, choices: [String]) {
    let text = String(line.drop { $0 == " " || $0 == ":" })
    let command = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    return complete(text, with: command.count <= 1 ? names : arguments(of: command[0], filter))
  }

  /// Completes the last word to one of `candidates`.
  static func complete(_ text: String, with candidates: [String]) -> (line: String, choices: [String]) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard let last = words.last else { return (text, candidates) }
    let fitting = candidates.filter { $0.hasPrefix(last) }
    guard let common = commonBeginning(of: fitting) else { return (text, []) }
    let kept = words.dropLast() + [common]
    // What ends in a colon goes on.
    let ending = fitting.count == 1 && !common.hasSuffix(":") ? " " : ""
    return (kept.joined(separator: " ") + ending, fitting.count > 1 ? fitting : [])
  }

  /// Completes what an operation asks for, where it may only be one of a few words.
  static func complete(_ text: String, of argument: Operation.Argument) -> (line: String, choices: [String]) {
    let fitting = argument.choices.filter { $0.hasPrefix(text.drop { $0 == " " }) }
    return (commonBeginning(of: fitting) ?? text, fitting.count > 1 ? fitting : [])
  }

  static let names: [String] =
    (ConsoleCommand.all.filter { $0.place == .everywhere }.map(\.name) + Operation.all.map(\.id)).sorted()

  private static func arguments(of command: String, _ filter: FilterWords) -> [String] {
    switch command {
    case "pane": PaneID.allCases.map(\.rawValue) + ["next", "previous"]
    case "theme": ["dark", "light", "mono"]
    case "filter": filter.choices
    // What is typed behind an operation is its first argument.
    default: ConsoleCommand.operation(command)?.arguments.first?.choices ?? []
    }
  }

  private static func commonBeginning(of words: [String]) -> String? {
    guard var common = words.first else { return nil }
    for word in words.dropFirst() { common = String(zip(common, word).prefix { $0 == $1 }.map(\.0)) }
    return common
  }
}
