import Engine
import MailModel
import TerminalUI

/// Bounces and delays, one row per recipient. With a word in the filter something else: `patterns` what bounces most,
/// `suppressed` the suppression list, `unmatched` the reports that fit no message.
struct BouncesPane: Pane {
  let id = PaneID.bounces
  let title = "Bounces"
  let shortTitle = "Bnce"
  let emptyMessage = "No bounce here."
  let filterHelp =
    "class:hard  code:5.1.1  account:a@example.org  destination:example.com  hours:24  patterns by:code  suppressed"
  let filterWords = FilterWords.bouncePane
  let sorts = [
    SortChoice(sort: .newest, column: 0, isDescending: true, title: "newest first"),
    SortChoice(sort: .recipient, column: 3, isDescending: false, title: "by recipient"),
  ]

  func columns(_ context: ViewContext) -> [Table.Column] {
    let titles = BounceExtras.titles(context.filter)
    return [
      Table.Column(titles[0], .fixed(11)), Table.Column(titles[1], .fixed(8)), Table.Column(titles[2], .fixed(7)),
      Table.Column(titles[3], .flexible(minimum: 18, weight: 3)),
      Table.Column(titles[4], .flexible(minimum: 14, weight: 3), rank: 1),
      Table.Column(titles[5], .flexible(minimum: 12, weight: 2), rank: 2),
    ]
  }

  func cells(_ row: PaneRow, _ context: ViewContext) -> [Span] {
    switch row {
    case .listed(.bounce(let bounce)):
      let word = bounce.kind == .delay ? "delayed" : bounce.bounceClass.rawValue
      let style: StyleName = bounce.kind == .delay ? .dim : ReportWords.style(bounce.bounceClass)
      return [
        context.span(context.moment(bounce.occurredAt), .dim), context.span(word, style),
        context.span(bounce.status?.description ?? ""), context.span(bounce.recipient), context.span(bounce.reason),
        context.span(bounce.consequence),
      ]
    case .listed(.unmatched(let report)):
      return [
        context.span(context.moment(report.receivedAt), .dim), context.span(report.kind.rawValue, .state("held")),
        Span(.empty), context.span(report.from), context.span(report.subject),
        context.span(report.correlation == .recipient ? "by recipient" : "no match"),
      ]
    case .listed(.suppression(let entry)): return BounceExtras.cells(entry, context)
    case .listed(.pattern(let pattern, _)): return BounceExtras.cells(pattern, context)
    default: return []
    }
  }

  func query(_ filter: Filter, sort: SortChoice?, isDescending: Bool) -> ListQuery? {
    var query = ListQuery(
      list: BounceExtras.list(filter), text: filter.text, bounceClasses: filter.values("class", as: BounceClass.self),
      account: filter.value("account"), sort: sort?.sort ?? .newest, isDescending: isDescending)
    query.bounceKinds = filter.values("kind", as: ReportKind.self)
    query.dimension = filter.value("by").flatMap(BouncePattern.Dimension.init(rawValue:)) ?? .domain
    query.status = filter.value("code")
    query.domain = filter.value("destination")
    query.window = filter.window
    return query
  }

  func target(_ row: PaneRow, _ details: RowDetails?, for kind: Operation.TargetKind, now: Timestamp) -> PaneTarget? {
    if kind == .report, case .listed(.unmatched(let report)) = row {
      return PaneTarget(report)
    }
    if kind == .recipient, case .listed(.suppression(let entry)) = row {
      return PaneTarget(target: .init(id: entry.address), state: .recipient(isSuppressed: true))
    }
    guard kind == .recipient, case .listed(.bounce(let bounce)) = row else { return nil }
    var isSuppressed = bounce.consequence.hasPrefix("suppress")
    if case .bounce(_, let suppression, _, _)? = details { isSuppressed = suppression != nil }
    return PaneTarget(target: .init(id: bounce.recipient), state: .recipient(isSuppressed: isSuppressed))
  }

  func filter(inside row: PaneRow, of filter: Filter) -> Filter? {
    guard case .listed(.pattern(let pattern, _)) = row else { return nil }
    return Filter(BounceExtras.single(pattern, of: filter), filterWords)
  }

  func badge(_ overview: Overview, _ state: PaneState) -> String {
    // What needs a person of these is counted beside Unmatched.
    ""
  }

  func details(_ row: PaneRow, _ details: RowDetails?, _ context: ViewContext) -> [Details.Item] {
    var items: [Details.Item] = []
    if case .listed(.bounce(let bounce)) = row {
      items = [
        .heading(context.gate("Bounce \(bounce.id)")),
        context.field(
          "Class", "\(bounce.bounceClass.rawValue) \(bounce.kind.rawValue)", ReportWords.style(bounce.bounceClass)),
        context.field("Status", bounce.status?.description ?? "none"), context.field("Recipient", bounce.recipient),
        context.field("Reason", bounce.reason), context.field("Diagnostic", bounce.diagnostic),
        context.field("Matched by", bounce.correlation.words),
        context.field("Account", bounce.accountAddress ?? "unknown"), context.field("Followed", bounce.consequence),
      ]
      items += context.field("When", at: bounce.occurredAt)
    } else if case .listed(.unmatched(let report)) = row {
      items = [
        .heading("Unmatched"), context.field("Kind", report.kind.rawValue),
        context.field("Matched by", report.correlation.words),
      ]
    }
    if let more = BounceExtras.details(row, details, context) { return items + more }
    guard case .bounce(let report, let suppression, let message, let excerpt)? = details else { return items }
    if let suppression {
      items.append(context.field("Suppressed", "\(suppression.reason) (\(suppression.source))", .state("suppressed")))
      items += context.field("Suppressed at", at: suppression.addedAt)
    }
    if let message {
      items.append(context.field("Message", "\(message.id), \(message.state.rawValue): \(message.subject)"))
    }
    return items + ReportWords.items(report, context) + context.excerpt(excerpt)
  }
}
