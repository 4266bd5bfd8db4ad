import Engine
import TerminalUI

extension ConsoleState {
  mutating func take(_ key: Key) -> [ConsoleEffect] {
    notice = nil
    switch overlay {
    case .prompt(var prompt):
      if let command = keymap.command(for: key, in: context) { return takeInPrompt(command, prompt) }
      _ = prompt.input.handle(key)
      prompt.hint = ""
      overlay = .prompt(prompt)
      return filterAsTyped(prompt)
    case .palette(var picker):
      if let command = keymap.command(for: key, in: context) { return takeInPalette(command, picker) }
      _ = picker.handle(key)
      overlay = .palette(picker)
      return []
    case .confirm(let confirmation): return take(key, in: confirmation)
    case .help, .why: return takeOverText(key)
    case nil:
      let command = keymap.command(for: key, in: context)
      if keepAhead(key, command) { return [] }
      guard let command else {
        say("\(key) means nothing here; \(keyWord("help")) shows the keys")
        return []
      }
      return run(command, key: key)
    }
  }

  /// Pasted text goes where text is typed and nowhere else: it is never a key (fault 34).
  mutating func takePaste(_ text: String) -> [ConsoleEffect] {
    switch overlay {
    case .prompt(var prompt):
      prompt.input.paste(text)
      overlay = .prompt(prompt)
      return filterAsTyped(prompt)
    case .palette(var picker):
      picker.paste(text)
      overlay = .palette(picker)
    case .confirm(var confirmation) where confirmation.word != nil:
      confirmation.dialog.input?.field.paste(text)
      overlay = .confirm(confirmation)
    default: say("Pasted text is ignored here")
    }
    return []
  }

  /// Help and provenance: keys of movement scroll, those that lead elsewhere close it and lead there, and those that act
  /// on rows do nothing: the row is covered.
  private mutating func takeOverText(_ key: Key) -> [ConsoleEffect] {
    guard let command = keymap.command(for: key, in: context) else { return [] }
    let page = max(1, size.rows - 6)
    switch command.name {
    case "down": scrollOverlay(1)
    case "up": scrollOverlay(-1)
    case "page-down": scrollOverlay(page)
    case "page-up": scrollOverlay(-page)
    case "half-page-down": scrollOverlay(page / 2)
    case "half-page-up": scrollOverlay(-page / 2)
    case "top": scrollOverlay(-100_000)
    case "bottom": scrollOverlay(100_000)
    case "stop": return [.trip()]
    case "redraw": return [.redraw]
    case "help" where !isHelpOpen: overlay = .help(scroll: 0)
    case "why" where isHelpOpen: overlay = .why(scroll: 0)
    case "back", "back-or-quit", "help", "why", "open", "quit":
      overlay = nil
      closedAt = now
    case let name where ConsoleState.actsOnRows(name):
      say("\(key) acts on a row that is covered; \(keyWord("back-or-quit")) closes this first")
    default:
      overlay = nil
      return run(command, key: key)
    }
    return []
  }

  private var isHelpOpen: Bool {
    if case .help = overlay { return true }
    return false
  }

  static func actsOnRows(_ name: String) -> Bool {
    if let operation = ConsoleCommand.operation(name) { return operation.target != .none }
    return ["mark", "mark-range", "mark-all", "undo-marks", "case.do"].contains(name)
  }

  private mutating func scrollOverlay(_ lines: Int) {
    let most = OverlayView(state: self).overflow(layout.overlay)
    switch overlay {
    case .help(let scroll): overlay = .help(scroll: max(0, min(most, scroll + lines)))
    case .why(let scroll): overlay = .why(scroll: max(0, min(most, scroll + lines)))
    default: break
    }
  }

  mutating func cancelOverlay() -> [ConsoleEffect] {
    let closing = overlay
    overlay = nil
    closedAt = now
    if case .prompt(let prompt) = closing {
      switch prompt.purpose {
      case .filter(let before): return narrow(to: before.filter, from: before)
      case .argument(let call, _): say("\(call.operation.title): left undone")
      case .stopReason: say("Stopped; no reason given")
      case .command: break
      }
    } else if case .confirm(let confirmation) = closing {
      say("\(confirmation.call.operation.title): left undone")
    }
    return []
  }
}
