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

  /// Drawn in full, without badges, or with keys alone, whichever fits.
  public func draw(in rect: Rect, into frame: inout Frame, styles: Styles) {
    guard !rect.isEmpty else { return }
    frame.fill(rect.row(0), style: styles[.tab])
    let forms = [0, 1, 2].map { form in tabs.indices.map { spans(of: $0, form: form) } }
    let fitting = forms.first { form in
      form.reduce(0) { $0 + $1.reduce(0) { $0 + $1.text.width } } <= rect.width
    }
    var x = rect.x
    for (index, spans) in (fitting ?? forms[2]).enumerated() {
      let base: StyleName = index == selected ? .tabSelected : .tab
      for span in spans where x < rect.maxX {
        let style = styles[span.style].over(styles[base])
        x += frame.put(span.text, x: x, y: rect.y, width: rect.maxX - x, style: style)
      }
    }
  }

  private func spans(of index: Int, form: Int) -> [Span] {
    let tab = tabs[index]
    let isSelected = index == selected
    var spans = [Span(" " + tab.key, isSelected ? .tabSelected : "tab.key")]
    if form < 2 || isSelected { spans.append(Span(" " + tab.label, isSelected ? .tabSelected : .tab)) }
    if form < 1, !tab.badge.isEmpty {
      spans.append(Span(" ", isSelected ? .tabSelected : .tab))
      spans.append(Span(tab.badge, isSelected ? .tabSelected : .badge))
    }
    return spans + [Span(" ", isSelected ? .tabSelected : .tab)]
  }
}
