import MailModel
import Storage

/// A window onto a table that is paged by key: some pages around the cursor, never the whole table.
public struct ListWindow: Sendable {
  /// How a window moves. Each costs a few pages, wherever it is.
  public enum Move: Sendable, Equatable {
    /// To the beginning of the list.
    case top
    /// To its end.
    case bottom
    /// One page further on, the farthest page at the other end is let go.
    case forward
    case backward
    /// The same place again, as it is now.
    case reload
  }

  /// Rows of one page, and pages kept.
  static let pageSize = 200
  static let pageCount = 3

  public let query: ListQuery
  var pages: [ListPage]
  /// What it was read with last, such as the moment that windows of time end at.
  var context = ListContext(now: Timestamp(microseconds: 0), inboxes: InboxSettings(), basis: FiguresBasis())
  /// The key of the row before the first; `nil` at the beginning of the list.
  var before: PageKey?
  /// Whether rows follow after the last.
  public internal(set) var hasMoreAfter: Bool

  public var hasMoreBefore: Bool { before != nil }
  public var rows: [ListedRow] { pages.flatMap(\.rows) }

  init(_ query: ListQuery) {
    self.query = query
    pages = []
    hasMoreAfter = false
  }
}

extension ListWindow {
  mutating func move(_ move: Move, _ transaction: Transaction, _ context: ListContext) throws {
    self.context = context
    switch move {
    case .top: try load(pages: 1, after: nil, transaction)
    case .bottom: try loadEnd(transaction)
    case .reload: try load(pages: max(1, pages.count), after: before, transaction)
    case .forward: try loadForward(transaction)
    case .backward: try loadBackward(transaction)
    }
  }

  /// How many rows have come before the beginning since the window was read, counted no further than a page.
  func newer(_ transaction: Transaction) throws -> Int {
    if query.list == .patterns { return 0 }
    guard before == nil else { return 0 }
    guard let first = pages.first?.first else {
      return try ListReading.page(query, .start, limit: ListWindow.pageSize, transaction, context).rows.count
    }
    return try ListReading.page(query, .before(first), limit: ListWindow.pageSize, transaction, context).rows.count
  }

  private func page(_ position: PagePosition, _ transaction: Transaction) throws -> ListPage {
    try ListReading.page(query, position, limit: ListWindow.pageSize, transaction, context)
  }

  private mutating func load(pages count: Int, after start: PageKey?, _ transaction: Transaction) throws {
    pages = []
    before = start
    hasMoreAfter = true
    var position = start.map(PagePosition.after) ?? .start
    while pages.count < count, hasMoreAfter {
      let page = try page(position, transaction)
      pages.append(page)
      hasMoreAfter = page.hasMore
      guard let last = page.last else { break }
      position = .after(last)
    }
    // Everything from here on is gone: the end of the list instead of an empty screen.
    if start != nil, pages.allSatisfy(\.rows.isEmpty) { try loadEnd(transaction) }
  }

  private mutating func loadForward(_ transaction: Transaction) throws {
    guard let last = pages.last?.last else { return try load(pages: 1, after: before, transaction) }
    let page = try page(.after(last), transaction)
    hasMoreAfter = page.hasMore
    if page.rows.isEmpty { return }
    pages.append(page)
    if pages.count > ListWindow.pageCount {
      before = pages[0].last
      pages.removeFirst()
    }
  }

  private mutating func loadBackward(_ transaction: Transaction) throws {
    guard let first = pages.first?.first else { return try load(pages: 1, after: nil, transaction) }
    let page = try page(.before(first), transaction)
    guard !page.rows.isEmpty else {
      before = nil
      return
    }
    before = try key(before: page, transaction)
    pages.insert(page, at: 0)
    if pages.count > ListWindow.pageCount {
      pages.removeLast()
      hasMoreAfter = true
    }
  }

  /// The last page, read backwards from the end.
  private mutating func loadEnd(_ transaction: Transaction) throws {
    var reversed = query
    reversed.isDescending.toggle()
    let end = try ListReading.page(reversed, .start, limit: ListWindow.pageSize, transaction, context)
    pages = [end.turned]
    hasMoreAfter = false
    before = end.hasMore ? try key(before: pages[0], transaction) : nil
  }

  private func key(before page: ListPage, _ transaction: Transaction) throws -> PageKey? {
    guard let first = page.first else { return nil }
    return try ListReading.page(query, .before(first), limit: 1, transaction, context).last
  }
}

extension OpenWorkspace {
  /// Moves a window, or opens one at the top.
  ///
  /// - Throws: `StoreError`.
  public func window(_ query: ListQuery, _ move: ListWindow.Move, from window: ListWindow? = nil) throws -> ListWindow {
    var next = window.flatMap { $0.query == query ? $0 : nil } ?? ListWindow(query)
    let context = ListContext(
      now: clock.now(), inboxes: workspace.configuration.inboxes,
      basis: FiguresBasis(policy: workspace.configuration.restriction, now: clock.now()))
    try store.read { try next.move(move, $0, context) }
    return next
  }

  /// Rows that have come before the beginning of a window since it was read, at most 200.
  /// - Throws: `StoreError`.
  public func newerRows(than window: ListWindow) throws -> Int { try store.read { try window.newer($0) } }
}
