/// Where a person is in a list of rows that come and go: the cursor and the marks follow rows by id, not by line.
public struct ListCursor<ID: Hashable & Sendable>: Sendable {
  /// The row under the cursor, nil in an empty list.
  public private(set) var id: ID?
  /// Its place in the list, counted from 0.
  public private(set) var index = 0
  /// The place of the first row on screen.
  public private(set) var top = 0
  public private(set) var marks: Set<ID> = []
  /// Where a range began; nil when none is being marked.
  public private(set) var rangeStart: ID?

  public init() {}

  /// Takes over a list that may have changed: the cursor stays on its row, or where the row was when it is gone.
  ///
  /// - Parameters:
  ///   - count: rows in the whole list.
  ///   - place: where a row is now, nil when it is gone or not known.
  ///   - row: the id at a place, nil when that place is not loaded.
  public mutating func follow(count: Int, height: Int, place: (ID) -> Int?, row: (Int) -> ID?) {
    guard count > 0 else {
      id = nil
      index = 0
      top = 0
      return
    }
    let line = index - top
    if let id, let now = place(id) {
      index = now
      // The row keeps its line on screen when rows above it come or go.
      top = now - line
    } else {
      index = min(index, count - 1)
      id = row(index)
    }
    scroll(count: count, height: height)
  }

  /// Goes to a place; `row` gives the id there.
  public mutating func move(to place: Int, count: Int, height: Int, row: (Int) -> ID?) {
    guard count > 0 else { return }
    index = min(max(0, place), count - 1)
    id = row(index)
    scroll(count: count, height: height)
  }

  public mutating func move(by lines: Int, count: Int, height: Int, row: (Int) -> ID?) {
    let (place, overflow) = index.addingReportingOverflow(lines)
    move(to: overflow ? (lines > 0 ? Int.max : 0) : place, count: count, height: height, row: row)
  }

  /// Brings the cursor's row on screen after the height changed.
  public mutating func scroll(count: Int, height: Int) {
    let height = max(1, height)
    top = min(max(top, index - height + 1), index)
    top = max(0, min(top, count - height))
  }

  /// The places on screen, cut to the list.
  public func window(count: Int, height: Int) -> Range<Int> {
    let start = min(top, max(0, count))
    return start..<max(start, min(count, start + max(0, height)))
  }

  public func isMarked(_ id: ID) -> Bool { marks.contains(id) }

  /// Marks the row under the cursor, or takes its mark away.
  public mutating func toggleMark() {
    guard let id else { return }
    if marks.remove(id) == nil { marks.insert(id) }
  }

  public mutating func mark(_ ids: some Sequence<ID>) { marks.formUnion(ids) }
  public mutating func beginRange() { rangeStart = id }
  public mutating func endRange() { rangeStart = nil }

  public mutating func clearMarks() {
    marks.removeAll()
    rangeStart = nil
  }
}
