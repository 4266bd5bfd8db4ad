/// A whole screen as values: what `view` returns and a terminal draws.
///
/// Invariants: every row is exactly as wide as the frame, a wide cell is always followed by its right half, and no cell
/// holds a control character. Drawing outside the frame is clipped.
public struct Frame: Sendable, Hashable {
  public let size: TerminalSize
  /// The glyphs chrome is drawn with; an ASCII frame holds nothing but printable ASCII.
  public let glyphs: GlyphSet
  /// Row by row.
  public private(set) var cells: [Cell]
  /// Where the terminal's cursor stands; nil hides it. Screen readers follow it, so set it to the row in focus.
  public var cursor: Position?

  public init(size: TerminalSize, glyphs: GlyphSet = .unicode, style: Style = .plain) {
    self.size = size
    self.glyphs = glyphs
    cells = Array(repeating: .blank(style), count: size.columns * size.rows)
  }

  public var bounds: Rect { size.rect }

  /// The cell at a position, nil outside.
  public subscript(x: Int, y: Int) -> Cell? {
    guard x >= 0, y >= 0, x < size.columns, y < size.rows else { return nil }
    return cells[y * size.columns + x]
  }

  /// Writes one piece whose columns lie inside the frame, and blanks what is left of wide cells it cuts.
  mutating func write(_ piece: VisibleText.Piece, x: Int, y: Int, style: Style) {
    let index = y * size.columns + x
    detach(index)
    if piece.width == 2 { detach(index + 1) }
    if glyphs.isUnicode || piece.text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) {
      cells[index] = Cell(text: piece.text, style: style, span: UInt8(piece.width))
      if piece.width == 2 { cells[index + 1] = Cell(text: "", style: style, span: 0) }
    } else {
      for column in 0..<piece.width { cells[index + column] = Cell(text: "?", style: style, span: 1) }
    }
  }

  /// Blanks the other half of a wide cell before one half is overwritten.
  private mutating func detach(_ index: Int) {
    switch cells[index].span {
    case 0 where index > 0: cells[index - 1] = .blank(cells[index - 1].style)
    case 2 where index + 1 < cells.count: cells[index + 1] = .blank(cells[index + 1].style)
    default: break
    }
  }

  mutating func restyle(index: Int, with change: (Style) -> Style) {
    cells[index].style = change(cells[index].style)
  }
}
