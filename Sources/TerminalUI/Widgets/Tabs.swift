/// The panes in one line, each with its key and perhaps a count: `1 Checklist  2 Queue 412`.
public struct Tabs: Sendable {
  public struct Tab: Sendable {
    public let key: VisibleText
    public let label: VisibleText
    /// For a narrow screen.
    public let short: VisibleText
    /// A count or a sign; empty for none.
    public let badge: VisibleText

    public init(key: VisibleText, label: VisibleText, short: VisibleText? = nil, badge: VisibleText = .empty) {
      self.key = key
      self.short = short ?? label
      self.label = label
      self.badge = badge
    }
  }

  public var tabs: [Tab]
  public var selected: Int

  public init(_ tabs: [Tab], selected: Int) {
    self.tabs = tabs
    self.selected = selected
  }

  /// How each tab is drawn.
  private struct Form {
    var label: Label
    var badges: Badges
    /// A blank on either side of a tab, or only before it.
    var isLoose = false

    /// The selected one is never cut.
    enum Label { case full, short, letters, none }
    /// Rounded ones say `12k` for 12,345, and the selected tab has none: its pane is open and says it.
    enum Badges { case all, rounded, none }
  }

  /// From everything to keys alone. Counts, which call people to another pane, go after the words have become letters.
  private static let forms = [
    Form(label: .full, badges: .all, isLoose: true), Form(label: .full, badges: .all),
    Form(label: .short, badges: .all, isLoose: true), Form(label: .short, badges: .all),
    Form(label: .letters, badges: .all), Form(label: .letters, badges: .rounded), Form(label: .short, badges: .none),
    Form(label: .letters, badges: .none), Form(label: .none, badges: .none),
  ]

  /// Drawn as fully as fits.
  public func draw(in rect: Rect, into frame: inout Frame, styles: Styles) {
    guard !rect.isEmpty else { return }
    frame.fill(rect.row(0), style: styles[.tab])
    let drawn = Tabs.forms.map { form in tabs.indices.map { spans(of: $0, form: form) } }
    let fitting = drawn.first { form in
      form.reduce(0) { $0 + $1.reduce(0) { $0 + $1.text.width } } <= rect.width
    }
    var x = rect.x
    for (index, spans) in (fitting ?? drawn.last ?? []).enumerated() {
      let base: StyleName = index == selected ? .tabSelected : .tab
      for span in spans where x < rect.maxX {
        let style = styles[span.style].over(styles[base])
        x += frame.put(span.text, x: x, y: rect.y, width: rect.maxX - x, style: style)
      }
    }
  }

  private func spans(of index: Int, form: Form) -> [Span] {
    let tab = tabs[index]
    let isSelected = index == selected
    let style: StyleName = isSelected ? .tabSelected : .tab
    var spans = [Span(" " + tab.key, isSelected ? .tabSelected : "tab.key")]
    let label: VisibleText
    switch form.label {
    case _ where isSelected, .full: label = tab.label
    case .short: label = tab.short
    case .letters: label = tab.label.prefix(columns: 3)
    case .none: label = .empty
    }
    if !label.isEmpty { spans.append(Span(" " + label, style)) }
    let badge = badge(of: tab, isSelected: isSelected, form.badges)
    if !badge.isEmpty { spans += [Span(" ", style), Span(badge, isSelected ? .tabSelected : .badge)] }
    return form.isLoose || isSelected ? spans + [Span(" ", style)] : spans
  }

  private func badge(of tab: Tab, isSelected: Bool, _ badges: Form.Badges) -> VisibleText {
    switch badges {
    case .all: return tab.badge
    case .none: return .empty
    case .rounded:
      guard !isSelected else { return .empty }
      guard let count = Int(tab.badge.description), count >= 1_000 else { return tab.badge }
      return VisibleText(count < 1_000_000 ? "\(count / 1_000)k" : "\(count / 1_000_000)M")
    }
  }
}
