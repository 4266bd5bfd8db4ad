import Engine
import MailModel
import TerminalUI

/// Reports that could not be tied to a message of ours, each with the messages it may be about. With a word in the
/// filter something else: `replies` what recipients answered, `handled` what people dealt with and may take back.
struct UnmatchedPane: Pane {
  let id = PaneID.unmatched
  let title = "Unmatched"
  let shortTitle = "Unm"
  let emptyMessage = "No report waits for a person."
  let filterHelp = "replies  handled  or any text"
  let filterWords = FilterWords.unmatched
  let sorts = [SortChoice(sort: .newest, column: 0, isDescending: true, title: "newest first")]

  func columns(_ context: ViewContext) -> [Table.Column] {
    // Notices come from the same few senders with the same few subjects: whom they name tells them apart.
    let isAnswers = context.filter.has("replies")
    return [
      Table.Column("When", .fixed(11)), Table.Column("Kind", .fixed(10)),
      Table.Column(isAnswers ? "From" : "About or from", .flexible(minimum: 20, weight: 4)),
      Table.Column("Subject", .flexible(minimum: 10, weight: 3), rank: 2),
      Table.Column("State", .flexible(minimum: 12, weight: 2), rank: 1),
    ]
  }

  func cells(_ row: PaneRow, _ context: ViewContext) -> [Span] {
    guard case .listed(.unmatched(let report)) = row else { return [] }
    let style: StyleName = report.isUnmatched ? .state("held") : .dim
    return [
      context.span(context.moment(report.receivedAt), .dim), context.span(report.kind.rawValue, style),
      context.span(report.recipient.isEmpty || context.filter.has("replies") ? report.from : report.recipient),
      context.span(report.subject), context.span(state(report)),
    ]
  }

  private func state(_ report: Report) -> String {
    if let label = report.label { return label.rawValue }
    if !report.isUnmatched, !report.handled.isEmpty { return report.handled }
    if !report.isUnmatched, report.correlation.isProof { return "of message \(report.messageID ?? 0)" }
    return report.correlation == .recipient ? "by recipient" : "no match"
  }

  func query(_ filter: Filter, sort: SortChoice?, isDescending: Bool) -> ListQuery? {
    ListQuery(
      list: filter.has("replies") ? .replies : filter.has("handled") ? .handled : .unmatched, text: filter.text,
      sort: .newest,
      isDescending: isDescending)
  }

  func target(_ row: PaneRow, _ details: RowDetails?, for kind: Operation.TargetKind, now: Timestamp) -> PaneTarget? {
    guard kind == .report, case .listed(.unmatched(let report)) = row else { return nil }
    return PaneTarget(report)
  }

  var badgeMeaning: String { "report.unmatched" }

  func badge(_ overview: Overview, _ state: PaneState) -> String {
    let unmatched = overview.counters["report.unmatched"] ?? 0
    return unmatched == 0 ? "" : "\(unmatched)"
  }

  func details(_ row: PaneRow, _ details: RowDetails?, _ context: ViewContext) -> [Details.Item] {
    guard case .listed(.unmatched(let report)) = row else { return [] }
    var items: [Details.Item] = [
      .heading(report.isUnmatched ? "Unmatched" : "Report"), context.field("Kind", report.kind.rawValue),
      context.field("Matched by", report.correlation.words),
    ]
    if !report.handled.isEmpty { items.append(context.field("Handled", report.handled)) }
    guard case .unmatched(let candidates, let names, let excerpt)? = details else { return items }
    items.append(context.field("Names", names.isEmpty ? "nobody" : names.joined(separator: ", ")))
    if report.canBeMatched { items += UnmatchedPane.candidates(candidates, context) }
    return items + ReportWords.items(report, context) + context.excerpt(excerpt)
  }

  private static func candidates(_ candidates: [RankedCandidate], _ context: ViewContext) -> [Details.Item] {
    var items: [Details.Item] = [.blank, .heading("It may be about")]
    if candidates.isEmpty { items.append(.note(Span("no message that we sent fits it", .dim))) }
    for candidate in candidates {
      let message = candidate.message
      items += [
        context.field(context.gate("\(message.id)"), "\(message.recipient)  \(message.subject)"),
        context.field("", candidate.reasons.joined(separator: ", "), .dim),
      ]
    }
    return items
  }
}
