/// A bar in the rightmost column that shows which part of a long list is on screen. Nothing when all of it is.
public struct ScrollBar: Sendable, Hashable {
  public let first: Int
  public let visible: Int
  public let total: Int

  public init(first: Int, visible: Int, total: Int) {
    self.first = first
    self.visible = visible
    self.total = total
  }

  /// The lines of the thumb within a bar of this height, nil when no bar is needed.
  public func thumb(height: Int) -> Range<Int>? {
    guard total > visible, height > 0, visible > 0 else { return nil }
    let length = max(1, Int(Double(height) * Double(visible) / Double(total)))
    let share = Double(min(max(0, first), total - visible)) / Double(total - visible)
    let start = Int((share * Double(height - length)).rounded())
    return start..<start + length
  }

  public func draw(in rect: Rect, into frame: inout Frame, styles: Styles) {
    guard rect.width > 0, let thumb = thumb(height: rect.height) else { return }
    for line in 0..<rect.height {
      let glyph = thumb.contains(line) ? frame.glyphs.scrollThumb : frame.glyphs.scrollTrack
      let style: StyleName = thumb.contains(line) ? "scrollbar.thumb" : .scrollBar
      frame.putGlyph(glyph, x: rect.maxX - 1, y: rect.y + line, style: styles[style])
    }
  }
}
