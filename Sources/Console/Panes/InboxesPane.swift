import Engine
import MailModel
import TerminalUI

/// Sending identities: what they may still send today, and how well they are.
struct InboxesPane: Pane {
  let id = PaneID.inboxes
  let title = "Inboxes"
  let shortTitle = "Inbox"
  let emptyMessage = "No inbox here. 'postroom inbox add' adds one; without any, mail goes over the relay of .env."
  let filterHelp = "any text of address, name, server or reason"
  let sorts = [
    SortChoice(sort: .attention, column: 4, isDescending: true, title: "attention first"),
    SortChoice(sort: .account, column: 0, isDescending: false, title: "by address"),
  ]
  /// Columns of the bar beside the numbers of today.
  private static let barWidth = 5

  func columns(_ context: ViewContext) -> [Table.Column] {
    [
      Table.Column("Inbox", .flexible(minimum: 16, weight: 3)), Table.Column("Week", .fixed(4), alignment: .trailing),
      Table.Column("Today", .fixed(7), alignment: .trailing), Table.Column("", .fixed(InboxesPane.barWidth), rank: 2),
      Table.Column("Health", .fixed(7), alignment: .trailing),
      Table.Column("Standing", .flexible(minimum: 10, weight: 2)),
      Table.Column("Waits", .fixed(6), alignment: .trailing, rank: 3),
      Table.Column("Next", .fixed(11), rank: 4), Table.Column("14 days", .fixed(InboxStatus.dayCount), rank: 1),
    ]
  }

  func cells(_ row: PaneRow, _ context: ViewContext) -> [Span] {
    guard case .listed(.inbox(let status)) = row else { return [] }
    let allowance = status.allowance
    let share = allowance.limit > 0 ? Double(allowance.used) / Double(allowance.limit) : 1
    let isFull = allowance.left == 0
    let days = status.days.map { Double($0.sent) }
    return [
      context.span(status.inbox.address), context.span("\(allowance.week)", .dim),
      context.span("\(allowance.used)/\(allowance.limit)", isFull ? .severity("warning") : .text),
      Span(
        ProgressBar.text(share, width: InboxesPane.barWidth, glyphs: context.glyphs),
        isFull ? .severity("warning") : .dim),
      context.span("\(status.report.score)", style(status.report.score, status.policy)),
      context.span(standing(status, context), standingStyle(status)),
      context.span("\(status.inbox.waiting)"), context.span(next(status, context), .dim),
      Span(Sparkline.text(days, width: InboxStatus.dayCount, glyphs: context.glyphs), .dim),
    ]
  }

  private func style(_ health: Int, _ policy: InboxStatus.Limits) -> StyleName {
    health < policy.pauseBelow
      ? .severity("critical") : health < policy.lowerBelow ? .severity("warning") : .severity("ok")
  }

  private func standing(_ status: InboxStatus, _ context: ViewContext) -> String {
    if let pause = status.allowance.pause { return "paused: \(pause.reason)" }
    return status.obstacle ?? (status.allowance.left == 0 ? "limit reached" : "active")
  }

  private func standingStyle(_ status: InboxStatus) -> StyleName {
    status.allowance.pause == nil && status.obstacle == nil ? .text : .severity("critical")
  }

  /// When something may go out again that may not now.
  private func next(_ status: InboxStatus, _ context: ViewContext) -> String {
    if let pause = status.allowance.pause { return pause.until.map(context.moment) ?? "by hand" }
    return context.moment(status.allowance.resetsAt)
  }

  func query(_ filter: Filter, sort: SortChoice?, isDescending: Bool) -> ListQuery? {
    ListQuery(list: .inboxes, text: filter.text, sort: sort?.sort ?? .attention, isDescending: isDescending)
  }

  func target(_ row: PaneRow, _ details: RowDetails?, for kind: Operation.TargetKind, now: Timestamp) -> PaneTarget? {
    guard kind == .inbox, case .listed(.inbox(let status)) = row else { return nil }
    return PaneTarget(
      target: .init(id: "\(status.inbox.id)", version: status.inbox.version),
      state: .inbox(isPaused: status.inbox.pause != nil))
  }

  var badgeMeaning: String { "inbox.paused" }

  func badge(_ overview: Overview, _ state: PaneState) -> String {
    let paused = overview.counters["inbox.paused"] ?? 0
    return paused == 0 ? "" : "\(paused)"
  }

  func details(_ row: PaneRow, _ details: RowDetails?, _ context: ViewContext) -> [Details.Item] {
    guard case .listed(.inbox(let status)) = row else { return [] }
    let (inbox, allowance) = (status.inbox, status.allowance)
    var items: [Details.Item] = [.heading(context.gate(inbox.address))]
    if !inbox.displayName.isEmpty { items.append(context.field("Name", inbox.displayName)) }
    items.append(
      context.field("Standing", standing(status, context), standingStyle(status)))
    if let pause = allowance.pause {
      items.append(context.field("Paused by", pause.by))
      items += context.field("Since", at: pause.since)
      items += pause.until.map { context.field("Until", at: $0) } ?? [context.field("Until", "somebody resumes it")]
    }
    items += [
      .blank, .heading("Today"),
      context.field("Used", "\(allowance.used) of \(allowance.limit), \(allowance.left) left"),
      context.field("Limit", allowance.explanation), context.field("Waiting", "\(inbox.waiting)"),
    ]
    items += context.field("Next reset", at: allowance.resetsAt)
    items += [
      .blank, .heading(context.gate("Health \(status.report.score) of 100")),
    ]
    items += status.report.factors.map { factor in
      context.field(
        context.gate(factor.name), factor.explanation,
        factor.points * 2 < factor.weight ? .severity("warning") : .text)
    }
    items.append(
      context.field(
        "Below", "\(status.policy.lowerBelow) its limit is lowered, \(status.policy.pauseBelow) it pauses itself", .dim)
    )
    return items + login(status, context)
  }

  private func login(_ status: InboxStatus, _ context: ViewContext) -> [Details.Item] {
    let inbox = status.inbox
    var items: [Details.Item] = [
      .blank, .heading(context.gate("Last \(status.days.count) days")),
      context.field("Accepted", status.days.map { "\($0.sent)" }.joined(separator: " ")),
      context.field("Bad", status.days.map { "\($0.refused + $0.bounced + $0.complained)" }.joined(separator: " ")),
      .blank, .heading("Logins"),
      context.field("SMTP", "\(inbox.smtp.endpoint) \(inbox.smtp.security.rawValue) as \(inbox.smtp.username)"),
      context.field("IMAP", inbox.imap.map { "\($0.endpoint) \($0.security.rawValue) as \($0.username)" } ?? "none"),
      context.field(
        "Replies", status.repliesWords(now: context.now), status.replies?.failedAt == nil ? .text : .severity("warning")
      ),
    ]
    items += context.field("Started", at: inbox.startedAt)
    items += context.field("Evaluated", at: inbox.evaluatedAt)
    return items + [
      .blank,
      .note(
        Span(
          "Counts are kept by the store in the transaction of every arm, reply and report, by the quarter of an hour; days are local.",
          .dim)),
    ]
  }
}
