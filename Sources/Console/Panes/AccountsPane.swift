import Engine
import MailModel
import TerminalUI

/// Sending accounts, those that need attention first.
struct AccountsPane: Pane {
  let id = PaneID.accounts
  let title = "Accounts"
  let shortTitle = "Acct"
  let emptyMessage = "No account here: the first message makes one."
  let filterHelp = "standing:flagged,restricted  or any text"
  let filterWords = FilterWords.accounts
  let sorts = [
    SortChoice(sort: .attention, column: 1, isDescending: true, title: "attention first"),
    SortChoice(sort: .account, column: 0, isDescending: false, title: "by address"),
    SortChoice(sort: .complaints, column: 2, isDescending: true, title: "by complaints"),
  ]

  func columns(_ context: ViewContext) -> [Table.Column] {
    [
      Table.Column("Account", .flexible(minimum: 20, weight: 3)), Table.Column("Standing", .fixed(10)),
      Table.Column("30 days", .fixed(7), alignment: .trailing),
      Table.Column("Trend", .fixed(5), alignment: .trailing, rank: 1),
      Table.Column("Bounces", .fixed(7), alignment: .trailing, rank: 1),
      Table.Column("Case", .fixed(10), rank: 4), Table.Column("Restricted", .fixed(10), rank: 2),
      Table.Column("Review", .fixed(7), rank: 1), Table.Column("Why", .flexible(minimum: 12, weight: 2), rank: 3),
    ]
  }

  func cells(_ row: PaneRow, _ context: ViewContext) -> [Span] {
    guard case .listed(.account(let account)) = row else { return [] }
    let figures = account.figures
    let called = called(figures)
    let isDue = figures?.nextReview.map { $0 <= context.now } ?? false
    let review = isDue ? "due" : figures?.nextReview.map(context.age) ?? ""
    return [
      context.span(account.address), context.span(account.standing.rawValue, .account(account.standing.rawValue)),
      context.span(figures?.against ?? "", .account(called)), context.span(figures?.trend ?? "", .dim),
      context.span(figures?.bounceRate.map(Percent.text) ?? ""),
      context.span(figures?.caseState?.rawValue ?? "none", .dim),
      context.span(account.standing == .restricted ? context.day(account.standingChangedAt) : "", .dim),
      context.span(review, isDue ? .severity("warning") : .dim), context.span(account.reason, .dim),
    ]
  }

  /// The standing that so many complaints call for, whatever a person decided.
  private func called(_ figures: AccountFigures?) -> String {
    guard let figures, figures.flagAt > 0, figures.complaints >= figures.flagAt else { return "good" }
    return figures.complaints >= figures.restrictAt ? "restricted" : "flagged"
  }

  func query(_ filter: Filter, sort: SortChoice?, isDescending: Bool) -> ListQuery? {
    ListQuery(
      list: .accounts, text: filter.text, standings: filter.values("standing", as: AccountStanding.self),
      sort: sort?.sort ?? .attention, isDescending: isDescending)
  }

  func target(_ row: PaneRow, _ details: RowDetails?, for kind: Operation.TargetKind, now: Timestamp) -> PaneTarget? {
    guard kind == .account, case .listed(.account(let account)) = row else { return nil }
    return PaneTarget(target: .init(id: "\(account.id)", version: account.version), state: .account(account.standing))
  }

  var badgeMeaning: String { "account.flagged + account.restricted" }

  func badge(_ overview: Overview, _ state: PaneState) -> String {
    let count = (overview.counters["account.flagged"] ?? 0) + (overview.counters["account.restricted"] ?? 0)
    return count == 0 ? "" : "\(count)"
  }

  /// `4 in 30 days; flagged at 3, restricted at 5`.
  static func counted(_ count: Int, _ thresholds: ComplaintThresholds) -> String {
    let days = thresholds.window.microseconds / MailModel.Span.days(1).microseconds
    return "\(count) in \(days) days; flagged at \(thresholds.flag), restricted at \(thresholds.restrict)"
  }

  func details(_ row: PaneRow, _ details: RowDetails?, _ context: ViewContext) -> [Details.Item] {
    guard case .listed(.account(let account)) = row else { return [] }
    var items: [Details.Item] = [
      .heading(context.gate(account.address)),
      context.field("Standing", account.standing.rawValue, .account(account.standing.rawValue)),
      context.field("Why", account.reason.isEmpty ? "nothing against it" : account.reason),
    ]
    items += context.field("Since", at: account.standingChangedAt)
    guard case .account(let known)? = details else { return items }
    items += [
      context.field(
        "Complaints", AccountsPane.counted(known.complaintsInWindow, known.thresholds),
        known.complaintsInWindow >= known.thresholds.restrict
          ? .severity("critical") : known.complaintsInWindow >= known.thresholds.flag ? .severity("warning") : .text),
      context.field(
        "Ever", "\(account.complaintCount) complaints, \(account.sentCount) sent, \(account.bounceCount) bounced"),
      context.field("Waiting", Amount.atMost(known.waiting)), context.field("Held", Amount.atMost(known.held)),
    ]
    guard !known.complaints.isEmpty else { return items }
    items += [.blank, .heading("Last complaints")]
    return items
      + known.complaints.map { complaint in
        let dismissed = complaint.isDismissed ? " (dismissed)" : ""
        return .note(
          context.span(
            "\(context.moment(complaint.occurredAt)) \(complaint.feedbackType) \(complaint.recipient ?? "unknown")\(dismissed)",
            complaint.isDismissed ? .dim : .text))
      }
  }
}
