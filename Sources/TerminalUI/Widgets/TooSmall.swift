/// What is shown in a terminal too small for anything else.
public enum TooSmall {
  /// A frame that says which size is needed and that sending is not affected by it.
  public static func frame(size: TerminalSize, glyphs: GlyphSet, stopKey: VisibleText) -> Frame {
    var frame = Frame(size: size, glyphs: glyphs)
    let needed = TerminalSize.minimum
    let lines: [VisibleText] = [
      "This terminal is too small: \(size.columns)x\(size.rows).",
      "\(needed.columns)x\(needed.rows) is needed. Make the window larger.",
      "The engine goes on. " + stopKey + " still stops all sending.",
    ]
    let wrapped = lines.flatMap { $0.wrapped(to: max(1, size.columns), glyphs: glyphs) }
    let top = max(0, (size.rows - wrapped.count) / 2)
    for (row, line) in wrapped.enumerated() {
      frame.put(line, in: Rect(x: 0, y: top + row, width: size.columns, height: 1), alignment: .center)
    }
    return frame
  }
}
