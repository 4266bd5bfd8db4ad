import Engine
import MailModel
import TerminalUI

/// What holders and our own people were told, and whether it reached them.
struct NoticesPane: Pane {
  let id = PaneID.notices
  let title = "Notices"
  let emptyMessage = "Nobody was told anything."
  let filterHelp = "notice:failed,queued  account:a@example.org  or any text"
  let filterWords = FilterWords.notices
  let sorts = [SortChoice(sort: .newest, column: 0, isDescending: true, title: "newest first")]

  func columns(_ context: ViewContext) -> [Table.Column] {
    [
      Table.Column("When", .fixed(11)), Table.Column("State", .fixed(10)), Table.Column("What", .fixed(12)),
      Table.Column("By", .fixed(7), rank: 2), Table.Column("To", .flexible(minimum: 20, weight: 3)),
      Table.Column("Tries", .fixed(5), alignment: .trailing, rank: 1),
      Table.Column("Problem", .flexible(minimum: 12, weight: 2), rank: 3),
    ]
  }

  func cells(_ row: PaneRow, _ context: ViewContext) -> [Span] {
    guard case .listed(.notice(let notice)) = row else { return [] }
    return [
      context.span(context.moment(notice.createdAt), .dim),
      context.span(notice.state.rawValue, NoticesPane.style(notice.state)), context.span(notice.kind),
      context.span(notice.channel.rawValue, .dim), context.span(notice.target),
      context.span("\(notice.attempts)", .dim),
      context.span(notice.lastError, .dim),
    ]
  }

  static func style(_ state: NoticeState) -> StyleName {
    switch state {
    case .queued: .state("queued")
    case .sent: .state("sent")
    case .failed: .severity("critical")
    case .suppressed: .state("suppressed")
    }
  }

  func query(_ filter: Filter, sort: SortChoice?, isDescending: Bool) -> ListQuery? {
    var query = ListQuery(
      list: .notices, text: filter.text, account: filter.value("account"), sort: .newest, isDescending: true)
    query.noticeStates = filter.values("notice", as: NoticeState.self)
    return query
  }

  func target(_ row: PaneRow, _ details: RowDetails?, for kind: Operation.TargetKind, now: Timestamp) -> PaneTarget? {
    guard kind == .notice, case .listed(.notice(let notice)) = row else { return nil }
    return NoticesPane.target(notice)
  }

  static func target(_ notice: Notice) -> PaneTarget {
    PaneTarget(target: .init(id: "\(notice.id)", version: notice.version), state: .notice(notice.state))
  }

  var badgeMeaning: String { "notices that failed" }

  func badge(_ overview: Overview, _ state: PaneState) -> String {
    let count = overview.counters["notice.failed"] ?? 0
    return count == 0 ? "" : "\(count)"
  }

  func details(_ row: PaneRow, _ details: RowDetails?, _ context: ViewContext) -> [Details.Item] {
    guard case .listed(.notice(let notice)) = row else { return [] }
    return NoticesPane.items(notice, context)
  }

  /// Everything about a notice, as this pane and the case show it.
  static func items(_ notice: Notice, _ context: ViewContext) -> [Details.Item] {
    var items: [Details.Item] = [
      .heading(context.gate("Notice \(notice.id): \(notice.kind)")),
      context.field("State", notice.state.rawValue, style(notice.state)),
      context.field("To", "\(notice.target), by \(notice.channel.rawValue)"),
      context.field("Tries", "\(notice.attempts)"),
    ]
    if !notice.lastError.isEmpty { items.append(context.field("Problem", notice.lastError)) }
    if notice.state == .queued, notice.channel == .webhook { items += context.field("Next", at: notice.nextAttemptAt) }
    if let message = notice.messageID { items.append(context.field("Message", "\(message)")) }
    if let caseID = notice.caseID { items.append(context.field("Case", "\(caseID)")) }
    items += context.field("When", at: notice.createdAt) + [context.field("By", notice.createdBy)]
    return items + [.blank, .heading(context.gate(notice.subject))]
      + WebHookText.text(of: notice).split(separator: "\n", maxSplits: 60, omittingEmptySubsequences: false).prefix(60)
      .map { .note(context.span(String($0), .dim)) }
  }
}
