import Engine
import MailModel
import TerminalUI

/// The file of one account: what stands against it, what was done, what is still to be done.
struct CasePane: Pane {
  let id = PaneID.abuseCase
  let title = "Case"
  let emptyMessage = "No case is chosen: one opens it from an account or a complaint."
  let filterHelp = "any text: complaint, note, a name"
  let sorts: [SortChoice] = []

  func columns(_ context: ViewContext) -> [Table.Column] {
    [
      Table.Column("", .fixed(3)), Table.Column("What", .fixed(11)),
      // A timeline without time is none: who did it leaves first.
      Table.Column("Case", .flexible(minimum: 30, weight: 4)), Table.Column("Who", .fixed(10), rank: 2),
      Table.Column("When", .fixed(11), rank: 1),
    ]
  }

  func cells(_ row: PaneRow, _ context: ViewContext) -> [Span] {
    guard case .caseLine(let line) = row else { return [] }
    switch line {
    case .head(let file): return headCells(file, context)
    case .followUp(let row): return followUpCells(row, context)
    case .step(let step, _): return stepCells(step, context)
    case .stepsProblem:
      return cells(
        context.glyphs.warning, "steps", "their checklist cannot be read", "", "", .severity("critical"), context)
    case .complaint(let row): return complaintCells(row, context)
    case .event(let row):
      return cells("", row.kind.rawValue, row.text, row.actor, context.moment(row.at), .text, context)
    case .notice(let row): return noticeCells(row, context)
    case .earlier(let row, _):
      let end = row.closedAt.map { " to \(context.day($0))" } ?? ""
      let text = "\(row.opening.rawValue), \(context.day(row.openedAt))\(end)"
      return cells("", "earlier", text, row.openedBy, context.moment(row.openedAt), .dim, context)
    }
  }

  private func cells(
    _ mark: String, _ what: String, _ text: String, _ who: String, _ when: String, _ style: StyleName,
    _ context: ViewContext
  ) -> [Span] {
    [
      context.span(mark, style), context.span(what, .dim), context.span(text, style), context.span(who, .dim),
      context.span(when, .dim),
    ]
  }

  private func headCells(_ file: CaseFile, _ context: ViewContext) -> [Span] {
    let state = file.current.map { "case \($0.id): \($0.stateWords), L\($0.level)" }
    return cells(
      "", "account",
      state ?? "\(file.account.standing.rawValue); no case is open (\(context.keyWord("case.open")) opens one)", "",
      context.moment(file.account.standingChangedAt), .account(file.account.standing.rawValue), context)
  }

  private func noticeCells(_ row: Notice, _ context: ViewContext) -> [Span] {
    let way = "(\(row.channel.rawValue) to \(row.target))"
    let words =
      if row.isInTrouble {
        row.state == .failed
          ? "\(row.kind) failed: \(row.lastError) \(way)"
          : "\(row.kind) tried \(row.attempts)x, next \(context.moment(row.nextAttemptAt)): \(row.lastError) \(way)"
      } else {
        "\(row.kind) \(row.state.rawValue) \(way)"
      }
    let style: StyleName =
      row.isInTrouble ? .severity(row.state == .failed ? "critical" : "warning") : row.state == .sent ? .text : .dim
    return cells(
      row.isInTrouble ? context.glyphs.warning : "", row.isInTrouble ? "not told" : "told", words, row.createdBy,
      context.moment(row.createdAt), style, context)
  }

  private func followUpCells(_ row: FollowUp, _ context: ViewContext) -> [Span] {
    let isDue = row.doneAt == nil && row.dueAt <= context.now
    let style: StyleName = row.doneAt != nil ? .dim : isDue ? .severity("warning") : .text
    let mark = row.doneAt == nil ? "[ ]" : "[\(context.glyphs.check)]"
    return cells(
      mark, "follow-up", "\(context.day(row.dueAt))\(isDue ? " DUE" : ""): \(row.text)", row.createdBy,
      row.doneAt.map(context.moment) ?? "", style, context)
  }

  private func stepCells(_ step: CaseFile.Step, _ context: ViewContext) -> [Span] {
    let state = step.state?.state ?? .open
    let mark = state == .ticked ? "[\(context.glyphs.check)]" : state == .skipped ? "[-]" : "[ ]"
    let style: StyleName = state == .ticked ? .severity("ok") : state == .skipped ? .dim : .text
    let reason = step.state.map { $0.reason.isEmpty ? "" : " (\($0.reason))" } ?? ""
    return cells(
      mark, (step.definition.group ?? "step").lowercased(), "\(step.definition.title)\(reason)", step.state?.by ?? "",
      step.state?.at.map(context.moment) ?? "", style, context)
  }

  private func complaintCells(_ row: CaseFile.ComplainedMail, _ context: ViewContext) -> [Span] {
    let complaint = row.complaint
    let counts = complaint.isDismissed ? " dismissed" : complaint.correlation.isProof ? "" : " no proof"
    let subject = row.message.map { ": \($0.subject)" } ?? ""
    return cells(
      "", "complaint", "\(complaint.feedbackType)\(counts) by \(complaint.recipient ?? "somebody")\(subject)", "",
      context.moment(complaint.occurredAt), complaint.isDismissed ? .dim : .state("complained"), context)
  }

  func query(_ filter: Filter, sort: SortChoice?, isDescending: Bool) -> ListQuery? { nil }

  func badge(_ overview: Overview, _ state: PaneState) -> String { "" }

  /// The account comes from the file that was drawn; see `ConsoleState.target`.
  func target(_ row: PaneRow, _ details: RowDetails?, for kind: Operation.TargetKind, now: Timestamp) -> PaneTarget? {
    guard case .caseLine(let line) = row else { return nil }
    switch (kind, line) {
    case (.caseStep, .step(let step, let number?)):
      guard let state = step.state else { return nil }
      return PaneTarget(
        target: .init(id: "\(number)/\(step.definition.id)", version: state.version), state: .caseStep(state.state))
    case (.notice, .notice(let row)): return NoticesPane.target(row)
    case (.followUp, .followUp(let row)):
      return PaneTarget(
        target: .init(id: "\(row.id)", version: row.version), state: .followUp(isDone: row.doneAt != nil))
    case (.complaint, .complaint(let row)):
      return PaneTarget(
        target: .init(id: "\(row.complaint.id)", version: row.complaint.version),
        state: .complaint(isDismissed: row.complaint.isDismissed))
    default: return nil
    }
  }
}
