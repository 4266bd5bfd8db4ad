import Engine
import MailModel
import TerminalUI

/// Takes one event into the state. Pure: what takes time is an effect, whose result comes back as an event.
func update(_ state: inout ConsoleState, _ event: ConsoleEvent) -> [ConsoleEffect] {
  let effects = state.take(event) + state.settle()
  return effects + state.takeKeysAhead() + state.settle()
}

extension ConsoleState {
  fileprivate mutating func take(_ event: ConsoleEvent) -> [ConsoleEffect] {
    switch event {
    case .terminal(let event, let moment):
      now = max(now, moment ?? now)
      return take(event)
    case .tick(let moment):
      now = max(now, moment)
      // What no commit tells of: whether an engine runs, the latch file, rates that grow old.
      current.isResting = false
      if current.problem != nil { return reload() }
      return overviewLoad.begin() ? [.loadOverview] : []
    case .tripped(let moment, let isExplained): return takeTrip(moment, isExplained)
    case .stopObstacle(let problem):
      stopObstacle = problem
      return []
    case .storeChanged: return reload()
    case .overview, .overviewFailed, .window, .windowFailed, .newer, .newerFailed, .checklist, .checklistFailed,
      .insight, .details,
      .detailsFailed,
      .caseFile, .nextInAudit:
      return takeReading(event)
    case .preview, .performed, .refused, .scanProgress, .scanned, .scanFailed, .theme, .themeFailed:
      return takeResult(event)
    }
  }

  private mutating func take(_ event: TerminalEvent) -> [ConsoleEffect] {
    switch event {
    case .key(let key): return take(key)
    case .paste(let text): return takePaste(text)
    case .resize(let size):
      self.size = size
      return []
    case .mouse(let mouse):
      guard overlay == nil, mouse.action != .press else { return [] }
      return move(by: mouse.action == .scrollDown ? 3 : -3)
    case .interrupt:
      keysAhead = []
      if overlay != nil { return cancelOverlay() }
      say("\(keyWord("quit")) leaves the console")
      return []
    case .terminate, .hangUp:
      hasQuit = true
      return []
    case .resumed: return reload()
    case .focus, .wakeup: return []
    }
  }

  /// The stop is latched; only its reason is still asked for. Whatever was being asked before is left undone.
  private mutating func takeTrip(_ moment: Timestamp, _ isExplained: Bool) -> [ConsoleEffect] {
    trippedAt = moment
    say("Emergency stop: nothing more is armed", .done)
    if isExplained {
      overlay = nil
      return overviewLoad.begin() ? [.loadOverview] : []
    }
    if case .prompt(let prompt) = overlay, case .stopReason = prompt.purpose {
      return overviewLoad.begin() ? [.loadOverview] : []
    }
    let accept = keyWord("accept", in: Keymap.promptSection)
    let cancel = keyWord("cancel", in: Keymap.promptSection)
    overlay = .prompt(
      Prompt(
        purpose: .stopReason, label: "STOPPED. Why? ",
        placeholder: "\(accept) keeps it, \(cancel) leaves it without a reason"))
    return overviewLoad.begin() ? [.loadOverview] : []
  }

  /// After every event: the cursor on screen, enough rows around it, its details.
  fileprivate mutating func settle() -> [ConsoleEffect] {
    current.cursor.scroll(count: current.rows.count, height: layout.tableHeight)
    return edges() + wantedDetails()
  }

  /// More rows when the cursor comes near the end of what is read.
  private mutating func edges() -> [ConsoleEffect] {
    let margin = layout.tableHeight + 20
    guard let window = current.window, !current.load.isUnderWay, !current.isResting, current.jump == nil else {
      return []
    }
    let place = current.cursor.index
    let move: ListWindow.Move
    if window.hasMoreAfter, place > current.rows.count - margin {
      move = .forward
    } else if window.hasMoreBefore, place < margin {
      move = .backward
    } else {
      return []
    }
    return load(active, move)
  }

  private mutating func wantedDetails() -> [ConsoleEffect] {
    guard let row = current.row, case .listed = row else { return [] }
    let isKnown = current.details?.row == row && !current.detailsLoad.isStale
    guard !isKnown, !current.detailsLoad.isUnderWay else { return [] }
    return current.detailsLoad.begin() ? [.loadDetails(active, row)] : []
  }
}
