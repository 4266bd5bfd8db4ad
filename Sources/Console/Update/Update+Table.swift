import Engine
import TerminalUI

extension ConsoleState {
  /// Commands that move; `nil` for all others.
  mutating func runMovement(_ command: CommandInvocation) -> [ConsoleEffect]? {
    let height = layout.tableHeight
    switch command.name {
    case "down": return move(by: 1)
    case "up": return move(by: -1)
    case "page-down": return move(by: height)
    case "page-up": return move(by: -height)
    case "half-page-down": return move(by: max(1, height / 2))
    case "half-page-up": return move(by: -max(1, height / 2))
    case "top": return jump(.top)
    case "bottom": return jump(.bottom)
    case "details-down": return scrollDetails(by: max(1, layout.details.height / 2))
    case "details-up": return scrollDetails(by: -max(1, layout.details.height / 2))
    default: return nil
    }
  }

  mutating func move(by rows: Int) -> [ConsoleEffect] {
    if current.layout == .alone { return scrollDetails(by: rows) }
    current.move(to: current.cursor.index + rows, height: layout.tableHeight)
    return []
  }

  private mutating func scrollDetails(by lines: Int) -> [ConsoleEffect] {
    current.isFollowing = false
    current.detailsScroll = max(0, min(current.detailsScroll + lines, lastDetailsLine))
    return []
  }

  private mutating func jump(_ jump: PaneState.Jump) -> [ConsoleEffect] {
    if current.layout == .alone { return scrollDetails(by: jump == .top ? -100_000 : 100_000) }
    let isRead = jump == .top ? !current.hasMoreBefore : !current.hasMoreAfter
    current.move(to: jump == .top ? 0 : current.rows.count - 1, height: layout.tableHeight)
    guard !isRead else { return [] }
    current.jump = jump
    return load(active, jump == .top ? .top : .bottom)
  }

  /// Commands that change how the table is shown; `nil` for all others.
  mutating func runTable(_ command: CommandInvocation) -> [ConsoleEffect]? {
    switch command.name {
    case "filter": return filter(command.arguments)
    case "sort-next": return sort(by: 1)
    case "sort-previous": return sort(by: -1)
    case "sort-invert":
      current.isDescending.toggle()
      return requery()
    case "mark":
      current.toggleMark()
      return move(by: 1) + thawIfUnmarked()
    case "mark-range": return markRange()
    case "mark-all": return markAll()
    case "undo-marks":
      current.clearMarks()
      return reload()
    case "follow": return follow()
    case "pause": return pause()
    case "open": return open()
    default: return nil
    }
  }

  private mutating func markRange() -> [ConsoleEffect] {
    let count = current.markRange()
    say(count == 0 ? "Range begun: \(keyWord("mark-range")) again marks all rows in it" : "\(count) marked")
    return []
  }

  private mutating func markAll() -> [ConsoleEffect] {
    current.clearMarks()
    (current.isAllMarked, current.isFollowing) = (true, false)
    let what = current.filter.isEmpty ? "every message" : "everything that matches \(current.filter.source)"
    say("Marked: \(what); the next operation says first what it would do")
    return reload()
  }

  private mutating func follow() -> [ConsoleEffect] {
    current.isFollowing.toggle()
    say(current.isFollowing ? "Following: the cursor stays on the first row" : "Not following any more")
    return current.isFollowing ? load(active, .top) : []
  }

  private mutating func pause() -> [ConsoleEffect] {
    isPaused.toggle()
    say(isPaused ? "Paused: the table stays as it is; \(keyWord("pause")) goes on" : "Going on")
    return isPaused ? [] : reload()
  }

  private mutating func thawIfUnmarked() -> [ConsoleEffect] { current.marked.isEmpty ? reload() : [] }

  private mutating func filter(_ words: [String]) -> [ConsoleEffect] {
    if words.isEmpty {
      var prompt = Prompt(purpose: .filter(before: current.narrowing), label: "/", placeholder: pane.filterHelp)
      prompt.input = TextInput(current.filter.source)
      overlay = .prompt(prompt)
      return []
    }
    let filter = Filter(words.joined(separator: " "), pane.filterWords)
    if let problem = filter.problem {
      say(problem, .refused)
      return [.bell]
    }
    return narrow(to: filter)
  }

  private mutating func sort(by step: Int) -> [ConsoleEffect] {
    let sorts = pane.sorts
    guard !sorts.isEmpty else { return [] }
    current.sort = (current.sort + step + sorts.count) % sorts.count
    current.isDescending = sorts[current.sort].isDescending
    return requery()
  }

  private mutating func open() -> [ConsoleEffect] {
    if let row = current.row, let filter = pane.filter(inside: row, of: current.filter), filter.problem == nil {
      current.inside = PaneState.Inside(filter: filter, outer: current.filter, cursor: current.cursor)
      return narrow(to: filter)
    }
    let isWide = size.columns >= ScreenLayout.wide
    switch current.layout {
    case .beside: current.layout = isWide ? .alone : .below
    case .below: current.layout = .alone
    case .alone: current.layout = .beside
    }
    (current.detailsScroll, current.isFollowing) = (0, false)
    return []
  }
}
