/// Columns and rows of a terminal.
public struct TerminalSize: Sendable, Hashable {
  public var columns: Int
  public var rows: Int

  /// Negative and absurd values, which a terminal may report, are brought into 0...1000.
  public init(columns: Int, rows: Int) {
    self.columns = min(max(0, columns), 1000)
    self.rows = min(max(0, rows), 1000)
  }

  public var rect: Rect { Rect(x: 0, y: 0, width: columns, height: rows) }

  /// The size below which nothing but a notice is drawn.
  public static let minimum = TerminalSize(columns: 60, rows: 16)
  public var isTooSmall: Bool { columns < TerminalSize.minimum.columns || rows < TerminalSize.minimum.rows }
}

public struct Position: Sendable, Hashable {
  public var x: Int
  public var y: Int

  public init(x: Int, y: Int) {
    self.x = x
    self.y = y
  }
}

/// A rectangle of columns and rows; width and height are never negative.
public struct Rect: Sendable, Hashable {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int

  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  public var maxX: Int { x + width }
  public var maxY: Int { y + height }
  public var isEmpty: Bool { width == 0 || height == 0 }

  /// Smaller by so many columns on the left and right, and rows above and below.
  public func inset(columns: Int = 0, rows: Int = 0) -> Rect {
    Rect(x: x + columns, y: y + rows, width: width - 2 * columns, height: height - 2 * rows)
  }

  /// One row of this rectangle, counted from its top; empty when there is no such row.
  public func row(_ index: Int) -> Rect {
    Rect(x: x, y: y + index, width: width, height: index >= 0 && index < height ? 1 : 0)
  }

  /// A rectangle of this size in the middle, cut to what fits.
  public func centered(width: Int, height: Int) -> Rect {
    let size = (width: min(width, self.width), height: min(height, self.height))
    return Rect(
      x: x + (self.width - size.width) / 2, y: y + (self.height - size.height) / 2, width: size.width,
      height: size.height)
  }

  public func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rect(x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
  }
}
