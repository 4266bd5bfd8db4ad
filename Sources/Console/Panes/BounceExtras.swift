import Engine
import MailModel
import TerminalUI

/// What the bounce pane shows besides bounces: the suppression list and what bounces most.
enum BounceExtras {
  static func list(_ filter: Filter) -> ListName {
    if filter.has("patterns") { return .patterns }
    if filter.has("suppressed") { return .suppressions }
    return filter.has("unmatched") ? .unmatched : .bounces
  }

  /// What the columns say, of whichever table the filter chooses.
  static func titles(_ filter: Filter) -> [VisibleText] {
    switch list(filter) {
    case .patterns:
      let by = filter.value("by").flatMap(BouncePattern.Dimension.init(rawValue:)) ?? .domain
      return ["Last hour", "Most", "Bounces", title(by), "Classes", "Counted"]
    case .suppressions: return ["Since", "Until", "Stops", "Recipient", "Reason", "Whose mail"]
    case .unmatched: return ["When", "Kind", "", "From", "Subject", "State"]
    default: return ["When", "Class", "Status", "Recipient", "Reason", "Followed"]
    }
  }

  private static func title(_ dimension: BouncePattern.Dimension) -> VisibleText {
    switch dimension {
    case .domain: "Domain"
    case .code: "Code"
    case .sender: "Sender"
    case .reason: "Reason"
    }
  }

  static func cells(_ entry: Suppression, _ context: ViewContext) -> [Span] {
    let isExpired = entry.isExpired(at: context.now)
    return [
      context.span(context.moment(entry.addedAt), .dim),
      context.span(
        isExpired ? "expired" : entry.expiresAt.map(context.age) ?? "for ever",
        isExpired ? .dim : .state("suppressed")),
      context.span(entry.accountAddress == nil ? "all" : "one"), context.span(entry.address),
      context.span(entry.reason),
      context.span(entry.accountAddress ?? "everyone's"),
    ]
  }

  static func cells(_ pattern: BouncePattern, _ context: ViewContext) -> [Span] {
    let worst = BounceClass.allCases.max { (pattern.classes[$0] ?? 0) < (pattern.classes[$1] ?? 0) } ?? .unknown
    return [
      context.span(context.moment(pattern.lastAt), .dim), context.span(worst.rawValue, ReportWords.style(worst)),
      context.span("\(pattern.count)"), context.span(pattern.value), context.span(classes(pattern)),
      context.span("by \(pattern.dimension.rawValue)"),
    ]
  }

  /// Details of rows that are no bounces; `nil` for those that are.
  static func details(_ row: PaneRow, _ details: RowDetails?, _ context: ViewContext) -> [Details.Item]? {
    switch row {
    case .listed(.unmatched(let report)):
      guard case .unmatched(_, _, let excerpt)? = details else { return [] }
      return ReportWords.items(report, context) + context.excerpt(excerpt)
    case .listed(.pattern(let pattern, _)):
      return [
        .heading("Pattern"), context.field(title(pattern.dimension), pattern.value),
        context.field("Bounces", "\(pattern.count)"), context.field("Classes", classes(pattern)),
        context.field("Each one", "Enter: filter \(single(pattern, of: context.filter))"),
        .note(Span("Filter by:domain by:code by:sender by:reason, hours:168 for a week", .dim)),
      ] + context.field("Last hour", at: pattern.lastAt)
    case .listed(.suppression(let entry)): return items(entry, details, context)
    default: return nil
    }
  }

  private static func items(_ entry: Suppression, _ details: RowDetails?, _ context: ViewContext) -> [Details.Item] {
    var items: [Details.Item] = [
      .heading("Suppression"), context.field("Address", entry.address), context.field("Reason", entry.reason),
      context.field("Decided by", entry.source),
      context.field("Whose mail", entry.accountAddress ?? "everyone's"), context.field("Until", until(entry, context)),
    ]
    items += context.field("Since", at: entry.addedAt)
    guard case .suppression(let entries, let held, let lost)? = details else { return items }
    items += [
      context.field("Held mail", "\(held), freed by a lift"),
      context.field("Suppressed", "\(lost) messages, for good"),
    ]
    if entries.count > 1 { items.append(context.field("Entries", "\(entries.count) for this address")) }
    return items
  }

  private static func until(_ entry: Suppression, _ context: ViewContext) -> String {
    entry.expiresAt.map { entry.isExpired(at: context.now) ? "expired" : "until \(context.moment($0))" } ?? "for ever"
  }

  /// The filter that lists the bounces which a pattern counts, in the window of the filter that lists the pattern.
  static func single(_ pattern: BouncePattern, of filter: Filter) -> String {
    let words =
      switch pattern.dimension {
      case .domain: "destination:\(pattern.value)"
      case .code: "code:\(pattern.value)"
      case .sender: "account:\(pattern.value)"
      case .reason: pattern.value
      }
    return "\(words) kind:bounce hours:\(filter.value("hours") ?? "\(BouncePattern.usualHours)")"
  }

  private static func classes(_ pattern: BouncePattern) -> String {
    BounceClass.allCases.compactMap { name in pattern.classes[name].map { "\($0) \(name.rawValue)" } }
      .joined(separator: ", ")
  }
}
