import GRDB
import GRDBSQLite

/// How much is being written: one transaction, or one of very many in a row. For the latter SQLite copies its journal into
/// the database more seldom, so that no page is written twice while it goes on.
public enum WriteLoad: Sendable {
  case single
  /// One of many transactions: the journal may grow, to 32 MB and this one, for ``Store/copyJournal()`` or the next
  /// ordinary commit to copy. Taken for ``single`` where little room is left.
  case stream
  /// One of many, of thousands of rows each: besides the journal, SQLite may take memory for all its pages, and for what
  /// takes a single statement back. Statements that change very many rows have no place in it. Its commit is durable only
  /// once ``Store/sync()`` has returned, which may be called on another thread while the next one is written.
  case bulk

  /// Pages of the journal after which a commit copies them: 4 MB as is SQLite's own habit, or 32 where it may grow.
  static let journal: (usual: CInt, long: CInt) = (500, 4_000)
  /// In kilobytes, as SQLite takes them from a negative number. More is no faster: it takes new memory for every body
  /// that goes by, and the system keeps the pages. But the pages that a transaction changes are written twice where they
  /// find no room.
  static let cache = (usual: -4_000, bulk: -16_000)

  func begin(_ db: Database) throws {
    // A store that was closed meanwhile has no connection; the transaction says so.
    guard self != .single, let connection = db.sqliteConnection else { return }
    sqlite3_wal_autocheckpoint(connection, WriteLoad.journal.long)
    guard self == .bulk else { return }
    try db.execute(
      sql: "PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = \(WriteLoad.cache.bulk)")
  }

  func end(_ db: Database) {
    guard self != .single, let connection = db.sqliteConnection else { return }
    sqlite3_wal_autocheckpoint(connection, WriteLoad.journal.usual)
    guard self == .bulk else { return }
    let usual =
      "PRAGMA synchronous = FULL; PRAGMA temp_store = DEFAULT; PRAGMA cache_size = \(WriteLoad.cache.usual)"
    sqlite3_exec(connection, usual, nil, nil, nil)
  }
}
