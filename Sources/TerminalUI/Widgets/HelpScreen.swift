/// All keys of a place with what they do, in as many columns as fit; made from the same bindings that act.
public struct HelpScreen: Sendable {
  public struct Entry: Sendable {
    public let keys: VisibleText
    public let text: VisibleText

    public init(keys: VisibleText, text: VisibleText) {
      self.keys = keys
      self.text = text
    }
  }

  public struct Section: Sendable {
    public let title: VisibleText
    public let entries: [Entry]

    public init(title: VisibleText, entries: [Entry]) {
      self.title = title
      self.entries = entries
    }
  }

  public var sections: [Section]
  /// Lines scrolled away at the top.
  public var scroll: Int

  public init(_ sections: [Section], scroll: Int = 0) {
    self.sections = sections
    self.scroll = scroll
  }

  private enum Line {
    case blank
    case title(VisibleText)
    case entry(Entry)
  }

  private static let columnWidth = 38
  private static let keyWidth = 13

  private var lines: [Line] {
    sections.flatMap { section in
      [.title(section.title)] + section.entries.map { .entry($0) } + [.blank]
    }
  }

  static func columns(for width: Int) -> Int { max(1, min(3, width / columnWidth)) }

  /// Lines that one column takes, for scrolling.
  public func lineCount(width: Int) -> Int {
    let columns = HelpScreen.columns(for: width)
    return (lines.count + columns - 1) / columns
  }

  public func draw(in rect: Rect, into frame: inout Frame, styles: Styles) {
    guard !rect.isEmpty else { return }
    frame.fill(rect, style: styles[.text])
    let all = lines
    // Short lists stay in one column; long ones are spread evenly.
    let perColumn = max(lineCount(width: rect.width), min(rect.height, 12))
    frame.cursor = Position(x: rect.x, y: rect.y)
    let first = max(0, min(scroll, perColumn - rect.height))
    let extents = Array(repeating: Extent.weight(1), count: HelpScreen.columns(for: rect.width))
    let area = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 2, height: rect.height)
    for (index, column) in Layout.columns(extents, in: area, gap: 2).enumerated() {
      let shown = all.dropFirst(index * perColumn).prefix(perColumn).dropFirst(first).prefix(rect.height)
      for (row, line) in shown.enumerated() { draw(line, in: column.row(row), into: &frame, styles: styles) }
    }
    ScrollBar(first: first, visible: rect.height, total: perColumn).draw(in: rect, into: &frame, styles: styles)
  }

  private func draw(_ line: Line, in rect: Rect, into frame: inout Frame, styles: Styles) {
    switch line {
    case .blank: break
    case .title(let text): frame.put(text, x: rect.x, y: rect.y, width: rect.width, style: styles[.heading])
    case .entry(let entry):
      let room = min(HelpScreen.keyWidth, rect.width / 2)
      frame.put(entry.keys, x: rect.x, y: rect.y, width: room, style: styles[.helpKey])
      let x = rect.x + room + 1
      frame.put(entry.text, x: x, y: rect.y, width: rect.maxX - x, style: styles[.text])
    }
  }
}
