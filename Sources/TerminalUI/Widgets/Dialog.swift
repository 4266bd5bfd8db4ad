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
  /// `nil` while no answer can be pressed, because a word has to be typed first.
  public var focused: Int?
  /// What a person has to type, with the prompt before it.
  public var input: (prompt: VisibleText, field: TextInput)?

  /// Lines of text scrolled away at the top, where they are more than fit.
  public var scroll = 0

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
    guard let focused, !buttons.isEmpty else { return }
    self.focused = (focused + step + buttons.count) % buttons.count
  }

  /// Rows besides the text: border, margins, buttons, the line of input.
  private var frameHeight: Int { input == nil ? 6 : 8 }

  /// The text in lines as wide as the dialog is on such a screen, and that width.
  private func wrapped(in screen: Rect, _ glyphs: GlyphSet) -> (lines: [Span], width: Int) {
    let wanted = max(44, lines.map(\.text.width).max() ?? 0, title.width + 4, buttonsWidth)
    let width = min(wanted + 6, screen.width - 4, 100)
    let all = lines.flatMap { line in
      line.text.wrapped(to: max(1, width - 6), glyphs: glyphs).map { Span($0, line.style) }
    }
    return (all, width)
  }

  /// Lines that do not fit on such a screen: how far it can be scrolled.
  public func overflow(in screen: Rect, glyphs: GlyphSet) -> Int {
    max(0, wrapped(in: screen, glyphs).lines.count + frameHeight - screen.height)
  }

  public func draw(in screen: Rect, into frame: inout Frame, styles: Styles) {
    let (wrapped, width) = wrapped(in: screen, frame.glyphs)
    let rect = screen.centered(width: width, height: wrapped.count + frameHeight)
    let base = styles[.dialog].over(styles[.text])
    frame.fill(rect, style: base)
    frame.box(
      rect, title: title, style: styles["dialog.border"].over(base), titleStyle: styles[.dialogTitle].over(base))
    let inner = rect.inset(columns: 3, rows: 2)
    let room = max(0, rect.height - frameHeight)
    let first = max(0, min(scroll, wrapped.count - room))
    for (row, line) in wrapped.dropFirst(first).prefix(room).enumerated() {
      frame.put(line.text, in: inner.row(row), style: styles[line.style].over(base))
    }
    let bar = Rect(x: rect.x, y: inner.y, width: rect.width, height: room)
    ScrollBar(first: first, visible: room, total: wrapped.count).draw(in: bar, into: &frame, styles: styles)
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
