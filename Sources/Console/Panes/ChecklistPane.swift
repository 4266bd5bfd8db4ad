import Engine
import MailModel
import TerminalUI

/// The morning checklist, step by step, each with what the program measured itself.
struct ChecklistPane: Pane {
  let id = PaneID.checklist
  let title = "Checklist"
  let shortTitle = "Check"
  let emptyMessage = "There is no checklist: data/checklists/morning.yaml is missing."
  let filterHelp = "any text"
  let sorts: [SortChoice] = []

  func columns(_ context: ViewContext) -> [Table.Column] {
    [
      Table.Column("", .fixed(3)), Table.Column("Step", .flexible(minimum: 30, weight: 2)),
      Table.Column("Probe", .fixed(8)), Table.Column("Value", .flexible(minimum: 20, weight: 5), rank: 1),
      Table.Column("Taken", .fixed(8), rank: 3), Table.Column("By", .fixed(10), rank: 2),
    ]
  }

  func cells(_ row: PaneRow, _ context: ViewContext) -> [Span] {
    guard case .step(let step, let run, let state, _) = row else { return [] }
    if run != nil, state == nil {
      return [Span(.empty), context.span(step.title, .dim), Span(.empty), Span("in the next run", .dim)]
    }
    let isTicked = state?.isTicked ?? false
    let tick = isTicked ? "[\(context.glyphs.check)]" : "[ ]"
    let verdict = state?.probe?.verdict
    // What was fine an hour ago must not look as if it were fine now.
    let isStale = state?.probe.map { context.now - $0.measuredAt > ChecklistPane.fresh } ?? false
    return [
      context.span(tick, isTicked ? .severity("ok") : .text), context.span(step.title),
      context.span(verdict?.rawValue ?? "", isStale ? .dim : verdict.map(ChecklistPane.style) ?? .dim),
      context.span(state?.probe?.value ?? "", .dim),
      context.span(state?.probe.map { context.moment($0.measuredAt) } ?? "", .dim),
      context.span(state?.tickedBy ?? ""),
    ]
  }

  /// How long a value that was measured is shown as that of now.
  static let fresh = MailModel.Span.minutes(15)

  static func style(_ verdict: ProbeReading.Verdict) -> StyleName {
    switch verdict {
    case .ok: .severity("ok")
    case .warning: .severity("warning")
    case .critical: .severity("critical")
    case .unknown: .dim
    }
  }

  /// Where one sees what a step's value counts, and the filter that shows just that.
  static func place(of probe: ProbeName) -> (pane: PaneID, filter: String)? {
    switch probe {
    case .flaggedAccounts: (.accounts, "standing:flagged")
    case .restrictedAccounts: (.accounts, "standing:restricted")
    case .followUps: (.accounts, "")
    case .deadLetters: (.queue, "state:failed")
    case .uncertain: (.queue, "state:uncertain")
    case .unmatchedReports: (.unmatched, "")
    case .bounceRate, .deliveryRate, .lastScan, .mailbox: (.bounces, "")
    case .complaintRate: (.complaints, "")
    case .queueHealth, .relay: (.insight, "")
    case .emergencyStop, .alerts, .diskSpace, .none: nil
    }
  }

  func query(_ filter: Filter, sort: SortChoice?, isDescending: Bool) -> ListQuery? { nil }

  /// The steps of today, those that the filter fits.
  static func rows(_ checklist: ChecklistToday?, _ filter: Filter) -> [PaneRow] {
    guard let checklist else { return [] }
    let wanted = filter.text.lowercased()
    return checklist.steps.filter { step in
      wanted.isEmpty || "\(step.id) \(step.title) \(step.instruction)".lowercased().contains(wanted)
    }.map {
      .step($0, run: checklist.run?.id, checklist.state(of: $0.id), earlier: checklist.earlier($0.id))
    }
  }

  func target(_ row: PaneRow, _ details: RowDetails?, for kind: Operation.TargetKind, now: Timestamp) -> PaneTarget? {
    guard kind == .checklistStep, case .step(let step, let run?, let state, _) = row else { return nil }
    return PaneTarget(
      target: .init(id: "\(run)/\(step.id)", version: state?.version),
      state: state.map { .checklistStep(isTicked: $0.isTicked) } ?? .checklist(isUnderWay: true))
  }

  var badgeMeaning: String { "steps ticked in today's run, of all" }

  func badge(_ overview: Overview, _ state: PaneState) -> String {
    guard let checklist = state.checklist else { return "" }
    let done = checklist.run?.steps.count { $0.isTicked } ?? 0
    return "\(done)/\(checklist.count)"
  }

  func details(_ row: PaneRow, _ details: RowDetails?, _ context: ViewContext) -> [Details.Item] {
    guard case .step(let step, let run, let state, let earlier) = row else { return [] }
    var items: [Details.Item] = [
      .heading(context.gate(step.title)), .note(context.span(step.instruction)), .blank,
    ]
    if let probe = state?.probe {
      items += [
        context.field("Probe", probe.verdict.rawValue, ChecklistPane.style(probe.verdict)),
        context.field("Value", probe.value),
      ]
      items += context.field("Taken", at: probe.measuredAt)
    } else if run != nil, state == nil {
      items.append(.note(Span("It came into the file after this run began, and counts from the next one.", .dim)))
    } else {
      items.append(context.field("Probe", state == nil ? "not begun today" : "not taken", .dim))
    }
    if let state {
      items.append(context.field("Ticked", state.isTicked ? "by \(state.tickedBy ?? "unknown")" : "no"))
      items += context.field("Ticked at", at: state.tickedAt)
      items.append(context.field("Note", state.note.isEmpty ? "none" : state.note))
    }
    if let earlier { items += before(earlier, context) }
    if let source = step.source { items.append(context.field("Source", source, .dim)) }
    return items
  }

  /// What the run before left behind: a hand-off at midnight loses nothing.
  private func before(_ earlier: ChecklistStepState, _ context: ViewContext) -> [Details.Item] {
    let tick =
      earlier.isTicked
      ? "by \(earlier.tickedBy ?? "unknown")" + (earlier.tickedAt.map { ", \(context.moment($0))" } ?? "") : "no"
    return [
      .blank, .heading("The time before"), context.field("Ticked", tick),
      context.field("Note", earlier.note.isEmpty ? "none" : earlier.note), .blank,
    ]
  }
}
