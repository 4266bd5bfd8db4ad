import GRDB

/// Where a page ends: the sort value and the id of its last row. Opaque to callers.
public struct PageKey: Sendable, Equatable {
  let value: DatabaseValue
  let id: Int64
}

/// One window onto a table, by key: costs what is on screen, not what is stored.
public struct Page<Row: Sendable>: Sendable {
  public var rows: [Row]
  /// Keys of the first and last row, for the windows before and after.
  public var first: PageKey?
  public var last: PageKey?
  /// Whether there is more in the direction that was asked for.
  public var hasMore: Bool

  /// The same window with other rows.
  public func map<Other: Sendable>(_ transform: (Row) throws -> Other) rethrows -> Page<Other> {
    Page<Other>(rows: try rows.map(transform), first: first, last: last, hasMore: hasMore)
  }
}

/// Which window: from the start, after a key, or before one.
public enum PagePosition: Sendable, Equatable {
  case start
  case after(PageKey)
  case before(PageKey)
}
