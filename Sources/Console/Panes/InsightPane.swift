import Engine
import MailModel
import TerminalUI

/// The queue by destination and age, with pace, latency, reasons and forecast beside it.
struct InsightPane: Pane {
  let id = PaneID.insight
  let title = "Insight"
  let shortTitle = "Ins"
  let emptyMessage = "Nothing waits, nothing is held and nothing is in doubt."
  let filterHelp = "part of a destination"
  let sorts: [SortChoice] = []

  func columns(_ context: ViewContext) -> [Table.Column] {
    [
      Table.Column("Destination", .flexible(minimum: 16, weight: 1)),
      Table.Column("Waiting", .fixed(8), alignment: .trailing),
      Table.Column("Deferred", .fixed(8), alignment: .trailing),
      Table.Column("Held", .fixed(6), alignment: .trailing, rank: 2),
      Table.Column("Doubt", .fixed(6), alignment: .trailing, rank: 3),
      Table.Column(context.arrowed("New → old"), .fixed(10)), Table.Column("Oldest", .fixed(9), rank: 1),
    ]
  }

  func cells(_ row: PaneRow, _ context: ViewContext) -> [Span] {
    guard case .destination(let shape, let isTotal) = row else { return [] }
    let destination = shape.destination
    func count(_ value: Int, _ style: StyleName) -> Span { context.span("\(value)", value == 0 ? .dim : style) }
    return [
      context.span(destination.domain, isTotal ? .heading : .text), count(shape.waiting, .text),
      count(destination.deferred, .severity("warning")), count(destination.held, .state("held")),
      count(destination.uncertain, .state("uncertain")),
      Span(Sparkline.text(shape.ages.map(Double.init), width: 10, glyphs: context.glyphs), .dim),
      context.span(shape.oldest ?? "", .dim),
    ]
  }

  func query(_ filter: Filter, sort: SortChoice?, isDescending: Bool) -> ListQuery? { nil }

  /// The sum, then the destinations that the filter fits.
  static func rows(_ insight: QueueInsight, _ filter: Filter) -> [PaneRow] {
    guard !insight.destinations.isEmpty else { return [] }
    let wanted = filter.text.lowercased()
    let fitting = insight.destinations.filter { wanted.isEmpty || $0.destination.domain.contains(wanted) }
    return [.destination(insight.total, isTotal: true)] + fitting.map { .destination($0, isTotal: false) }
  }

  func target(_ row: PaneRow, _ details: RowDetails?, for kind: Operation.TargetKind, now: Timestamp) -> PaneTarget? {
    nil
  }

  func badge(_ overview: Overview, _ state: PaneState) -> String { "" }

  func details(_ row: PaneRow, _ details: RowDetails?, _ context: ViewContext) -> [Details.Item] {
    guard case .destination(let shape, let isTotal) = row else { return [] }
    let whose = shape.standing.map { standing in
      [context.field("Provider", "\(standing.provider ?? "none"): \(standing.why)")]
    }
    return [.heading(context.gate(isTotal ? "All destinations" : shape.destination.domain))] + (whose ?? [])
      + InsightWording.ages(shape.ages, context)
  }
}

/// The insight as details: ages, pace, latency, reasons.
enum InsightWording {
  private static let barWidth = 16

  /// Every age that has something, with its share as a bar.
  static func ages(_ ages: [Int], _ context: ViewContext) -> [Details.Item] {
    let total = ages.reduce(0, +)
    guard total > 0 else { return [.note(Span("Nothing waits to be sent", .dim))] }
    return zip(QueueInsight.Shape.ageTitles, ages).filter { $0.1 > 0 }.map { title, count in
      let bar = ProgressBar.text(Double(count) / Double(total), width: barWidth, glyphs: context.glyphs)
      let label = title.hasSuffix("+") ? "older" : "< \(title) min"
      return .field(context.gate(label), Span(bar + context.gate(" \(count)")))
    }
  }

  /// What is the same whatever row is selected.
  static func everywhere(_ insight: QueueInsight, domain: String?, _ context: ViewContext) -> [Details.Item] {
    let day = Sparkline.text(InsightWording.sums(insight.series, of: 8), width: 18, glyphs: context.glyphs)
    var items: [Details.Item] = [
      .blank, .heading("Pace"), context.field("Now", InsightWords.rate(insight.rate)),
      .field("Last day", Span(day)),
      context.field("Forecast", InsightWords.forecast(insight.forecast, now: context.now)),
    ]
    items += holding(insight, context)
    items += latencies(insight, context)
    items += [.blank, .heading("Reasons of the last day")]
    let reasons = insight.reasons(for: domain).prefix(12)
    if reasons.isEmpty { items.append(.note(Span("None: every attempt was accepted", .dim))) }
    for count in reasons {
      let place = domain == nil ? " (\(count.reason.domain))" : ""
      items.append(
        context.field(
          context.gate("\(count.count) \(count.reason.outcome)", limit: 40),
          InsightWords.reason(count.reason) + place))
    }
    return items
  }

  /// Limits, pauses and slow-downs, with how much is behind each and when it goes.
  private static func holding(_ insight: QueueInsight, _ context: ViewContext) -> [Details.Item] {
    guard !insight.scopes.isEmpty else { return [] }
    return [.blank, .heading("What holds mail back")]
      + insight.scopes.prefix(20).map { scope in
        let style: StyleName = scope.pause == nil && scope.slowedUntil == nil ? .text : .severity("warning")
        return .note(context.span("\(scope.scope.words): \(scope.words(now: context.now))", style))
      }
  }

  /// Each stage on a line of its own, so that label and numbers fit beside a table of 100 columns.
  private static func latencies(_ insight: QueueInsight, _ context: ViewContext) -> [Details.Item] {
    func percentiles(_ window: VisibleText, _ latency: QueueInsight.Latency) -> Details.Item {
      let words = [latency.p50, latency.p95, latency.p99].map(InsightWords.duration)
      return context.field(window, latency.count > 0 ? columns(words) : "none")
    }
    return [.blank, .heading("Latency"), context.field("", columns(["p50", "p95", "p99"]), .dim)]
      + zip(insight.lastHour, insight.lastDay).flatMap { hour, day in
        [
          .note(Span(context.arrowed(hour.title), .dim)), percentiles("last hour", hour),
          percentiles("last day", day),
        ]
      }
  }

  /// Words below one another, whatever their length.
  private static func columns(_ words: [String]) -> String {
    words.dropLast().map { $0 + String(repeating: " ", count: max(1, 8 - $0.count)) }.joined() + (words.last ?? "")
  }

  /// So many times ten minutes to a column: with eight of them a day fits into 18.
  static func sums(_ series: [Int], of count: Int) -> [Double] {
    stride(from: 0, to: series.count, by: count).map { start in
      Double(series[start..<min(start + count, series.count)].reduce(0, +))
    }
  }
}
