import Engine
import MailModel
import TerminalUI

/// Feedback reports: who complained about whose mail.
struct ComplaintsPane: Pane {
  let id = PaneID.complaints
  let title = "Complaints"
  let shortTitle = "Compl"
  let emptyMessage = "No complaint here."
  let filterHelp = "account:a@example.org  or any text"
  let filterWords = FilterWords.complaints
  let sorts = [SortChoice(sort: .newest, column: 0, isDescending: true, title: "newest first")]

  func columns(_ context: ViewContext) -> [Table.Column] {
    [
      Table.Column("When", .fixed(11)), Table.Column("Account", .flexible(minimum: 18, weight: 3)),
      Table.Column("Type", .fixed(10)), Table.Column("Recipient", .flexible(minimum: 14, weight: 3), rank: 1),
      Table.Column("Counts", .fixed(9)), Table.Column("Followed", .flexible(minimum: 12, weight: 2), rank: 2),
    ]
  }

  func cells(_ row: PaneRow, _ context: ViewContext) -> [Span] {
    guard case .listed(.complaint(let complaint)) = row else { return [] }
    let (word, style): (String, StyleName) =
      complaint.isDismissed
      ? ("dismissed", .dim) : complaint.correlation.isProof ? ("yes", .state("complained")) : ("no proof", .dim)
    return [
      context.span(context.moment(complaint.occurredAt), .dim),
      context.span(complaint.accountAddress ?? "unknown"), context.span(complaint.feedbackType),
      context.span(complaint.recipient ?? ""), context.span(word, style), context.span(complaint.consequence),
    ]
  }

  func query(_ filter: Filter, sort: SortChoice?, isDescending: Bool) -> ListQuery? {
    ListQuery(
      list: .complaints, text: filter.text, account: filter.value("account"), sort: .newest, isDescending: isDescending)
  }

  func target(_ row: PaneRow, _ details: RowDetails?, for kind: Operation.TargetKind, now: Timestamp) -> PaneTarget? {
    guard case .listed(.complaint(let complaint)) = row else { return nil }
    switch kind {
    case .complaint:
      return PaneTarget(
        target: .init(id: "\(complaint.id)", version: complaint.version),
        state: .complaint(isDismissed: complaint.isDismissed))
    case .account:
      guard case .complaint(_, let account?, _, _)? = details else { return nil }
      return PaneTarget(
        target: .init(id: "\(account.id)", version: account.version), state: .account(account.standing))
    case .recipient:
      return complaint.recipient.map { PaneTarget(target: .init(id: $0), state: .recipient(isSuppressed: false)) }
    default: return nil
    }
  }

  func badge(_ overview: Overview, _ state: PaneState) -> String {
    // What complaints call for is counted beside Accounts.
    ""
  }

  func details(_ row: PaneRow, _ details: RowDetails?, _ context: ViewContext) -> [Details.Item] {
    guard case .listed(.complaint(let complaint)) = row else { return [] }
    var items: [Details.Item] = [
      .heading(context.gate("Complaint \(complaint.id)")), context.field("Type", complaint.feedbackType),
      context.field("Account", complaint.accountAddress ?? "unknown"),
      context.field("Recipient", complaint.recipient ?? "unknown"),
      context.field("Matched by", complaint.correlation.words),
      context.field("Followed", complaint.consequence),
      context.field("Dismissed", complaint.isDismissed ? "yes: it no longer counts" : "no"),
    ]
    if let message = complaint.messageID { items.append(context.field("Message", "\(message)")) }
    items += context.field("When", at: complaint.occurredAt)
    guard case .complaint(let report, let account, let count, let thresholds)? = details else { return items }
    if let account {
      items += [
        .blank, .heading("Account"),
        context.field("Standing", account.standing.rawValue, .account(account.standing.rawValue)),
        context.field("Complaints", AccountsPane.counted(count, thresholds)),
      ]
    }
    return items + ReportWords.items(report, context)
  }
}
