/// A question in the middle of the screen. The safe answer has the focus until a person moves it, and which one has it
/// shows without colour too.
public struct Dialog: Sendable {
  public struct Button: Sendable, Hashable {
    public let label: VisibleText
    /// The key that presses it whatever has the focus; empty for none.
    public let key: VisibleText
    public let isDangerous: Bool

    public init(_ label: VisibleText, key: VisibleText = .empty, isDangerous: Bool = false) {
      self.label = label
      self.key = key
      self.isDangerous = isDangerous
    }
  }

  public var title: VisibleText
  public var lines: [Span]
  /// Put the safe answer first.
  public var buttons: [Button]
  public var focused: Int
  /// What a person has to type, with the prompt before it.
  public var input: (prompt: VisibleText, field: TextInput)?

  public init(title: VisibleText, lines: [Span], buttons: [Button], focused: Int? = nil) {
    self.title = title
    self.lines = lines
    self.buttons = buttons
    self.focused = focused ?? Dialog.safest(of: buttons)
  }

  /// The first button that is not dangerous.
  public static func safest(of buttons: [Button]) -> Int { buttons.firstIndex { !$0.isDangerous } ?? 0 }

  public mutating func focusNext() { move(by: 1) }
  public mutating func focusPrevious() { move(by: -1) }

  private mutating func move(by step: Int) {
    guard !buttons.isEmpty else { return }
    focused = (focused + step + buttons.count) % buttons.count
  }

  public func draw(in screen: Rect, into frame: inout Frame, styles: Styles) {
    let wanted = max(44, lines.map(\.text.width).max() ?? 0, title.width + 4, buttonsWidth)
    let width = min(wanted + 6, screen.width - 4, 100)
    let wrapped = lines.flatMap { line in
      line.text.wrapped(to: max(1, width - 6), glyphs: frame.glyphs).map { Span($0, line.style) }
    }
    let fixed = input == nil ? 6 : 8
    let rect = screen.centered(width: width, height: wrapped.count + fixed)
    let base = styles[.dialog].over(styles[.text])
    frame.fill(rect, style: base)
    frame.box(
      rect, title: title, style: styles["dialog.border"].over(base), titleStyle: styles[.dialogTitle].over(base))
    let inner = rect.inset(columns: 3, rows: 2)
    let room = max(0, rect.height - fixed)
    for (row, line) in wrapped.prefix(room).enumerated() {
      frame.put(line.text, in: inner.row(row), style: styles[line.style].over(base))
    }
    if wrapped.count > room, room > 0 {
      frame.put(VisibleText(frame.glyphs.ellipsis), in: inner.row(room - 1), style: styles[.dim].over(base))
    }
    if frame.cursor != nil { frame.cursor = nil }
    drawButtons(Rect(x: inner.x, y: rect.maxY - 3, width: inner.width, height: 1), &frame, styles, base)
    if let input {
      let line = Rect(x: inner.x, y: rect.maxY - 5, width: inner.width, height: 1)
      input.field.draw(prompt: input.prompt, in: line, into: &frame, styles: styles)
    }
  }

  private var buttonsWidth: Int { buttons.reduce(0) { $0 + Dialog.width(of: $1) + 2 } }

  private static func width(of button: Button) -> Int {
    button.label.width + 4 + (button.key.isEmpty ? 0 : button.key.width + 1)
  }

  private func drawButtons(_ rect: Rect, _ frame: inout Frame, _ styles: Styles, _ base: Style) {
    var x = rect.x + max(0, (rect.width - buttonsWidth + 2) / 2)
    for (index, button) in buttons.enumerated() {
      let hasFocus = index == focused
      let face: StyleName = hasFocus ? .dialogFocused : (button.isDangerous ? .dialogDanger : "dialog.button")
      let style = styles[face].over(base)
      let key = button.key.isEmpty ? VisibleText.empty : VisibleText.spaces(1) + button.key
      let text: VisibleText = (hasFocus ? "[ " : "  ") + button.label + key + (hasFocus ? " ]" : "  ")
      if hasFocus, input == nil { frame.cursor = Position(x: x, y: rect.y) }
      frame.put(text, x: x, y: rect.y, width: max(0, rect.maxX - x), style: style)
      x += text.width + 2
    }
  }
}
