/// What is known about one thing: headings, labelled values that wrap, and lines of text; scrollable.
public struct Details: Sendable {
  public enum Item: Sendable {
    case heading(VisibleText)
    case field(VisibleText, Span)
    /// A labelled value of several lines.
    case lines(VisibleText, [VisibleText])
    case note(Span)
    case blank
  }

  public var items: [Item]
  /// Lines scrolled away at the top.
  public var scroll: Int

  public init(_ items: [Item], scroll: Int = 0) {
    self.items = items
    self.scroll = scroll
  }

  struct Line {
    var label: Span?
    var value: Span
  }

  /// Columns that labels take: the longest, but no more than two fifths.
  func labelWidth(in width: Int) -> Int {
    let longest = items.reduce(0) { longest, item in
      switch item {
      case .field(let label, _), .lines(let label, _): return max(longest, label.width)
      default: return longest
      }
    }
    return min(longest, width * 2 / 5)
  }

  /// Everything as lines of at most `width` columns.
  func lines(width: Int, glyphs: GlyphSet) -> [Line] {
    let room = max(1, width - labelWidth(in: width) - 2)
    return items.flatMap { item -> [Line] in
      switch item {
      case .blank: return [Line(value: Span(.empty))]
      case .heading(let text): return [Line(value: Span(text, .heading))]
      case .note(let span):
        return span.text.wrapped(to: width, glyphs: glyphs).map { Line(value: Span($0, span.style)) }
      case .field(let label, let span):
        return Details.labelled(label, span.text.wrapped(to: room, glyphs: glyphs), span.style)
      case .lines(let label, let texts):
        return Details.labelled(label, texts.flatMap { $0.wrapped(to: room, glyphs: glyphs) }, .text)
      }
    }
  }

  private static func labelled(_ label: VisibleText, _ values: [VisibleText], _ style: StyleName) -> [Line] {
    values.enumerated().map { index, value in
      Line(label: Span(index == 0 ? label : .empty, .dim), value: Span(value, style))
    }
  }

  /// Lines that the whole text takes at this width, for scrolling.
  public func lineCount(width: Int, glyphs: GlyphSet = .unicode) -> Int {
    lines(width: width - 1, glyphs: glyphs).count
  }

  public func draw(in rect: Rect, into frame: inout Frame, styles: Styles) {
    guard !rect.isEmpty else { return }
    frame.fill(rect, style: styles[.text])
    let width = rect.width - 1
    let lines = lines(width: width, glyphs: frame.glyphs)
    let first = max(0, min(scroll, lines.count - rect.height))
    let indent = labelWidth(in: width) + 2
    for (row, line) in lines.dropFirst(first).prefix(rect.height).enumerated() {
      let style = styles[line.value.style].over(styles[.text])
      guard let label = line.label else {
        frame.put(line.value.text, x: rect.x, y: rect.y + row, width: width, style: style)
        continue
      }
      frame.put(label.text, x: rect.x, y: rect.y + row, width: indent - 2, style: styles[label.style])
      frame.put(line.value.text, x: rect.x + indent, y: rect.y + row, width: width - indent, style: style)
    }
    ScrollBar(first: first, visible: rect.height, total: lines.count).draw(in: rect, into: &frame, styles: styles)
  }
}
