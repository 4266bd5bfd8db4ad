import TerminalUI
import Testing

extension TestScreen {
  /// Whatever was typed, pasted or stored: every row is filled to its end, nothing on it is a control, and what reached the
  /// terminal is what was meant.
  func checkFrame(_ place: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let frame = try #require(terminal.screen)
    for y in 0..<frame.size.rows {
      var width = 0
      for x in 0..<frame.size.columns {
        let cell = try #require(frame[x, y])
        width += Int(cell.span)
        for scalar in cell.text.unicodeScalars where FrameCheck.isBad(scalar) {
          Issue.record("U+\(String(scalar.value, radix: 16)) at \(x),\(y) in \(place)", sourceLocation: sourceLocation)
        }
      }
      if width != frame.size.columns { Issue.record("row \(y) in \(place)", sourceLocation: sourceLocation) }
    }
    #expect(terminal.drawnCells == frame.cells, "\(place)", sourceLocation: sourceLocation)
  }
}

private enum FrameCheck {
  static func isBad(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      || [0x200B, 0x200D, 0x202E, 0x2066].contains(scalar.value)
  }
}
