import CNcurses
import TerminalUI

/// Puts frames into ncurses' picture of the screen.
///
/// The last of several gates: whatever a cell holds, no control character and nothing that ncurses measures differently
/// goes further than this.
struct Painter {
  let depth: ColorDepth
  /// Colours ncurses knows.
  let colors: Int32
  private(set) var rewriter = TruecolorRewriter()
  private var shown: Frame?
  private var looks: [Style: (attributes: attr_t, pair: Int32)] = [:]

  init(depth: ColorDepth, colors: Int32) {
    self.depth = depth
    self.colors = colors
  }

  /// The next frame is painted in full.
  mutating func forget() {
    shown = nil
    screen_forget()
  }

  mutating func paint(_ frame: Frame) {
    if shown?.size != frame.size { screen_erase() }
    let rows = Int(screen_rows())
    let columns = Int(screen_columns())
    for run in FrameDiff.runs(from: shown, to: frame) where run.y < rows {
      for (offset, cell) in run.cells.enumerated() where cell.span > 0 {
        let x = run.x + offset
        guard x + Int(cell.span) <= columns else { break }
        put(cell, x: x, y: run.y)
      }
    }
    if let cursor = frame.cursor, cursor.y < rows, cursor.x < columns {
      screen_place_cursor(Int32(cursor.y), Int32(cursor.x), true)
    } else {
      screen_place_cursor(0, 0, false)
    }
    screen_present()
    shown = frame
  }

  private mutating func put(_ cell: Cell, x: Int, y: Int) {
    let look = look(of: cell.style)
    let scalars = cell.text.unicodeScalars.prefix(5).map(\.value)
    if Painter.isSafe(scalars, span: Int(cell.span)) {
      _ = screen_put(Int32(y), Int32(x), scalars, Int32(scalars.count), look.attributes, look.pair)
      return
    }
    let unknown: [UInt32] = [0x3F]
    for column in 0..<Int(cell.span) {
      _ = screen_put(Int32(y), Int32(x + column), unknown, 1, look.attributes, look.pair)
    }
  }

  private static func isSafe(_ scalars: [UInt32], span: Int) -> Bool {
    guard let base = scalars.first else { return false }
    if base >= 0x20, base < 0x7F, scalars.count == 1 { return true }
    let isPrintable = scalars.allSatisfy { $0 >= 0x20 && !(0x7F..<0xA0).contains($0) }
    guard isPrintable, Int(screen_scalar_width(base)) == span else { return false }
    return scalars.dropFirst().allSatisfy { screen_scalar_width($0) == 0 }
  }

  private mutating func look(of style: Style) -> (attributes: attr_t, pair: Int32) {
    if let known = looks[style] { return known }
    let fitting = colors < 16 ? style.onEightColors : style
    let attributes = fitting.attributes
    let look = (
      attributes: screen_attributes(
        attributes.contains(.bold), attributes.contains(.dim), attributes.contains(.underline),
        attributes.contains(.reverse), attributes.contains(.italic)),
      pair: depth == .mono ? 0 : screen_pair(number(of: fitting.foreground), number(of: fitting.background))
    )
    looks[style] = look
    return look
  }

  /// ncurses' number for a colour: -1 for the terminal's own.
  private mutating func number(of color: Color) -> Int32 {
    switch color {
    case .none: return -1
    case .indexed(let index) where index < 16: return Int32(index)
    case .indexed(let index) where depth < .rgb: return Int32(index)
    default: return depth == .rgb ? rewriter.number(for: color).map(Int32.init) ?? -1 : -1
    }
  }
}
