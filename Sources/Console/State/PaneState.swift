import Engine
import MailModel
import TerminalUI

/// Where a person is in one pane.
struct PaneState: Sendable {
  var rows: [PaneRow] = []
  var window: ListWindow?
  /// The table could be read at least once.
  var isLoaded = false
  var cursor = ListCursor<RowID>()
  /// Marked rows as they were drawn when they were marked: operations act on these versions.
  var marked: [RowID: PaneRow] = [:]
  /// Operations act on everything that the filter lets through, on screen or not.
  var isAllMarked = false
  var filter = Filter.none
  /// Where Enter led inside a row that counts others; Esc leads back while its filter stands.
  var inside: Inside?
  var sort: Int
  var isDescending: Bool
  var details: LoadedDetails?
  var detailsLoad = ConsoleState.Load()
  var detailsScroll = 0
  var layout = DetailsLayout.beside
  var load = ConsoleState.Load()
  /// Rows that came before the first one while the list was frozen.
  var newer = 0
  /// The cursor stays on the first row as rows come in, until a person chooses a row.
  var isFollowing: Bool
  /// Where the cursor goes when the rows asked for are there.
  var jump: Jump?
  var checklist: ChecklistToday?
  /// An operation on its rows, until they were read after it.
  var change: Change?
  /// Why its rows could not be read the last time; they are read again at the next tick.
  var problem: String?
  /// What failed is not asked for again before the next tick.
  var isResting = false
  /// Why there are no rows although the store is sound: a file that cannot be read.
  var fileProblem: String?
  var insight: QueueInsight?
  var caseFile: CaseFile?

  enum Jump: Sendable {
    case top, bottom
    /// To the row where the cursor stands already, once that is read.
    case back
  }

  /// What a table shows of all there is, and what is marked in it.
  struct Narrowing: Sendable {
    let filter: Filter
    let cursor: ListCursor<RowID>
    let marked: [RowID: PaneRow]
    let isAllMarked: Bool

    var hasMarks: Bool { isAllMarked || !marked.isEmpty }
  }

  /// How much of the body details take.
  enum DetailsLayout: Sendable {
    /// Right of a wide table; hidden beside a narrow one.
    case beside
    /// Below the table.
    case below
    /// Instead of the table.
    case alone
  }

  enum Change: Sendable { case underWay, done }

  struct Inside: Sendable {
    let filter: Filter
    /// The table with the row, and where the cursor was in it.
    let outer: Filter
    let cursor: ListCursor<RowID>
  }

  struct LoadedDetails: Sendable {
    let row: PaneRow
    let value: RowDetails
  }

  init(_ pane: any Pane) {
    sort = 0
    isDescending = pane.sorts.first?.isDescending ?? true
    // Watched more than it is worked through.
    isFollowing = pane.id == .queue
    // A case is read more than it is listed.
    if pane.id == .abuseCase { layout = .below }
  }

  /// The row under the cursor.
  var row: PaneRow? { rows.indices.contains(cursor.index) ? rows[cursor.index] : nil }

  /// What operations act on: the marked rows in their order, else the row under the cursor.
  var selection: [PaneRow] {
    if marked.isEmpty { return row.map { [$0] } ?? [] }
    let order = Dictionary(
      rows.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
    return marked.values.sorted { (order[$0.id] ?? .max, $0.id) < (order[$1.id] ?? .max, $1.id) }
  }

  /// Details of the row under the cursor, when they are those of the row as it is now.
  var currentDetails: RowDetails? {
    guard let details, details.row.id == row?.id else { return nil }
    return details.value
  }

  var hasMoreBefore: Bool { window?.hasMoreBefore ?? false }
  var hasMoreAfter: Bool { window?.hasMoreAfter ?? false }

  /// The rows on screen are as they are after the operation, once no reading is asked for.
  mutating func endChange() {
    if change == .done, !load.isUnderWay { change = nil }
  }

  /// Keeps what is there. Where rows of this query are there, a jump to others is given up.
  mutating func fail(_ problem: String) {
    (self.problem, isResting) = (problem, true)
    endChange()
    if window != nil { jump = nil }
  }

  /// Takes over rows that were read; the cursor follows its row.
  mutating func take(_ rows: [PaneRow], height: Int) {
    self.rows = rows
    (isLoaded, problem) = (true, nil)
    // What is drawn now is what marks mean now.
    for row in rows where marked[row.id] != nil { marked[row.id] = row }
    let places = Dictionary(
      rows.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
    let jump = isFollowing ? Jump.top : jump
    self.jump = nil
    if let jump, jump != .back {
      let place = jump == .top ? 0 : rows.count - 1
      cursor.move(to: place, count: rows.count, height: height) { rows.indices.contains($0) ? rows[$0].id : nil }
    }
    cursor.follow(
      count: rows.count, height: height, place: { places[$0] },
      row: { rows.indices.contains($0) ? rows[$0].id : nil })
  }

  mutating func move(to place: Int, height: Int) {
    isFollowing = false
    let rows = rows
    cursor.move(to: place, count: rows.count, height: height) { rows.indices.contains($0) ? rows[$0].id : nil }
    detailsScroll = 0
  }

  var narrowing: Narrowing {
    Narrowing(filter: filter, cursor: cursor, marked: marked, isAllMarked: isAllMarked)
  }

  /// Puts marks and cursor back where they were in the same table.
  mutating func restore(_ old: Narrowing) {
    (cursor, marked, isAllMarked) = (old.cursor, old.marked, old.isAllMarked)
    jump = .back
  }

  mutating func clearMarks() {
    cursor.clearMarks()
    marked = [:]
    isAllMarked = false
  }

  mutating func toggleMark() {
    guard let row else { return }
    isFollowing = false
    cursor.toggleMark()
    marked[row.id] = cursor.isMarked(row.id) ? row : nil
  }

  /// Marks everything from where the range began to the cursor.
  mutating func markRange() -> Int {
    isFollowing = false
    guard let start = cursor.rangeStart, let first = rows.firstIndex(where: { $0.id == start }) else {
      cursor.beginRange()
      return 0
    }
    let range = rows[min(first, cursor.index)...max(first, cursor.index)]
    cursor.mark(range.map(\.id))
    for row in range { marked[row.id] = row }
    cursor.endRange()
    return range.count
  }
}
