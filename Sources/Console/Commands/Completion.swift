import Engine
import MailModel
import TerminalUI

/// Completes the last word of a command line.
enum Completion {
  /// - Returns: the line with the longest common beginning filled in, and the choices when there are several.
  static func complete(_ line: String) -> (line: String, choices: [String]) {
    let text = line.drop { $0 == " " || $0 == ":" }
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard let last = words.last else { return (line, names) }
    let candidates = words.count <= 1 ? names : arguments(of: words[0])
    let fitting = candidates.filter { $0.hasPrefix(last) }
    guard let common = commonBeginning(of: fitting) else { return (line, []) }
    let kept = words.dropLast() + [common]
    let ending = fitting.count == 1 ? " " : ""
    return (kept.joined(separator: " ") + ending, fitting.count > 1 ? fitting : [])
  }

  /// Completes what an operation asks for, where it may only be one of a few words.
  static func complete(_ text: String, of argument: Operation.Argument) -> (line: String, choices: [String]) {
    let fitting = argument.choices.filter { $0.hasPrefix(text.drop { $0 == " " }) }
    return (commonBeginning(of: fitting) ?? text, fitting.count > 1 ? fitting : [])
  }

  static let names: [String] =
    (ConsoleCommand.all.filter { $0.place == .everywhere }.map(\.name) + Operation.all.map(\.id)).sorted()

  private static func arguments(of command: String) -> [String] {
    switch command {
    case "pane": PaneID.allCases.map(\.rawValue) + ["next", "previous"]
    case "theme": ["dark", "light", "mono"]
    case "filter":
      MessageState.allCases.map { "state:\($0.rawValue)" } + AccountStanding.allCases.map { "standing:\($0.rawValue)" }
        + BounceClass.allCases.map { "class:\($0.rawValue)" }
        + ApprovalState.allCases.map { "approval:\($0.rawValue)" }
        + NoticeState.allCases.map { "notice:\($0.rawValue)" }
        + [
          "account:", "actor:", "operation:", "since:", "until:", "unmatched", "suppressed", "patterns", "replies",
          "by:", "hours:",
        ]
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
