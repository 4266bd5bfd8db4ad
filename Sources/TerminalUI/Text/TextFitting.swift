/// Where text stands in a field that is wider than it.
public enum Alignment: Sendable, Hashable {
  case leading, center, trailing
}

extension VisibleText {
  /// The same text in at most `columns` columns; what does not fit is replaced by an ellipsis.
  public func truncated(to columns: Int, glyphs: GlyphSet = .unicode) -> VisibleText {
    if width <= columns { return self }
    guard columns > 0 else { return .empty }
    var kept = prefix(columns: columns - 1)
    kept += VisibleText(pieces: [Piece(text: glyphs.ellipsis, width: 1, isMarker: true)], wasCut: true)
    return kept
  }

  /// The longest beginning that takes at most `columns` columns; a wide piece is never split.
  public func prefix(columns: Int) -> VisibleText {
    var used = 0
    let end = pieces.firstIndex { piece in
      used += piece.width
      return used > columns
    }
    return VisibleText(pieces: Array(pieces[..<(end ?? pieces.endIndex)]), wasCut: wasCut)
  }

  /// What is left after dropping at least `columns` columns from the beginning.
  public func dropping(columns: Int) -> VisibleText {
    var used = 0
    let start = pieces.firstIndex { piece in
      defer { used += piece.width }
      return used >= columns
    }
    return VisibleText(pieces: Array(pieces[(start ?? pieces.endIndex)...]), wasCut: wasCut)
  }

  /// Exactly `columns` columns: truncated or padded with spaces.
  public func fitted(to columns: Int, alignment: Alignment = .leading, glyphs: GlyphSet = .unicode) -> VisibleText {
    let text = truncated(to: columns, glyphs: glyphs)
    let room = max(0, columns - text.width)
    let left: Int
    switch alignment {
    case .leading: left = 0
    case .center: left = room / 2
    case .trailing: left = room
    }
    return VisibleText.spaces(left) + text + VisibleText.spaces(room - left)
  }

  public static func spaces(_ count: Int) -> VisibleText {
    VisibleText(pieces: Array(repeating: Piece(text: " ", width: 1, isMarker: false), count: max(0, count)))
  }

  /// Lines of at most `columns` columns, broken at spaces where possible. Never empty; at most `maximum` lines, the
  /// last of which ends in an ellipsis when there was more.
  public func wrapped(to columns: Int, maximum: Int = 1000, glyphs: GlyphSet = .unicode) -> [VisibleText] {
    guard columns > 0 else { return [] }
    var lines: [VisibleText] = []
    var rest = pieces[...]
    while !rest.isEmpty {
      if lines.count == maximum - 1 {
        lines.append(VisibleText(pieces: Array(rest)).truncated(to: columns, glyphs: glyphs))
        return lines
      }
      let line = VisibleText.takeLine(from: &rest, columns: columns)
      lines.append(VisibleText(pieces: Array(line)))
    }
    return lines.isEmpty ? [.empty] : lines
  }

  private static func takeLine(from rest: inout ArraySlice<Piece>, columns: Int) -> ArraySlice<Piece> {
    var used = 0
    var end = rest.startIndex
    var lastSpace: Int?
    while end < rest.endIndex, used + rest[end].width <= columns {
      if rest[end].text == " " { lastSpace = end }
      used += rest[end].width
      end += 1
    }
    if end == rest.startIndex {
      // A wide piece in a field of one column: it is skipped rather than split.
      rest = rest.dropFirst()
      return []
    }
    if end < rest.endIndex, rest[end].text != " ", let space = lastSpace, space > rest.startIndex { end = space }
    let line = rest[..<end]
    rest = rest[end...]
    // The line break stands for the spaces around it.
    while let first = rest.first, first.text == " ", !rest.isEmpty { rest = rest.dropFirst() }
    return line
  }

  /// Text of several lines: line feeds separate, everything else passes the gate. At most `maximum` lines are read.
  public static func lines(
    of raw: String, glyphs: GlyphSet = .unicode, maximum: Int = 1000, limit: Int = defaultLimit
  ) -> [VisibleText] {
    var lines: [VisibleText] = []
    var rest = raw.unicodeScalars[...]
    while lines.count < maximum {
      let end = rest.firstIndex(of: "\n")
      var line = rest[..<(end ?? rest.endIndex)]
      if line.last == "\r" { line = line.dropLast() }
      lines.append(VisibleText(String(String.UnicodeScalarView(line)), glyphs: glyphs, limit: limit))
      guard let end else { break }
      rest = rest[rest.index(after: end)...]
    }
    return lines
  }
}
