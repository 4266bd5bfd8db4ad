/// Recent values as a row of bars, one column each, scaled from 0 to the highest.
public enum Sparkline {
  /// - Returns: the last `width` values; blank when nothing happened at all.
  public static func text(_ values: [Double], width: Int, glyphs: GlyphSet) -> VisibleText {
    let shown = values.suffix(max(0, width)).map { $0.isFinite ? max(0, $0) : 0 }
    let highest = shown.max() ?? 0
    let steps = glyphs.bars.count
    let bars = shown.map { value -> String in
      guard highest > 0, let lowest = glyphs.bars.first else { return " " }
      guard value > 0 else { return lowest }
      return glyphs.bars[min(steps - 1, Int(value / highest * Double(steps)))]
    }
    return VisibleText(bars.joined(), glyphs: glyphs)
  }
}

/// How far something is.
public enum ProgressBar {
  /// - Parameter fraction: 0 to 1; something begun shows at least one full column, something unfinished at least one
  ///   empty one.
  public static func text(_ fraction: Double, width: Int, glyphs: GlyphSet) -> VisibleText {
    let width = max(0, min(width, 1000))
    let share = fraction.isFinite ? min(max(fraction, 0), 1) : 0
    var full = Int((share * Double(width)).rounded())
    if share > 0, full == 0 { full = min(1, width) }
    if share < 1, full == width { full = max(0, width - 1) }
    let bar =
      String(repeating: glyphs.progressFull, count: full)
      + String(repeating: glyphs.progressEmpty, count: width - full)
    return VisibleText(bar, glyphs: glyphs)
  }
}
