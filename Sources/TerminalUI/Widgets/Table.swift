/// A window onto a list of any length. It is given only the rows on screen, so a million rows cost what fifty do.
public struct Table: Sendable {
  public struct Column: Sendable {
    public let title: VisibleText
    public let extent: Extent
    public let alignment: Alignment
    /// Columns with the highest number leave first when the table is narrow; 0 stays.
    public let rank: Int

    public init(_ title: VisibleText, _ extent: Extent, alignment: Alignment = .leading, rank: Int = 0) {
      self.title = title
      self.extent = extent
      self.alignment = alignment
      self.rank = rank
    }
  }

  public struct Row: Sendable {
    /// One span per column; missing ones stay blank.
    public let cells: [Span]
    public let isMarked: Bool

    public init(_ cells: [Span], isMarked: Bool = false) {
      self.cells = cells
      self.isMarked = isMarked
    }
  }

  public struct Sort: Sendable, Hashable {
    public var column: Int
    public var isAscending: Bool

    public init(column: Int, isAscending: Bool) {
      self.column = column
      self.isAscending = isAscending
    }
  }

  public var columns: [Column]
  /// The rows on screen, from the top.
  public var rows: [Row]
  /// The row under the cursor, counted within `rows`.
  public var selected: Int?
  /// The place of the first of `rows` in the whole list.
  public var firstPlace: Int
  /// Rows in the whole list.
  public var total: Int
  public var sort: Sort?
  /// Said in place of rows when there are none.
  public var emptyMessage: VisibleText
  /// Columns between two columns.
  static let gap = 2
  /// The column of marks before the first column.
  static let gutter = 2

  public init(
    columns: [Column], rows: [Row], selected: Int? = nil, firstPlace: Int = 0, total: Int? = nil, sort: Sort? = nil,
    emptyMessage: VisibleText = "Nothing here"
  ) {
    self.columns = columns
    self.rows = rows
    self.selected = selected
    self.firstPlace = firstPlace
    self.total = total ?? rows.count
    self.sort = sort
    self.emptyMessage = emptyMessage
  }

  /// Rows that fit below the header.
  public static func capacity(of rect: Rect) -> Int { max(0, rect.height - 1) }

  /// Draws header, rows and scroll bar, and puts the frame's cursor on the selected row.
  public func draw(in rect: Rect, into frame: inout Frame, styles: Styles) {
    guard !rect.isEmpty else { return }
    let shown = fittingColumns(width: rect.width)
    let body = Rect(x: rect.x + Table.gutter, y: rect.y, width: rect.width - Table.gutter - 1, height: rect.height)
    let places = Layout.columns(shown.map { columns[$0].extent }, in: body, gap: Table.gap)
    drawHeader(shown, places, rect.row(0), into: &frame, styles: styles)
    let area = Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: rect.height - 1)
    frame.fill(area, style: styles[.text])
    if rows.isEmpty {
      let lines = emptyMessage.wrapped(to: max(1, area.width - 4), glyphs: frame.glyphs).prefix(max(0, area.height - 1))
      for (index, text) in lines.enumerated() {
        frame.put(text, in: area.row(index + 1), alignment: .center, style: styles[.dim])
      }
    }
    for (line, row) in rows.prefix(area.height).enumerated() {
      drawRow(row, shown, places, area.row(line), isSelected: line == selected, into: &frame, styles: styles)
    }
    ScrollBar(first: firstPlace, visible: area.height, total: total).draw(in: area, into: &frame, styles: styles)
  }

  /// Indices of the columns that fit; those of the highest rank leave first, the rightmost of them before others.
  func fittingColumns(width: Int) -> [Int] {
    var shown = Array(columns.indices)
    func needed() -> Int {
      shown.reduce(Table.gutter + 1) { $0 + columns[$1].extent.minimum } + Table.gap * max(0, shown.count - 1)
    }
    while shown.count > 1, needed() > width {
      let highest = shown.map { columns[$0].rank }.max() ?? 0
      guard highest > 0, let leaving = shown.lastIndex(where: { columns[$0].rank == highest }) else { break }
      shown.remove(at: leaving)
    }
    return shown
  }

  private func drawHeader(
    _ shown: [Int], _ places: [Rect], _ line: Rect, into frame: inout Frame, styles: Styles
  ) {
    let style = styles[.tableHeader]
    frame.fill(line, style: style)
    for (index, place) in zip(shown, places) {
      let column = columns[index]
      var title = column.title
      if let sort, sort.column == index {
        let arrow = sort.isAscending ? frame.glyphs.ascending : frame.glyphs.descending
        title = title.truncated(to: place.width - 1, glyphs: frame.glyphs) + VisibleText(arrow, glyphs: frame.glyphs)
      }
      frame.put(title, in: place.row(0), alignment: column.alignment, style: style)
    }
  }

  private func drawRow(
    _ row: Row, _ shown: [Int], _ places: [Rect], _ line: Rect, isSelected: Bool, into frame: inout Frame,
    styles: Styles
  ) {
    for (index, place) in zip(shown, places) where index < row.cells.count {
      let span = row.cells[index]
      let field = Rect(x: place.x, y: line.y, width: place.width, height: 1)
      let style = styles[span.style].over(styles[.text])
      frame.put(span.text, in: field, alignment: columns[index].alignment, style: style)
    }
    if row.isMarked {
      frame.overlay(styles[.rowMarked], on: line)
      frame.putGlyph(frame.glyphs.mark, x: line.x, y: line.y, style: styles[.rowMarked].over(styles[.text]))
    }
    if isSelected {
      let visible = Rect(x: line.x, y: line.y, width: line.width - 1, height: 1)
      frame.overlay(styles[.rowSelected], on: visible)
      frame.cursor = Position(x: line.x, y: line.y)
    }
  }
}
