import Engine
import MailModel
import TerminalUI

/// What waits for a second person, and what was decided.
struct ApprovalsPane: Pane {
  let id = PaneID.approvals
  let title = "Approvals"
  let shortTitle = "Appr"
  let emptyMessage = "Nothing was ever asked for that needs two people."
  let filterHelp = "approval:pending,alone  or any text"
  let filterWords = FilterWords.approvals
  let sorts = [SortChoice(sort: .newest, column: 0, isDescending: true, title: "open first")]

  func columns(_ context: ViewContext) -> [Table.Column] {
    [
      Table.Column("No.", .fixed(5), alignment: .trailing), Table.Column("State", .fixed(9)),
      Table.Column("Asked by", .fixed(12)), Table.Column("When", .fixed(11), rank: 2),
      // What it would do says more than the name of what does it.
      Table.Column("Operation", .flexible(minimum: 16, weight: 2), rank: 3),
      Table.Column("What", .flexible(minimum: 28, weight: 4)), Table.Column("Until", .fixed(8), rank: 1),
    ]
  }

  func cells(_ row: PaneRow, _ context: ViewContext) -> [Span] {
    guard case .listed(.approval(let approval)) = row else { return [] }
    let until = approval.state == .pending ? context.age(approval.expiresAt) : ""
    return [
      context.span("\(approval.id)", .dim), context.span(approval.state.rawValue, style(approval, context)),
      context.span(approval.requestedBy), context.span(context.moment(approval.requestedAt), .dim),
      context.span(approval.operation), context.span(approval.preview), context.span(until, .dim),
    ]
  }

  private func style(_ approval: Approval, _ context: ViewContext) -> StyleName {
    switch approval.state {
    case .pending: .severity("warning")
    case .alone, .objected: .severity("critical")
    case .approved, .reviewed: .severity("ok")
    case .rejected, .withdrawn, .expired: .dim
    }
  }

  func query(_ filter: Filter, sort: SortChoice?, isDescending: Bool) -> ListQuery? {
    ListQuery(
      list: .approvals, text: filter.text, approvalStates: filter.values("approval", as: ApprovalState.self),
      sort: .newest)
  }

  /// Whether it is one's own is filled in by who knows who works here.
  func target(_ row: PaneRow, _ details: RowDetails?, for kind: Operation.TargetKind, now: Timestamp) -> PaneTarget? {
    guard kind == .approval, case .listed(.approval(let approval)) = row else { return nil }
    return PaneTarget(
      target: .init(id: "\(approval.id)", version: approval.version), state: .approval(approval.state, isOwn: false))
  }

  var badgeMeaning: String { "requests that wait, and what was done alone and is not reviewed yet" }

  func badge(_ overview: Overview, _ state: PaneState) -> String {
    let count = (overview.counters["approval.pending"] ?? 0) + (overview.counters["approval.alone"] ?? 0)
    return count == 0 ? "" : "\(count)"
  }

  func details(_ row: PaneRow, _ details: RowDetails?, _ context: ViewContext) -> [Details.Item] {
    guard case .listed(.approval(let approval)) = row else { return [] }
    var items: [Details.Item] = [
      .heading(context.gate("Approval \(approval.id)")),
      context.field("State", approval.state.rawValue, style(approval, context)),
      context.field("Operation", approval.operation), context.field("Would do", approval.preview),
      context.field("Two because", approval.why), context.field("Reason", approval.reason),
      context.field("Asked by", "\(approval.requestedBy) (\(approval.requestedRole)), \(approval.requestedFrom)"),
    ]
    items += context.field("Asked", at: approval.requestedAt)
    if approval.state == .pending { items += context.field("Expires", at: approval.expiresAt) }
    if let person = approval.decidedBy { items.append(context.field("Decided by", person)) }
    items += context.field("Decided", at: approval.decidedAt)
    if !approval.decision.isEmpty { items.append(context.field("Words", approval.decision)) }
    return items
  }
}
