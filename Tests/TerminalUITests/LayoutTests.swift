import Testing

@testable import TerminalUI

@Suite struct LayoutTests {
  @Test(
    "sizes",
    arguments: [
      ([.fixed(1), .weight(1), .fixed(1)], 24, [1, 22, 1]), ([.weight(1), .weight(2)], 10, [3, 7]),
      ([.flexible(minimum: 5, weight: 1), .flexible(minimum: 1, weight: 1)], 10, [7, 3]),
      ([.fixed(8), .fixed(8)], 10, [8, 2]),
      ([.fixed(3), .weight(0)], 10, [3, 0]), ([], 10, []), ([.fixed(-4), .weight(1)], 0, [0, 0]),
    ] as [([Extent], Int, [Int])])
  func sizes(extents: [Extent], total: Int, expected: [Int]) {
    #expect(Layout.sizes(extents, total: total) == expected)
  }

  @Test("columns stay inside, gaps included", arguments: 0..<40)
  func columns(width: Int) {
    let rect = Rect(x: 3, y: 1, width: width, height: 2)
    for place in Layout.columns([.fixed(8), .flexible(minimum: 4, weight: 1), .fixed(6)], in: rect, gap: 2) {
      #expect(place.x >= 3 && place.maxX <= rect.maxX)
    }
  }

  @Test("a rectangle in the middle is cut to what fits")
  func centered() {
    #expect(
      Rect(x: 0, y: 0, width: 80, height: 24).centered(width: 40, height: 10)
        == Rect(x: 20, y: 7, width: 40, height: 10))
    #expect(
      Rect(x: 0, y: 0, width: 10, height: 4).centered(width: 40, height: 10) == Rect(x: 0, y: 0, width: 10, height: 4))
  }
}

@Suite struct ListCursorTests {
  @Test("the cursor follows its row, not its line, and keeps its place on screen")
  func following() {
    var rows = Array(100..<200)
    var cursor = ListCursor<Int>()
    func follow() {
      cursor.follow(count: rows.count, height: 10, place: { rows.firstIndex(of: $0) }, row: { rows[$0] })
    }
    follow()
    cursor.move(to: 25, count: 100, height: 10, row: { rows[$0] })
    #expect(cursor.id == 125 && cursor.top == 16)
    rows.insert(contentsOf: 0..<7, at: 0)
    follow()
    #expect(cursor.id == 125 && cursor.index == 32 && cursor.top == 23)
    rows.removeAll { $0 == 125 }
    follow()
    #expect(cursor.id == 126 && cursor.index == 32)
    rows = []
    follow()
    #expect(cursor.id == nil && cursor.window(count: 0, height: 10).isEmpty)
  }

  @Test("moves are clamped", arguments: [Int.min, -5, 0, 7, 999, Int.max])
  func clamped(lines: Int) {
    var cursor = ListCursor<Int>()
    cursor.move(by: 50, count: 100, height: 10, row: { $0 })
    cursor.move(by: lines, count: 100, height: 10, row: { $0 })
    #expect((0..<100).contains(cursor.index))
    #expect(cursor.window(count: 100, height: 10).contains(cursor.index))
    #expect(cursor.window(count: 100, height: 10).count == 10)
  }

  @Test("marks stay on rows")
  func marks() {
    var cursor = ListCursor<Int>()
    cursor.move(to: 3, count: 10, height: 5, row: { $0 })
    cursor.toggleMark()
    cursor.mark([5, 6])
    #expect(cursor.marks == [3, 5, 6])
    cursor.toggleMark()
    #expect(!cursor.isMarked(3))
    cursor.clearMarks()
    #expect(cursor.marks.isEmpty)
  }
}
