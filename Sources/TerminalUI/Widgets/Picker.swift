/// A list to choose from by typing parts of a name: the command palette.
public struct Picker: Sendable {
  public struct Item: Sendable {
    /// What is matched and given back.
    public let id: String
    public let title: VisibleText
    /// Shown at the right, such as the key.
    public let hint: VisibleText
    /// Why it cannot be chosen now; empty when it can.
    public let disabledReason: VisibleText

    public init(id: String, title: VisibleText, hint: VisibleText = .empty, disabledReason: VisibleText = .empty) {
      self.id = id
      self.title = title
      self.hint = hint
      self.disabledReason = disabledReason
    }

    public var isEnabled: Bool { disabledReason.isEmpty }
  }

  public let title: VisibleText
  public let items: [Item]
  public private(set) var query = TextInput()
  /// Indices into `items`, best match first.
  public private(set) var matches: [Int]
  /// The highlighted one, counted within `matches`.
  public private(set) var selected = 0

  public init(title: VisibleText, items: [Item]) {
    self.title = title
    self.items = items
    matches = Array(items.indices)
  }

  /// The highlighted item.
  public var choice: Item? { matches.indices.contains(selected) ? items[matches[selected]] : nil }

  /// Moves or types. Returns false when the key means nothing here.
  public mutating func handle(_ key: Key) -> Bool {
    switch key.description {
    case "Up", "C-p": select(selected - 1)
    case "Down", "C-n": select(selected + 1)
    case "PgUp": select(selected - 10)
    case "PgDn": select(selected + 10)
    default:
      guard query.handle(key) else { return false }
      match()
    }
    return true
  }

  public mutating func paste(_ text: String) {
    query.paste(text)
    match()
  }

  private mutating func match() {
    matches = FuzzyMatch.ranked(query.text, among: items.map { [$0.id, $0.title.text] })
    selected = 0
  }

  private mutating func select(_ place: Int) { selected = max(0, min(place, matches.count - 1)) }

  public func draw(in screen: Rect, into frame: inout Frame, styles: Styles) {
    let rect = screen.centered(width: min(76, screen.width - 4), height: min(items.count + 5, screen.height - 4, 22))
    let base = styles[.dialog].over(styles[.text])
    frame.fill(rect, style: base)
    frame.box(
      rect, title: title, style: styles["dialog.border"].over(base), titleStyle: styles[.dialogTitle].over(base))
    let inner = rect.inset(columns: 2, rows: 1)
    let list = Rect(x: inner.x, y: inner.y + 2, width: inner.width, height: inner.height - 2)
    let first = max(0, selected - list.height + 1)
    for (row, match) in matches.dropFirst(first).prefix(list.height).enumerated() {
      drawItem(items[match], isSelected: first + row == selected, list.row(row), &frame, styles, base)
    }
    if matches.isEmpty {
      frame.put("No match", in: list.row(0), style: styles[.dim].over(base))
    }
    let bar = Rect(x: rect.x, y: list.y, width: rect.width, height: list.height)
    ScrollBar(first: first, visible: list.height, total: matches.count).draw(in: bar, into: &frame, styles: styles)
    query.draw(prompt: "> ", placeholder: "type to search", in: inner.row(0), into: &frame, styles: styles)
  }

  private func drawItem(
    _ item: Item, isSelected: Bool, _ line: Rect, _ frame: inout Frame, _ styles: Styles, _ base: Style
  ) {
    guard !line.isEmpty else { return }
    let style = (item.isEnabled ? styles[.text] : styles[.dim]).over(base)
    let pointer = isSelected ? VisibleText(frame.glyphs.pointer) + " " : VisibleText.spaces(2)
    let note = item.isEnabled ? item.hint : item.disabledReason
    let noteWidth = min(note.width, line.width / 2)
    frame.put(pointer + item.title, in: Rect(x: line.x, y: line.y, width: line.width, height: 1), style: style)
    let noteStyle = (item.isEnabled ? styles[.helpKey] : styles[.dim]).over(base)
    let gap = Rect(x: line.maxX - noteWidth - 1, y: line.y, width: noteWidth + 1, height: 1)
    if noteWidth > 0 {
      frame.put(" " + note, in: gap, alignment: .trailing, style: noteStyle)
    }
    if isSelected { frame.overlay(styles[.rowSelected], on: line) }
  }
}
