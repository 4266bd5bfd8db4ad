import Engine
import TerminalUI

extension ConsoleState {
  mutating func takeInPrompt(_ command: CommandInvocation, _ asked: Prompt) -> [ConsoleEffect] {
    var prompt = asked
    switch command.name {
    case "stop": return [.trip()]
    case "redraw": return [.redraw]
    case "cancel": return cancelOverlay()
    case "accept": return accept(prompt)
    case "complete":
      let text = prompt.input.text
      let (line, choices) =
        switch prompt.purpose {
        case .command: Completion.complete(text, filter: pane.filterWords)
        case .argument(_, let argument): Completion.complete(text, of: argument)
        case .filter: Completion.complete(text, with: pane.filterWords.choices)
        case .stopReason: (text, [])
        }
      prompt.input = TextInput(line)
      prompt.hint = choices.joined(separator: "  ")
    case "previous": recall(-1, in: &prompt)
    case "next": recall(1, in: &prompt)
    default: return []
    }
    overlay = .prompt(prompt)
    return filterAsTyped(prompt)
  }

  private func recall(_ step: Int, in prompt: inout Prompt) {
    guard case .command = prompt.purpose, !history.isEmpty else { return }
    let place = (prompt.historyPlace ?? history.count) + step
    guard place >= 0 else { return }
    prompt.historyPlace = place < history.count ? place : nil
    prompt.input = TextInput(place < history.count ? history[place] : "")
  }

  private mutating func accept(_ asked: Prompt) -> [ConsoleEffect] {
    var prompt = asked
    let text = prompt.input.text
    switch prompt.purpose {
    case .command:
      overlay = nil
      return runLine(text)
    case .filter(let before):
      let filter = Filter(text, pane.filterWords)
      if let problem = filter.problem {
        prompt.hint = problem
        overlay = .prompt(prompt)
        return []
      }
      overlay = nil
      let effects = narrow(to: filter, from: before)
      if !current.narrowing.hasMarks { sayMarksGo(before) }
      return effects
    case .argument(var call, let argument):
      overlay = nil
      call.request.arguments[argument.name] = text
      return proceed(call)
    case .stopReason:
      overlay = nil
      guard !text.allSatisfy(\.isWhitespace), let operation = Operation.named("stop.trip") else {
        say("Stopped; no reason given")
        return []
      }
      return [.perform(OperationCall(operation: operation, request: .init(arguments: ["reason": text])))]
    }
  }

  private mutating func runLine(_ text: String) -> [ConsoleEffect] {
    if text.allSatisfy(\.isWhitespace) { return [] }
    do throws(CommandInvocation.SyntaxError) {
      let command = try CommandInvocation(parsing: text)
      if history.last != text { history = history.suffix(99) + [text] }
      return run(command, key: nil)
    } catch {
      say(error.description, .refused)
      return [.bell]
    }
  }

  /// The table narrows while the filter is typed, without asking the store for what cannot be right yet: a last word
  /// that says nothing so far (`state:`) is left out.
  mutating func filterAsTyped(_ prompt: Prompt) -> [ConsoleEffect] {
    guard case .filter(let before) = prompt.purpose else { return [] }
    let typed = prompt.input.text
    var filter = Filter(typed, pane.filterWords)
    if filter.problem != nil {
      filter = Filter(String(typed[..<(typed.lastIndex(of: " ") ?? typed.startIndex)]), filter.words)
    }
    return filter.problem == nil ? narrow(to: filter, from: before) : []
  }

  mutating func takeInPalette(_ command: CommandInvocation, _ shown: Picker) -> [ConsoleEffect] {
    var picker = shown
    switch command.name {
    case "stop": return [.trip()]
    case "redraw": return [.redraw]
    case "cancel":
      overlay = nil
      return []
    case "previous": _ = picker.handle(.named(.up))
    case "next", "complete": _ = picker.handle(.named(.down))
    case "accept":
      overlay = nil
      guard let choice = picker.choice else { return [] }
      return runLine(choice.id)
    default: return []
    }
    overlay = .palette(picker)
    return []
  }

  /// All commands and operations, with their keys, and why some cannot be chosen now.
  func palette() -> Picker {
    let operations = Operation.all.map { ($0.id, "\($0.title)") }
    let commands = ConsoleCommand.all.filter { $0.place == .everywhere && $0.name != "pane" }.map {
      ($0.name, $0.title)
    }
    let panes = PaneID.allCases.map { ("pane \($0.rawValue)", "Go to \(Panes.of($0).title)") }
    let items = (operations + panes + commands).map { id, title -> Picker.Item in
      let invocation = (try? CommandInvocation(parsing: id)) ?? CommandInvocation(id)
      let keys = keymap.keys(for: invocation, in: active.rawValue).prefix(2).map(\.description)
      return Picker.Item(
        id: id, title: VisibleText("\(title)  (\(id))", glyphs: glyphs),
        hint: VisibleText(keys.joined(separator: " "), glyphs: glyphs),
        disabledReason: VisibleText(disabledReason(invocation) ?? "", glyphs: glyphs))
    }
    // What can be done now comes first.
    return Picker(title: "Commands", items: items.filter(\.isEnabled) + items.filter { !$0.isEnabled })
  }
}
