import Engine
import MailModel
import TerminalUI

extension ConsoleState {
  /// Everything on screen once more, where it is.
  mutating func reload() -> [ConsoleEffect] {
    var effects: [ConsoleEffect] = overviewLoad.begin() ? [.loadOverview] : []
    current.detailsLoad.isStale = true
    let isFrozen = isPaused || !current.marked.isEmpty
    if isFrozen, let window = current.window {
      effects.append(.countNewer(active, window))
    } else {
      effects += load(active, .reload)
    }
    // How far it is stands beside its tab, whoever works it, and wherever one looks.
    if active != .checklist { effects += load(.checklist, .reload) }
    return effects
  }

  /// Reads a pane's rows; what is asked for while a reading is under way is read afterwards.
  mutating func load(_ id: PaneID, _ move: ListWindow.Move) -> [ConsoleEffect] {
    var pane = panes[id] ?? PaneState(Panes.of(id))
    defer { panes[id] = pane }
    guard pane.load.begin() else { return [] }
    if id == .abuseCase {
      guard let caseAccount else {
        _ = pane.load.end()
        return []
      }
      return [.loadCase(caseAccount)]
    }
    guard let query = query(of: id, pane) else { return [id == .insight ? .loadInsight : .loadChecklist] }
    let isAtTop = pane.window == nil || pane.isFollowing && move == .reload
    return [.loadWindow(id, query, isAtTop ? .top : move, pane.window)]
  }

  private func query(of id: PaneID, _ pane: PaneState) -> ListQuery? {
    let sorts = Panes.of(id).sorts
    let sort = sorts.indices.contains(pane.sort) ? sorts[pane.sort] : nil
    return Panes.of(id).query(pane.filter, sort: sort, isDescending: pane.isDescending)
  }

  /// A new order: from the top.
  mutating func requery() -> [ConsoleEffect] {
    current.window = nil
    current.jump = .top
    current.newer = 0
    return load(active, .top)
  }

  /// Another filter: marks do not outlive the one they were made in, for nobody would see what they are on.
  /// - Parameter before: what comes back with its filter.
  mutating func narrow(to filter: Filter, from before: PaneState.Narrowing? = nil) -> [ConsoleEffect] {
    guard filter.source != current.filter.source else { return [] }
    sayMarksGo(current.narrowing)
    current.clearMarks()
    current.filter = filter
    let effects = requery()
    if let before, before.filter.source == filter.source { current.restore(before) }
    return effects
  }

  mutating func sayMarksGo(_ old: PaneState.Narrowing) {
    guard old.hasMarks else { return }
    say("\(old.isAllMarked ? "The mark on all" : Amount.words(old.marked.count, "mark")) taken away: another filter")
  }

  mutating func takeReading(_ event: ConsoleEvent) -> [ConsoleEffect] {
    switch event {
    case .overview(let overview):
      self.overview = overview
      storeProblem = nil
      if overview.isLatched || overview.permit?.state == .stopped { trippedAt = nil }
      return overviewLoad.end() && overviewLoad.begin() ? [.loadOverview] : []
    case .overviewFailed(let problem):
      storeProblem = problem
      return overviewLoad.end() && overviewLoad.begin() ? [.loadOverview] : []
    case .window(let id, let window, let move): return takeWindow(id, window, move)
    case .windowFailed(let id, let problem):
      _ = panes[id]?.load.end()
      panes[id]?.fail(problem)
      return []
    case .newer(let id, let count):
      panes[id]?.newer = count
      panes[id]?.problem = nil
      return []
    case .newerFailed(let id, let problem):
      panes[id]?.fail(problem)
      return []
    case .checklist(let checklist): return takeChecklist(checklist)
    case .checklistFailed(let problem): return takeChecklist(nil, problem: problem)
    case .insight(let insight): return takeInsight(insight)
    case .caseFile(let file): return takeCase(file)
    case .nextInAudit(let account): return takeNextInAudit(account)
    case .details(let id, let row, let value):
      _ = panes[id]?.detailsLoad.end()
      if panes[id]?.row?.id == row.id { panes[id]?.details = .init(row: row, value: value) }
      return []
    case .detailsFailed(let id, let problem):
      _ = panes[id]?.detailsLoad.end()
      storeProblem = problem
      // The row is not tried again before it changes.
      if let row = panes[id]?.row { panes[id]?.details = .init(row: row, value: .nothing) }
      return []
    default: return []
    }
  }

  private mutating func takeWindow(_ id: PaneID, _ window: ListWindow, _ move: ListWindow.Move) -> [ConsoleEffect] {
    guard var pane = panes[id] else { return [] }
    let again = pane.load.end()
    guard window.query == query(of: id, pane) else {
      // The filter or the order changed meanwhile.
      panes[id] = pane
      return load(id, .top)
    }
    pane.window = window
    pane.newer = 0
    // A jump waits for the rows that were read for it.
    let jump = pane.jump
    if jump == .bottom && move != .bottom || jump == .top && move != .top { pane.jump = nil }
    let isWaiting = jump != pane.jump
    pane.take(window.rows.map(PaneRow.listed), height: layout.tableHeight)
    if isWaiting { pane.jump = jump }
    if !again && !isWaiting { pane.endChange() }
    panes[id] = pane
    guard again || isWaiting else { return [] }
    return load(id, pane.jump == .bottom ? .bottom : pane.jump == .top ? .top : .reload)
  }

  private mutating func takeChecklist(_ checklist: ChecklistToday?, problem: String? = nil) -> [ConsoleEffect] {
    guard var pane = panes[.checklist] else { return [] }
    let again = pane.load.end()
    pane.checklist = checklist
    pane.fileProblem = problem
    pane.take(ChecklistPane.rows(checklist, pane.filter), height: layout.tableHeight)
    if !again { pane.endChange() }
    panes[.checklist] = pane
    return again ? load(.checklist, .reload) : []
  }

  private mutating func takeInsight(_ insight: QueueInsight) -> [ConsoleEffect] {
    guard var pane = panes[.insight] else { return [] }
    let again = pane.load.end()
    pane.insight = insight
    pane.take(InsightPane.rows(insight, pane.filter), height: layout.tableHeight)
    if !again { pane.endChange() }
    panes[.insight] = pane
    return again ? load(.insight, .reload) : []
  }
}
