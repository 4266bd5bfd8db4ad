extension Frame {
  /// Puts text at a position, cut with an ellipsis to `width` columns (default: to the frame's edge).
  ///
  /// - Returns: the columns it took.
  @discardableResult
  public mutating func put(_ text: VisibleText, x: Int, y: Int, width: Int? = nil, style: Style = .plain) -> Int {
    let room = min(width ?? Int.max, size.columns - x)
    guard y >= 0, y < size.rows, room > 0 else { return 0 }
    let shown = text.truncated(to: room, glyphs: glyphs)
    var markerStyle = style
    markerStyle.attributes.insert(.dim)
    var column = x
    for piece in shown.pieces {
      if column >= 0, column + piece.width <= size.columns {
        write(piece, x: column, y: y, style: piece.isMarker ? markerStyle : style)
      }
      column += piece.width
    }
    return shown.width
  }

  /// Puts text into one row of a region, padded so that the whole row takes the style.
  public mutating func put(
    _ text: VisibleText, in rect: Rect, alignment: Alignment = .leading, style: Style = .plain
  ) {
    guard !rect.isEmpty else { return }
    put(text.fitted(to: rect.width, alignment: alignment, glyphs: glyphs), x: rect.x, y: rect.y, style: style)
  }

  /// Puts a glyph of the frame's own set, one column wide.
  public mutating func putGlyph(_ glyph: String, x: Int, y: Int, style: Style = .plain) {
    put(VisibleText(glyph, limit: 4), x: x, y: y, width: 1, style: style)
  }

  /// Blanks a region.
  public mutating func fill(_ rect: Rect, style: Style = .plain) {
    let blank = VisibleText.Piece(text: " ", width: 1, isMarker: false)
    let area = rect.intersection(bounds)
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX { write(blank, x: x, y: y, style: style) }
    }
  }

  /// Lays a style over what a region already shows.
  public mutating func overlay(_ style: Style, on rect: Rect) {
    let area = rect.intersection(bounds)
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX { restyle(index: y * size.columns + x) { style.over($0) } }
    }
  }

  /// A horizontal rule.
  public mutating func rule(_ rect: Rect, style: Style = .plain) {
    for x in rect.x..<rect.maxX { putGlyph(glyphs.horizontal, x: x, y: rect.y, style: style) }
  }

  /// A border along the inside of a region, with a title in its upper edge. The inside is left as it is.
  public mutating func box(_ rect: Rect, title: VisibleText = .empty, style: Style, titleStyle: Style? = nil) {
    guard rect.width >= 2, rect.height >= 2 else { return }
    let right = rect.maxX - 1
    let bottom = rect.maxY - 1
    for x in rect.x + 1..<right {
      putGlyph(glyphs.horizontal, x: x, y: rect.y, style: style)
      putGlyph(glyphs.horizontal, x: x, y: bottom, style: style)
    }
    for y in rect.y + 1..<bottom {
      putGlyph(glyphs.vertical, x: rect.x, y: y, style: style)
      putGlyph(glyphs.vertical, x: right, y: y, style: style)
    }
    putGlyph(glyphs.topLeft, x: rect.x, y: rect.y, style: style)
    putGlyph(glyphs.topRight, x: right, y: rect.y, style: style)
    putGlyph(glyphs.bottomLeft, x: rect.x, y: bottom, style: style)
    putGlyph(glyphs.bottomRight, x: right, y: bottom, style: style)
    if !title.isEmpty, rect.width >= 7 {
      let label = " " + title.truncated(to: rect.width - 6, glyphs: glyphs) + " "
      put(label, x: rect.x + 2, y: rect.y, style: titleStyle ?? style)
    }
  }
}
