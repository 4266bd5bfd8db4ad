/// What changed from one frame to the next.
public enum FrameDiff {
  /// Neighbouring cells of one row that have to be drawn again. Starts and ends on whole cells.
  public struct Run: Sendable, Hashable {
    public let x: Int
    public let y: Int
    public let cells: ArraySlice<Cell>
  }

  /// Runs that turn `old` into `new`; the whole frame when there is no old one or its size differs.
  public static func runs(from old: Frame?, to new: Frame) -> [Run] {
    let columns = new.size.columns
    guard columns > 0 else { return [] }
    guard let old, old.size == new.size else {
      return (0..<new.size.rows).map { row in
        Run(x: 0, y: row, cells: new.cells[row * columns..<(row + 1) * columns])
      }
    }
    return (0..<new.size.rows).flatMap { row in
      runs(row: row, from: old.cells, to: new.cells, columns: columns)
    }
  }

  private static func runs(row: Int, from old: [Cell], to new: [Cell], columns: Int) -> [Run] {
    var runs: [Run] = []
    let start = row * columns
    let end = start + columns
    var index = start
    while index < end {
      guard old[index] != new[index] else {
        index += 1
        continue
      }
      var first = index
      while index < end, old[index] != new[index] { index += 1 }
      // A run never begins or ends inside a wide cell.
      while first > start, new[first].span == 0 { first -= 1 }
      while index < end, new[index].span == 0 { index += 1 }
      runs.append(Run(x: first - start, y: row, cells: new[first..<index]))
    }
    return runs
  }
}
