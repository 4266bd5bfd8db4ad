import Engine
import TerminalUI

/// A command that moves about in the console. What changes the system is an `Operation` instead.
struct ConsoleCommand: Sendable {
  let name: String
  /// What it does, short enough for a column of the help screen.
  let title: String
  /// The rest of what is worth knowing; empty when the title says it all.
  let detail: String
  /// Where it means something.
  let place: Place

  enum Place: Sendable { case everywhere, prompt, dialog }

  init(_ name: String, _ title: String, _ detail: String = "", _ place: Place = .everywhere) {
    self.name = name
    self.title = title
    self.detail = detail
    self.place = place
  }

  /// The whole sentence, for documentation.
  var help: String { detail.isEmpty ? title : "\(title): \(detail)" }

  static let all: [ConsoleCommand] = [
    ConsoleCommand("stop", "Stop all sending", "at once; asks nothing first"),
    ConsoleCommand("reset", "Reset the stop", "asks for the cause and a typed word; nothing is sent yet"),
    ConsoleCommand("resume", "Resume sending", "after a reset: 1, 10, 100 messages, then normally"),
    ConsoleCommand("help", "This help"),
    ConsoleCommand("palette", "Find a command", "any command or operation, by parts of its name"),
    ConsoleCommand("command", "Type a command"),
    ConsoleCommand(
      "pane", "Go to a pane",
      "checklist, queue, bounces, complaints, accounts, audit, approvals, unmatched, inboxes, insight, notices, case, next or previous"
    ),
    ConsoleCommand("filter", "Filter the table", "words such as state:held, and any text"),
    ConsoleCommand("sort-next", "Next order"),
    ConsoleCommand("sort-previous", "Previous order"),
    ConsoleCommand("sort-invert", "Turn the order round"),
    ConsoleCommand("down", "Down a row"),
    ConsoleCommand("up", "Up a row"),
    ConsoleCommand("page-down", "Down a page"),
    ConsoleCommand("page-up", "Up a page"),
    ConsoleCommand("half-page-down", "Down half a page"),
    ConsoleCommand("half-page-up", "Up half a page"),
    ConsoleCommand("top", "To the first row"),
    ConsoleCommand("bottom", "To the last row"),
    ConsoleCommand("details-down", "Details down"),
    ConsoleCommand("details-up", "Details up"),
    ConsoleCommand("open", "More details"),
    ConsoleCommand("back", "Back", "closes what lies on top, then takes marks and filter away"),
    ConsoleCommand("back-or-quit", "Back, or leave", "not within half a second after something was closed"),
    ConsoleCommand("quit", "Leave the console"),
    ConsoleCommand("mark", "Mark the row", "operations act on all marked rows"),
    ConsoleCommand("mark-range", "Mark a range", "once to begin it, once to mark all rows in it"),
    ConsoleCommand(
      "mark-all", "Mark all that match", "operations act on everything the filter lets through, on screen or not"),
    ConsoleCommand("undo-marks", "No marks"),
    ConsoleCommand("refresh", "Read everything again", "and paint the whole screen"),
    ConsoleCommand("redraw", "Paint the whole screen", "what another program wrote over it goes"),
    ConsoleCommand("follow", "Follow the first row"),
    ConsoleCommand("pause", "Pause the tables"),
    ConsoleCommand("why", "Explain the numbers", "where each number of the header comes from"),
    ConsoleCommand("theme", "Change the theme", "dark, light, mono or one of your own"),
    ConsoleCommand("account.open", "Show its account"),
    ConsoleCommand("case.show", "Show its case", "standing, complaints, mail, history, steps"),
    ConsoleCommand("case.next", "Next restriction", "in the pass over all restrictions"),
    ConsoleCommand("case.do", "Do this step", "what the step under the cursor is done with"),
    ConsoleCommand("checklist.go", "Go there", "to the pane that shows what the step's value counts"),
    ConsoleCommand("inbound.scan", "Scan the mailbox now"),
    ConsoleCommand("accept", "Take what was typed", "", .prompt),
    ConsoleCommand("complete", "Complete the word", "", .prompt),
    ConsoleCommand("previous", "Earlier line", "", .prompt),
    ConsoleCommand("next", "Later line", "", .prompt),
    ConsoleCommand("cancel", "Leave it undone", "", .prompt),
    ConsoleCommand("press", "Press the answer", "the one that has the focus", .dialog),
    ConsoleCommand("focus-next", "To the next answer", "", .dialog),
    ConsoleCommand("focus-previous", "To the answer before", "", .dialog),
    ConsoleCommand("yes", "Yes", "", .dialog),
    ConsoleCommand("answers", "Name the keys", "those that answer, in one line", .dialog),
  ]

  /// Those that take words after their name.
  static let withWords: Set = ["pane", "filter", "theme", "stop", "stop.trip"]

  private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  static func named(_ name: String) -> ConsoleCommand? { byName[name] }

  /// Commands that stand for an operation.
  static let aliases = ["reset": "stop.reset", "resume": "stop.resume"]

  /// The operation that a command's name means, if any.
  static func operation(_ name: String) -> Operation? { Operation.named(aliases[name] ?? name) }

  /// What a command or operation does, in few words.
  static func title(_ invocation: CommandInvocation) -> String {
    if invocation.name == "pane", let id = invocation.arguments.first {
      if id == "next" || id == "previous" { return "The \(id) pane" }
      return "\(PaneID(rawValue: id).map { Panes.of($0).title } ?? id)"
    }
    if let command = named(invocation.name) { return command.title }
    return operation(invocation.name)?.title ?? invocation.description
  }
}
