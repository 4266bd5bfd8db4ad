/// One column of one row.
public struct Cell: Sendable, Hashable {
  /// What is shown: a base scalar with marks; empty in the right half of a wide one.
  public let text: String
  public var style: Style
  /// Columns taken: 1, 2 for the left half of a wide cell, 0 for its right half.
  public let span: UInt8

  static func blank(_ style: Style) -> Cell { Cell(text: " ", style: style, span: 1) }
}
