import Engine
import MailModel
import TerminalUI

extension ConsoleState {
  /// Does what a key, the command line or the palette says.
  mutating func run(_ command: CommandInvocation, key: Key?) -> [ConsoleEffect] {
    if let operation = ConsoleCommand.operation(command.name), command.name != "stop.trip" {
      return begin(operation, arguments: command.arguments, key: key)
    }
    if let reason = disabledReason(command), command.name != "stop.trip" {
      say(reason, .refused)
      return [.bell]
    }
    if !command.arguments.isEmpty, !ConsoleCommand.withWords.contains(command.name) {
      say(":\(command.name) takes no words: it is about what is under the cursor", .refused)
      return [.bell]
    }
    return runMovement(command) ?? runTable(command) ?? runScreen(command, key)
  }

  private mutating func runScreen(_ command: CommandInvocation, _ key: Key?) -> [ConsoleEffect] {
    switch command.name {
    case "stop", "stop.trip": return [.trip(reason: command.arguments.joined(separator: " "))]
    case "help": overlay = .help(scroll: 0)
    case "why": overlay = .why(scroll: 0)
    case "palette": overlay = .palette(palette())
    case "command":
      let complete = keyWord("complete", in: Keymap.promptSection)
      overlay = .prompt(
        Prompt(
          purpose: .command, label: ":",
          placeholder: "\(complete) completes, \(keyWord("help")) in the panes shows all"))
    case "pane": return goTo(command.arguments.first ?? "")
    case "back": return back()
    case "back-or-quit": return backOrQuit(key)
    case "quit": hasQuit = true
    case "refresh":
      say("Read again")
      return [.redraw] + reload()
    case "redraw": return [.redraw]
    case "inbound.scan":
      scan = RoundProgress(words: "", share: 0)
      return [.scan]
    case "account.open": return openAccount()
    case "case.show": return showCase()
    case "case.next": return [.findNextInAudit(after: caseAccount ?? 0)]
    case "case.do": return doStep()
    case "checklist.go": return goToWhatIsCounted()
    case "theme": return [.loadTheme(command.arguments.first ?? "")]
    case "accept", "complete", "previous", "next", "cancel", "press", "focus-next", "focus-previous", "yes",
      "answers":
      say(":\(command.name) means something only while text is typed or a question is open")
    default:
      say("there is no command '\(command.name)'; \(keyWord("palette")) finds one", .refused)
      return [.bell]
    }
    return []
  }

  private mutating func goTo(_ name: String) -> [ConsoleEffect] {
    let all = PaneID.allCases
    let place = all.firstIndex(of: active) ?? 0
    let next: PaneID
    switch name {
    case "next": next = all[(place + 1) % all.count]
    case "previous": next = all[(place + all.count - 1) % all.count]
    default:
      guard let named = PaneID(rawValue: name) else {
        say("there is no pane '\(name)'; there are \(all.map(\.rawValue).joined(separator: ", "))", .refused)
        return [.bell]
      }
      next = named
    }
    enter(next)
    return reload()
  }

  /// From a step of the checklist to what its value counts.
  private mutating func goToWhatIsCounted() -> [ConsoleEffect] {
    guard case .step(let step, _, _, _)? = current.row else { return [] }
    guard let place = ChecklistPane.place(of: step.probe) else {
      overlay = .why(scroll: 0)
      return []
    }
    enter(place.pane)
    return lead(to: place.filter)
  }

  /// To the rows of the pane that is open which a filter lets through.
  private mutating func lead(to words: String) -> [ConsoleEffect] {
    let filter = Filter(words, pane.filterWords)
    return filter.source == current.filter.source ? reload() : narrow(to: filter)
  }

  private mutating func backOrQuit(_ key: Key?) -> [ConsoleEffect] {
    let isSomewhere =
      current.layout != .beside || !current.filter.isEmpty || !current.marked.isEmpty || current.isAllMarked
      || active.parent != nil
    if isSomewhere { return back() }
    if let key, let closedAt, now - closedAt <= ConsoleState.hasty {
      // Whoever holds the key down goes on not leaving.
      self.closedAt = now
      say("Everything is closed; press \(key) again to leave")
      return []
    }
    hasQuit = true
    return []
  }

  private mutating func back() -> [ConsoleEffect] {
    closedAt = now
    if current.layout != PaneState(pane).layout {
      let isCloser = current.layout == .alone && size.columns < ScreenLayout.wide
      current.layout = isCloser ? .below : PaneState(pane).layout
      current.detailsScroll = 0
      return []
    }
    if !current.marked.isEmpty || current.isAllMarked {
      current.clearMarks()
      return reload()
    }
    if let inside = current.inside, inside.filter == current.filter {
      current.inside = nil
      let effects = narrow(to: inside.outer)
      // The cursor stands on the row that was looked into.
      (current.cursor, current.jump) = (inside.cursor, .back)
      return effects
    }
    if !current.filter.isEmpty { return narrow(to: .none) }
    guard active.parent != nil else { return [] }
    active = cameFrom.popLast() ?? .accounts
    return reload()
  }

  /// Shows a pane, and remembers the way back from one that has no key of its own.
  mutating func enter(_ next: PaneID) {
    if next.parent == nil {
      cameFrom = []
    } else if let place = cameFrom.firstIndex(of: next) {
      // Back where one was: the way does not grow in a circle.
      cameFrom.removeSubrange(place...)
    } else if next != active {
      cameFrom.append(active)
    }
    active = next
  }

  private mutating func openAccount() -> [ConsoleEffect] {
    guard let account = accountOfRow else { return [] }
    active = .accounts
    return lead(to: account)
  }
}
