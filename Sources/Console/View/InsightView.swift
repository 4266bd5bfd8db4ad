import Engine
import MailModel
import TerminalUI

extension ConsoleState {
  /// The insight's own line above its table: pace, the last hours, when it will be empty.
  var insightLine: [Span] {
    guard let insight = current.insight else { return [] }
    let context = viewContext
    let spark = Sparkline.text(InsightWording.sums(insight.series, of: 3), width: 12, glyphs: glyphs)
    return [
      context.span("\(InsightWords.rate(insight.rate))  "), Span(spark, .dim),
      context.span("  \(InsightWords.forecast(insight.forecast, now: now))", .dim),
    ]
  }

  /// What details of the insight say besides the row.
  var insightDetails: [Details.Item] {
    guard active == .insight, let insight = current.insight else { return [] }
    var domain: String?
    if case .destination(let shape, isTotal: false)? = current.row { domain = shape.destination.domain }
    return InsightWording.everywhere(insight, domain: domain, viewContext)
  }

  /// Where the numbers on screen come from: the pane's own first.
  func provenance(_ overview: Overview) -> [Provenance] {
    let own = active == .insight ? current.insight.map(Provenance.all) ?? [] : []
    let badges = PaneID.allCases.compactMap { id -> Provenance? in
      let pane = Panes.of(id)
      let badge = pane.badge(overview, panes[id] ?? PaneState(pane))
      return badge.isEmpty ? nil : Provenance(number: "beside \(pane.title)", value: badge, source: pane.badgeMeaning)
    }
    return own + Provenance.all(overview) + badges
  }
}
