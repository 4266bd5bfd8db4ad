/// Text in the style of a role.
public struct Span: Sendable, Hashable {
  public var text: VisibleText
  public var style: StyleName

  public init(_ text: VisibleText, _ style: StyleName = .text) {
    self.text = text
    self.style = style
  }
}

/// One line of spans from the left and, as far as there is room, spans that end at the right edge.
public struct StyledLine: Sendable, Hashable {
  public var left: [Span]
  public var right: [Span]
  /// What lies under all spans.
  public var base: StyleName

  public init(_ left: [Span], right: [Span] = [], base: StyleName = .text) {
    self.left = left
    self.right = right
    self.base = base
  }

  /// The left spans win: the right ones are left out, from their beginning, when both do not fit.
  public func draw(in rect: Rect, into frame: inout Frame, styles: Styles) {
    guard !rect.isEmpty else { return }
    let under = styles[base]
    frame.fill(rect.row(0), style: under)
    var x = rect.x
    for span in left where x < rect.maxX {
      x += frame.put(span.text, x: x, y: rect.y, width: rect.maxX - x, style: styles[span.style].over(under))
    }
    var shown = right[...]
    while !shown.isEmpty, width(of: shown) > rect.maxX - x - 1 {
      shown = shown.dropFirst()
    }
    x = rect.maxX - width(of: shown)
    for span in shown {
      x += frame.put(span.text, x: x, y: rect.y, width: rect.maxX - x, style: styles[span.style].over(under))
    }
  }

  private func width(of spans: ArraySlice<Span>) -> Int { spans.reduce(0) { $0 + $1.text.width } }
}
