/// The panes in one line, each with its key and perhaps a count: `1 Checklist  2 Queue 412`.
public struct Tabs: Sendable {
  public struct Tab: Sendable {
    public let key: VisibleText
    public let label: VisibleText
    /// A count or a sign; empty for none.
    public let badge: VisibleText

    public init(key: VisibleText, label: VisibleText, badge: VisibleText = .empty) {
      self.key = key
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

  /// How much of each tab is drawn.
  private struct Form {
    /// Columns of a label at most; the selected one is never cut.
    var label: Int
    var hasBadges: Bool
  }

  /// From everything to keys alone: counts are worth more than the ends of words, words more than counts.
  private static let forms =
    [Form(label: .max, hasBadges: true)] + [8, 7, 6, 5, 4, 3].map { Form(label: $0, hasBadges: true) }
    + [Form(label: .max, hasBadges: false)] + [8, 7, 6, 5, 4, 3].map { Form(label: $0, hasBadges: false) }
    + [Form(label: 0, hasBadges: false)]

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
    if form.label > 0 || isSelected {
      spans.append(Span(" " + (isSelected ? tab.label : tab.label.prefix(columns: form.label)), style))
    }
    if form.hasBadges, !tab.badge.isEmpty {
      spans.append(Span(" ", style))
      spans.append(Span(tab.badge, isSelected ? .tabSelected : .badge))
    }
    return spans + [Span(" ", style)]
  }
}
