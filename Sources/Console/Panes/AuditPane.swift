import Engine
import MailModel
import TerminalUI

/// Who did what, when and why.
struct AuditPane: Pane {
  let id = PaneID.audit
  let title = "Audit"
  let emptyMessage = "No audit event here."
  let filterHelp = "operation:account.restrict  actor:ana  account:news@…  since:2026-11-01  until:…  or any text"
  let filterWords = FilterWords.audit
  let sorts = [SortChoice(sort: .newest, column: 0, isDescending: true, title: "newest first")]

  func columns(_ context: ViewContext) -> [Table.Column] {
    [
      Table.Column("No.", .fixed(7), alignment: .trailing), Table.Column("When", .fixed(11)),
      Table.Column("Who", .fixed(8)), Table.Column("Operation", .fixed(16)),
      Table.Column("What", .flexible(minimum: 16, weight: 4), rank: 1),
      Table.Column("Reason", .flexible(minimum: 16, weight: 3), rank: 2),
    ]
  }

  func cells(_ row: PaneRow, _ context: ViewContext) -> [Span] {
    guard case .listed(.audit(let event)) = row else { return [] }
    return [
      context.span("\(event.id)", .dim), context.span(context.moment(event.at), .dim), context.span(event.actor),
      context.span(event.operation), context.span(AuditDetails(event.details).words ?? event.subject),
      context.span(event.reason),
    ]
  }

  func query(_ filter: Filter, sort: SortChoice?, isDescending: Bool) -> ListQuery? {
    ListQuery(
      list: .audit, text: filter.text, account: filter.value("account"), operation: filter.value("operation"),
      actor: filter.value("actor"), since: filter.value("since").flatMap { DayText.start(of: $0) },
      until: filter.value("until").flatMap { DayText.start(of: $0) }, sort: .newest, isDescending: isDescending)
  }

  func target(_ row: PaneRow, _ details: RowDetails?, for kind: Operation.TargetKind, now: Timestamp) -> PaneTarget? {
    nil
  }

  func badge(_ overview: Overview, _ state: PaneState) -> String { "" }

  func details(_ row: PaneRow, _ details: RowDetails?, _ context: ViewContext) -> [Details.Item] {
    guard case .listed(.audit(let event)) = row else { return [] }
    var items: [Details.Item] = [
      .heading(context.gate("Audit event \(event.id)")), context.field("Operation", event.operation),
      context.field("Who", "\(event.actor) (\(event.role))"), context.field("From", event.origin),
      context.field("About", event.subject), context.field("Reason", event.reason.isEmpty ? "none" : event.reason),
    ]
    items += context.field("When", at: event.at)
    items += [.blank, .heading("Details")] + AuditPane.fields(event.details, context)
    return items + [.blank, context.field("Hash", event.hash, .dim)]
  }

  /// What was expected, before, after and what came of it, then the rest; the text as it is when it is no object.
  private static func fields(_ json: String, _ context: ViewContext) -> [Details.Item] {
    let fields = AuditDetails(json).fields
    if fields.isEmpty { return [.note(json == "{}" ? Span("none", .dim) : context.span(json))] }
    return fields.map { context.field(context.gate($0.name), $0.value) }
  }
}
