import GRDB
import GRDBSQLite

/// Reads the rows of one statement straight from SQLite, for the few queries that thousands of messages go through.
enum RowRead {
  /// - Parameters:
  ///   - constants: adds the values of the statement's `?`s.
  ///   - visit: called for each row, in order; `false` ends the reading.
  /// - Throws: `DatabaseError`, and what `visit` throws.
  static func each(
    _ sql: String, in db: Database, constants: (inout RowValues) -> Void, visit: (ReturnedRow) throws -> Bool
  ) throws {
    let statement = try db.cachedStatement(sql: sql).sqliteStatement
    sqlite3_reset(statement)
    let memory = BoundMemory()
    // Whatever ends the reading, a statement that is left in the middle would keep its lock.
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
      memory.free()
    }
    var values = RowValues(statement, memory)
    constants(&values)
    guard values.failure == SQLITE_OK else { throw DatabaseError(values.failure, of: sql, in: db) }
    var code = sqlite3_step(statement)
    while code == SQLITE_ROW {
      guard try visit(ReturnedRow(statement: statement)) else { return }
      code = sqlite3_step(statement)
    }
    guard code == SQLITE_DONE else { throw DatabaseError(code, of: sql, in: db) }
  }

  /// All rows, each made into an `Element`.
  static func all<Element>(
    _ sql: String, in db: Database, constants: (inout RowValues) -> Void, decode: (ReturnedRow) -> Element
  ) throws -> [Element] {
    var elements: [Element] = []
    try each(
      sql, in: db, constants: constants,
      visit: { row in
        elements.append(decode(row))
        return true
      })
    return elements
  }
}

/// One row as SQLite holds it; valid only while it is handed over.
struct ReturnedRow {
  let statement: OpaquePointer

  func integer(_ column: CInt) -> Int64 { sqlite3_column_int64(statement, column) }

  func optionalInteger(_ column: CInt) -> Int64? { isNull(column) ? nil : integer(column) }

  func flag(_ column: CInt) -> Bool { integer(column) != 0 }

  func text(_ column: CInt) -> String {
    guard let text = sqlite3_column_text(statement, column) else { return "" }
    let count = Int(sqlite3_column_bytes(statement, column))
    return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
  }

  func optionalText(_ column: CInt) -> String? { isNull(column) ? nil : text(column) }

  func bytes(_ column: CInt) -> [UInt8] {
    guard let start = sqlite3_column_blob(statement, column) else { return [] }
    return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
  }

  private func isNull(_ column: CInt) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }
}

extension DatabaseError {
  /// What SQLite says of the statement that failed last on this connection.
  init(_ code: CInt, of sql: String, in db: Database) {
    self.init(
      resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(db.sqliteConnection)), sql: sql)
  }
}
