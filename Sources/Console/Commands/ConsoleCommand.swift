import Engine
import TerminalUI

/// A command that moves about in the console. What changes the system is an `Operation` instead.
struct ConsoleCommand: Sendable {
  let name: String
  /// What it does, for the help screen and the palette.
  let help: String
  /// Where it means something.
  let place: Place

  enum Place: Sendable { case everywhere, prompt, dialog }

  init(_ name: String, _ help: String, _ place: Place = .everywhere) {
    self.name = name
    self.help = help
    self.place = place
  }

  static let all: [ConsoleCommand] = [
    ConsoleCommand("stop", "Emergency stop: stops all sending at once, asks nothing"),
    ConsoleCommand("reset", "Unlatch the emergency stop (asks for cause and a typed word)"),
    ConsoleCommand("resume", "Resume sending after a reset: 1, 10, 100, then normally"),
    ConsoleCommand("help", "This help"),
    ConsoleCommand("palette", "Find any command or operation by name"),
    ConsoleCommand("command", "Type a command"),
    ConsoleCommand("pane", "Go to a pane: checklist, queue, bounces, complaints, accounts, audit, next, previous"),
    ConsoleCommand("filter", "Narrow the table"),
    ConsoleCommand("filter-next", "Next match"),
    ConsoleCommand("filter-previous", "Previous match"),
    ConsoleCommand("sort-next", "Sort by the next column"),
    ConsoleCommand("sort-previous", "Sort by the previous column"),
    ConsoleCommand("sort-invert", "Turn the order round"),
    ConsoleCommand("down", "Down a row"),
    ConsoleCommand("up", "Up a row"),
    ConsoleCommand("page-down", "Down a page"),
    ConsoleCommand("page-up", "Up a page"),
    ConsoleCommand("half-page-down", "Down half a page"),
    ConsoleCommand("half-page-up", "Up half a page"),
    ConsoleCommand("top", "To the first row"),
    ConsoleCommand("bottom", "To the last row"),
    ConsoleCommand("details-down", "Scroll the details down"),
    ConsoleCommand("details-up", "Scroll the details up"),
    ConsoleCommand("open", "Show more of the row's details"),
    ConsoleCommand("back", "Close what lies on top, or take the filter away"),
    ConsoleCommand("back-or-quit", "Back, and leave when there is nothing to go back from"),
    ConsoleCommand("quit", "Leave the console; the engine's mail is safe"),
    ConsoleCommand("mark", "Mark the row, so that operations act on all marked ones"),
    ConsoleCommand("mark-range", "Begin a range; again: mark all rows in it"),
    ConsoleCommand("undo-marks", "Take all marks away"),
    ConsoleCommand("refresh", "Read everything again"),
    ConsoleCommand("follow", "Stay on the first row as rows come in"),
    ConsoleCommand("pause", "Keep the tables as they are"),
    ConsoleCommand("why", "Where the numbers of the header come from"),
    ConsoleCommand("theme", "Draw with another theme: dark, light, mono or one of your own"),
    ConsoleCommand("account.open", "Show the account of this row"),
    ConsoleCommand("inbound.scan", "Scan the report mailbox now"),
    ConsoleCommand("accept", "Take what was typed", .prompt),
    ConsoleCommand("complete", "Complete the word", .prompt),
    ConsoleCommand("previous", "Earlier line", .prompt),
    ConsoleCommand("next", "Later line", .prompt),
    ConsoleCommand("cancel", "Leave without doing anything", .prompt),
    ConsoleCommand("press", "Choose the answer that has the focus", .dialog),
    ConsoleCommand("focus-next", "To the other answer", .dialog),
    ConsoleCommand("focus-previous", "To the other answer", .dialog),
    ConsoleCommand("yes", "Yes", .dialog),
  ]

  private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  static func named(_ name: String) -> ConsoleCommand? { byName[name] }

  /// Commands that stand for an operation.
  static let aliases = ["reset": "stop.reset", "resume": "stop.resume"]

  /// The operation that a command's name means, if any.
  static func operation(_ name: String) -> Operation? { Operation.named(aliases[name] ?? name) }

  /// What a command or operation does, in words.
  static func help(_ invocation: CommandInvocation) -> String {
    if invocation.name == "pane", let id = invocation.arguments.first {
      if id == "next" || id == "previous" { return "To the \(id) pane" }
      return "To the pane \(PaneID(rawValue: id).map { Panes.of($0).title } ?? id)"
    }
    if let command = named(invocation.name) { return command.help }
    guard let operation = operation(invocation.name) else { return invocation.description }
    return "\(operation.title): \(operation.help)"
  }
}
