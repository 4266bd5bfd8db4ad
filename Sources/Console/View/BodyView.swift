import Engine
import MailModel
import TerminalUI

/// The pane that is open: a line about the table, the table, the details of the row under the cursor.
struct BodyView {
  let state: ConsoleState

  private var context: ViewContext { state.viewContext }
  private var current: PaneState { state.current }

  func draw(_ layout: ScreenLayout, into frame: inout Frame, styles: Styles) {
    statusLine.draw(in: layout.status, into: &frame, styles: styles)
    table(layout).draw(in: layout.table, into: &frame, styles: styles)
    if layout.divider.width == 1 {
      for y in layout.divider.y..<layout.divider.maxY {
        frame.putGlyph(frame.glyphs.vertical, x: layout.divider.x, y: y, style: styles[.border])
      }
    } else if !layout.divider.isEmpty {
      frame.rule(layout.divider, style: styles[.border])
    }
    if !layout.details.isEmpty { state.detailsContent.draw(in: layout.details, into: &frame, styles: styles) }
  }

  private func table(_ layout: ScreenLayout) -> Table {
    let window = current.cursor.window(count: current.rows.count, height: layout.tableHeight)
    let rows = current.rows[window].map { row in
      Table.Row(state.pane.cells(row, context), isMarked: current.cursor.isMarked(row.id))
    }
    let sorts = isCounted ? [] : state.pane.sorts
    let sort =
      sorts.indices.contains(current.sort)
      ? Table.Sort(column: sorts[current.sort].column, isAscending: !current.isDescending) : nil
    return Table(
      columns: state.pane.columns(context), rows: rows,
      selected: current.rows.isEmpty ? nil : current.cursor.index - window.lowerBound, firstPlace: window.lowerBound,
      total: current.rows.count, sort: sort, emptyMessage: emptyMessage)
  }

  /// What bounces most has an order of its own.
  private var isCounted: Bool { state.active == .bounces && current.filter.has("patterns") }

  private var emptyMessage: VisibleText {
    if !current.isLoaded {
      return current.problem.map { context.gate("This could not be read, and is tried again: \($0)") } ?? "Reading"
    }
    if let problem = current.fileProblem { return context.gate(problem, limit: 1_000) }
    if current.filter.isEmpty { return context.gate(state.pane.emptyMessage) }
    guard let word = current.filter.searchedWord else {
      return context.gate("Nothing fits the filter; \(state.keyWord("back")) takes it away")
    }
    return context.gate("'\(word)' is no word of this table, and no row contains it")
  }

  private var statusLine: StyledLine {
    var left: [Span] = [Span(" ", .dim)]
    if !current.filter.isEmpty {
      left += [Span("filter ", .dim), context.span(current.filter.source, .match), Span("  ", .dim)]
    }
    let sorts = isCounted ? [] : state.pane.sorts
    if isCounted {
      left.append(Span("most first", .dim))
    } else if sorts.indices.contains(current.sort) {
      let isTurned = current.isDescending != sorts[current.sort].isDescending
      left.append(context.span(sorts[current.sort].title + (isTurned ? ", turned round" : ""), .dim))
    } else if state.active == .abuseCase {
      left += CasePane.statusWords(current.caseFile, context)
    } else if state.active == .checklist {
      left.append(checklistWords)
    } else if state.active == .insight {
      left += state.insightLine
    }
    if let problem = current.problem, current.isLoaded {
      left = [Span(" ", .dim), context.span("could not be read: \(problem)", .severity("warning"))]
    }
    left += unreadMailbox
    var right: [Span] = []
    if current.newer > 0 {
      let count = current.newer >= 200 ? "200 or more" : "\(current.newer)"
      right.append(context.span("\(count) newer  ", .badge))
    }
    if current.isAllMarked { right.append(Span("all that match marked  ", .rowMarked)) }
    if !current.marked.isEmpty { right.append(context.span("\(current.marked.count) marked  ", .rowMarked)) }
    if state.isPaused { right.append(Span("paused  ", .badge)) }
    if current.isFollowing { right.append(Span("following  ", .badge)) }
    right.append(context.span(place, .dim))
    return StyledLine(left, right: right)
  }

  /// On a pane of reports: that some may be missing, because a mailbox could not be read the last time.
  private var unreadMailbox: [Span] {
    guard [PaneID.bounces, .complaints, .unmatched].contains(state.active),
      let failed = state.overview?.mailboxes.compactMap(\.failedAt).max()
    else { return [] }
    let words = "mailbox not read at \(context.moment(failed)); \(state.keyWord("why")) says why"
    return [Span("  ", .dim), context.span(words, .severity("warning"))]
  }

  /// Which row of those that are read; a `+` says that there are more. Where rows above are not read any more, their
  /// number is not known, but how many are below is.
  private var place: String {
    guard !current.rows.isEmpty else { return "" }
    let more = current.hasMoreAfter ? "+" : ""
    guard current.hasMoreBefore else { return "\(current.cursor.index + 1)/\(current.rows.count)\(more) " }
    let below = current.rows.count - 1 - current.cursor.index
    return below == 0 && more.isEmpty ? "the last row " : "\(below)\(more) more below "
  }

  private var checklistWords: Span {
    if current.fileProblem != nil { return Span("The checklist cannot be read", .severity("critical")) }
    guard let checklist = current.checklist else { return Span(.empty) }
    guard let run = checklist.run else {
      return context.span(
        "\(checklist.definition.title): not begun today; \(state.keyWord("checklist.start")) begins it"
          + leftUndone(checklist), .dim)
    }
    let end = run.completedAt.map { ", complete since \(context.moment($0))" } ?? ""
    return context.span(
      "\(checklist.definition.title): begun \(context.moment(run.startedAt)) by \(run.startedBy)\(end)\(age(run))", .dim
    )
  }

  /// `; that of 11-20 23:50 was left at 9 of 13`, of a run that nobody finished.
  private func leftUndone(_ checklist: ChecklistToday) -> String {
    guard let previous = checklist.previous, previous.completedAt == nil else { return "" }
    let done = previous.steps.count { $0.isTicked }
    return "; that of \(context.moment(previous.startedAt)) was left at \(done) of \(previous.steps.count)"
  }

  /// `; values up to 48 min old, p takes one anew`, while a step that is not ticked has an old one.
  private func age(_ run: ChecklistRun) -> String {
    let open = run.steps.filter { !$0.isTicked }.compactMap { $0.probe?.measuredAt }
    guard let oldest = open.min(), state.now - oldest > ChecklistPane.fresh else { return "" }
    return
      "; values up to \((state.now - oldest).words) old, \(state.keyWord("checklist.probe")) takes one anew"
  }
}
