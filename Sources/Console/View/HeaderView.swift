import Engine
import MailModel
import TerminalUI

/// Who works on what, whether mail goes out, the rates against their limits, the queue, the alerts.
///
/// Nothing from outside comes here but who stopped and why: gated, cut and in quotes (fault 33).
struct HeaderView {
  let state: ConsoleState

  private var context: ViewContext { state.viewContext }

  func draw(_ layout: ScreenLayout, into frame: inout Frame, styles: Styles) {
    identityLine.draw(in: layout.header.row(0), into: &frame, styles: styles)
    ratesLine.draw(in: layout.header.row(1), into: &frame, styles: styles)
    queueLine.draw(in: layout.header.row(2), into: &frame, styles: styles)
    if state.hasBanner {
      for (row, line) in BannerWords(state: state).lines.enumerated() {
        line.draw(in: layout.banner.row(row), into: &frame, styles: styles)
      }
    }
    // A pane without a tab of its own stands in the place of the one it belongs to while it is open.
    let places = PaneID.allCases.filter { $0.parent == nil }
    let shown = places.map { $0 == state.active.parent ? state.active : $0 }
    let tabs = zip(places, shown).map { place, id in
      let badge = state.overview.map { Panes.of(id).badge($0, state.panes[id] ?? PaneState(Panes.of(id))) } ?? ""
      return Tabs.Tab(
        key: context.gate(key(to: place)), label: context.gate(Panes.of(id).title),
        short: context.gate(Panes.of(id).shortTitle), badge: context.gate(badge))
    }
    Tabs(tabs, selected: shown.firstIndex(of: state.active) ?? 0)
      .draw(in: layout.tabs, into: &frame, styles: styles)
  }

  private func key(to pane: PaneID) -> String {
    let command = CommandInvocation("pane", [pane.rawValue])
    return state.keymap.keys(for: command, in: state.active.rawValue).first?.description ?? ""
  }

  private var separator: Span { Span(" " + context.gate(context.glyphs.separator) + " ", "header.dim") }

  private var identityLine: StyledLine {
    let actor = state.identity.actor
    var left = [
      Span(" " + context.gate(sendState.word) + " ", sendState.style), Span(" ", .header),
      Span(context.gate(state.identity.workspace, limit: 24), .title), separator,
      Span(
        context.gate("\(actor.name) (\(state.identity.isReadOnly ? "read-only" : actor.role.name))", limit: 32), .header
      ),
    ]
    if let overview = state.overview {
      left += [
        separator,
        Span(
          overview.isEngineRunning ? "engine running" : "no engine runs",
          overview.isEngineRunning ? .header : .headerAlert),
      ]
    }
    let clock = context.gate(Clockface.text(state.now).suffix(8).description + " ")
    return StyledLine(left, right: [Span(clock, "header.dim")], base: .header)
  }

  /// The big word: what happens to mail now.
  private var sendState: (word: String, style: StyleName) {
    guard state.overview != nil || state.trippedAt != nil else { return ("…", .header) }
    switch state.permitState {
    case .open: return ("SENDING", .bannerReady)
    case .ramping: return ("RAMPING", .bannerReady)
    case .ready: return ("READY", .bannerReady)
    case .stopped: return ("STOPPED", .bannerStopped)
    }
  }

  private var ratesLine: StyledLine {
    guard let overview = state.overview else {
      return StyledLine([Span(context.gate(state.storeProblem ?? " reading the store"), .headerAlert)], base: .header)
    }
    var more: [Span] = []
    if let problem = state.storeProblem {
      more = [separator, Span(context.gate(problem, limit: 200), .headerAlert)]
    } else if let trouble = overview.relayTrouble, overview.alerts.isEmpty || state.size.columns >= 120 {
      more = [separator, Span(context.gate(trouble, limit: 60), .headerAlert)]
    } else if let run = overview.usedUpRun {
      more = [separator, Span(context.gate("run used up: \(run.sent) of \(run.most)"), .headerAlert)]
    }
    let right = alerts(overview)
    return StyledLine(rates(overview, more, room: state.size.columns - width(right) - 1), right: right, base: .header)
  }

  /// As much as leaves room for the alerts: the limits go first, which `w` tells as well.
  private func rates(_ overview: Overview, _ more: [Span], room: Int) -> [Span] {
    let facts = [("bounced", overview.bounceRate), ("complained", overview.complaintRate)] as [(VisibleText, RateFact)]
    let full = facts.map { rate($0, $1) }
    let values = full.map { Array($0.dropLast()) }
    let forms = [
      full[0] + [separator] + full[1] + more, values[0] + [separator] + values[1] + more,
      values[0] + [separator] + values[1], values[0],
    ].map { [Span(" ", .header)] + $0 }
    // What is wrong with the store comes before any alert that was read from it.
    if state.storeProblem != nil { return forms[0] }
    return forms.first { width($0) <= room } ?? []
  }

  private func width(_ spans: [Span]) -> Int { spans.reduce(0) { $0 + $1.text.width } }

  private func rate(_ label: VisibleText, _ fact: RateFact) -> [Span] {
    let style: StyleName = fact.severity == nil ? .header : .headerAlert
    return [
      Span(label + " ", "header.label"), Span(context.gate(fact.value), style),
      Span(context.gate(" / \(fact.limit)"), "header.label"),
    ]
  }

  /// The worst alerts; titles are made by policy of numbers, never of text from outside.
  private func alerts(_ overview: Overview) -> [Span] {
    guard let worst = overview.alerts.first else { return [Span("no alerts ", .severity("ok"))] }
    let more = overview.alerts.count > 1 ? " +\(overview.alerts.count - 1)" : ""
    let style: StyleName = worst.severity == .critical ? .headerAlert : .severity("warning")
    return [Span(context.gate("\(context.glyphs.warning) \(worst.title)\(more) "), style)]
  }

  private var queueLine: StyledLine {
    guard let overview = state.overview else { return StyledLine([], base: .header) }
    let always: Set<MessageState> = [.queued, .armed, .sent, .uncertain, .held, .failed]
    let shown = MessageState.allCases.filter { always.contains($0) || (overview.queue[$0] ?? 0) > 0 }
    let spans = shown.flatMap { name -> [Span] in
      let count = overview.queue[name] ?? 0
      return [
        Span(" " + context.gate(name.rawValue) + " ", "header.label"),
        Span(context.gate("\(count)"), count == 0 ? "header.dim" : .state(name.rawValue)),
      ]
    }
    return StyledLine(spans, base: .header)
  }
}
