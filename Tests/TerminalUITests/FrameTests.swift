import TestSupport
import Testing

@testable import TerminalUI

@Suite struct FrameTests {
  private func frame(_ columns: Int, _ rows: Int = 1) -> Frame { Frame(size: .init(columns: columns, rows: rows)) }

  @Test("fault 32: a wide character is never left in half", arguments: 0..<6)
  func overwriting(x: Int) {
    var frame = frame(6)
    frame.put("日本語", x: 0, y: 0)
    frame.put("x", x: x, y: 0)
    expectSound(frame)
    #expect(frame[x, 0]?.text == "x")
    #expect(frame[x % 2 == 0 ? x + 1 : x - 1, 0]?.text == " ")
  }

  @Test("a wide character over two others blanks what is left of both")
  func straddling() {
    var frame = frame(6)
    frame.put("日本語", x: 0, y: 0)
    frame.put("漢", x: 1, y: 0)
    #expect(frame.line(0) == " 漢 語")
    expectSound(frame)
  }

  @Test("nothing is drawn outside", arguments: [(-3, 0), (4, 0), (9, 0), (0, -1), (0, 3), (Int.max, 0), (0, Int.max)])
  func clipping(x: Int, y: Int) {
    var frame = frame(5, 2)
    frame.put("日本語", x: x, y: y)
    frame.fill(Rect(x: -5, y: -5, width: 3, height: 100))
    expectSound(frame)
  }

  @Test("text is cut at the edge with an ellipsis")
  func edges() {
    var frame = frame(5)
    #expect(frame.put("日本語", x: 0, y: 0) == 5)
    #expect(frame.line(0) == "日本…")
    frame.put("abc", x: 3, y: 0)
    #expect(frame.line(0) == "日 a…")
    expectSound(frame)
  }

  @Test("an ASCII frame holds ASCII only, at the same widths")
  func ascii() {
    var frame = Frame(size: .init(columns: 9, rows: 3), glyphs: .ascii)
    frame.box(frame.bounds, title: "Tag", style: .plain)
    frame.put("日é", x: 1, y: 1)
    #expect(frame.plainText == "+- Tag -+\n|???    |\n+-------+")
  }

  @Test("boxes carry their title in the border")
  func box() {
    var frame = frame(14, 3)
    frame.box(frame.bounds, title: "Message 12345", style: .plain)
    #expect(frame.plainText == "╭─ Message… ─╮\n│            │\n╰────────────╯")
  }

  @Test("styles can be told apart in text")
  func styleDump() {
    var frame = frame(4)
    frame.put("ab", x: 1, y: 0, style: Style(foreground: .indexed(1), attributes: .bold))
    #expect(frame.styleText == " aa \na fg=1 bold")
  }

  @Test("the difference redraws changed cells only, on whole characters")
  func diff() {
    var old = frame(10, 2)
    old.put("日本 abc", x: 0, y: 0)
    var new = old
    #expect(FrameDiff.runs(from: old, to: new).isEmpty)
    new.put("x", x: 7, y: 0)
    new.put("語", x: 2, y: 0)
    let runs = FrameDiff.runs(from: old, to: new)
    #expect(runs.map(\.x) == [2, 7])
    #expect(runs.first?.cells.map(\.text) == ["語", ""] || runs.first?.cells.map(\.text) == ["語"])
    #expect(FrameDiff.runs(from: nil, to: new).count == 2)
    #expect(FrameDiff.runs(from: frame(3), to: new).count == 2)
  }

  @Test("faults 31–33: random text in random places leaves no control character and every row as wide as the frame")
  func fuzz() {
    var random = SeededGenerator(seed: 20_240_229)
    let pool: [ClosedRange<UInt32>] = [
      0...0x9F, 0x20...0x7E, 0x300...0x320, 0x200B...0x206F, 0x4E00...0x4E20, 0x1F1E6...0x1F200, 0x1F3F0...0x1F480,
      0xFE00...0xFE0F, 0x1100...0x11FF, 0xE0000...0xE0080, 0x900...0x950, 0x10FF00...0x10FFFF,
    ]
    let terminal = TestTerminal(columns: 23, rows: 5)
    for round in 0..<400 {
      var frame = Frame(size: terminal.size, glyphs: round % 5 == 0 ? .ascii : .unicode)
      for _ in 0..<8 {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...30, using: &random) {
          let range = pool[Int.random(in: pool.indices, using: &random)]
          if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) { scalars.append(scalar) }
        }
        let text = VisibleText(String(scalars), glyphs: frame.glyphs, limit: Int.random(in: 1...40, using: &random))
        let x = Int.random(in: -4...25, using: &random)
        let y = Int.random(in: -1...5, using: &random)
        frame.put(text, x: x, y: y, width: Int.random(in: 0...25, using: &random))
      }
      expectSound(frame)
      terminal.draw(frame)
      #expect(terminal.drawnCells == frame.cells)
    }
  }
}

/// Every row is as wide as the frame, wide cells are whole, and no cell could command a terminal.
func expectSound(_ frame: Frame, _ location: SourceLocation = #_sourceLocation) {
  #expect(frame.cells.count == frame.size.columns * frame.size.rows, sourceLocation: location)
  for row in 0..<frame.size.rows {
    let cells = frame.cells[row * frame.size.columns..<(row + 1) * frame.size.columns]
    #expect(cells.reduce(0) { $0 + Int($1.span) } == frame.size.columns, sourceLocation: location)
    var previous: UInt8 = 1
    for cell in cells {
      #expect((previous == 2) == (cell.span == 0), sourceLocation: location)
      previous = cell.span
    }
  }
  let isClean = frame.cells.allSatisfy { cell in
    cell.text.unicodeScalars.allSatisfy { ScalarKind($0) != .marker && ($0.value < 0x7F || frame.glyphs.isUnicode) }
  }
  #expect(isClean, sourceLocation: location)
}
