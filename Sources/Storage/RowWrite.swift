import Foundation
import GRDB
import GRDBSQLite

/// Writes many rows with few statements, their values bound straight into SQLite: what thousands of messages and reports
/// leave behind would cost more in preparing and boxing than in the trees.
struct RowWrite: Sendable {
  /// Rows of one statement: there are three to prepare and not one for every number.
  private static let sizes = [64, 8, 1]

  private let statements: [(size: Int, sql: String)]

  /// - Parameters:
  ///   - head: `INSERT INTO name (column, …)`, or `UPDATE name SET … FROM (`; its own `?`s are the constants.
  ///   - tail: what follows the values: `ON CONFLICT …`, `) AS given WHERE …`, `RETURNING …`.
  init(head: String, columns: Int, tail: String = "") {
    statements = Self.sizes.map { size in
      (size, "\(head) VALUES \(Rows.placeholders(rows: size, columns: columns)) \(tail)")
    }
  }

  /// - Parameters:
  ///   - constants: adds the values of the `?`s in the head: the same for all rows.
  ///   - bind: adds the values of one row, in the order of the columns.
  ///   - returned: called for each row that a RETURNING clause gives.
  /// - Returns: how many rows were written, those of triggers left out.
  /// - Throws: `DatabaseError`.
  @discardableResult
  func write<Source>(
    _ rows: [Source], in db: Database, constants: (inout RowValues) -> Void = { _ in },
    returned: (ReturnedRow) -> Void = { _ in }, bind: (Source, inout RowValues) -> Void
  ) throws -> Int {
    let memory = BoundMemory()
    defer { memory.free() }
    var count = 0
    var rest = rows[...]
    for (size, sql) in statements where rest.count >= size {
      let statement = try db.cachedStatement(sql: sql).sqliteStatement
      while rest.count >= size {
        let code = Self.run(statement, rest.prefix(size), memory, constants, returned, bind)
        guard code == SQLITE_DONE else { throw DatabaseError(code, of: sql, in: db) }
        count += db.changesCount
        rest = rest.dropFirst(size)
      }
    }
    return count
  }

  /// - Returns: `SQLITE_DONE`, or what went wrong.
  private static func run<Source>(
    _ statement: OpaquePointer, _ rows: ArraySlice<Source>, _ memory: BoundMemory,
    _ constants: (inout RowValues) -> Void, _ returned: (ReturnedRow) -> Void,
    _ bind: (Source, inout RowValues) -> Void
  ) -> CInt {
    var values = RowValues(statement, memory)
    sqlite3_reset(statement)
    defer {
      sqlite3_clear_bindings(statement)
      memory.clear()
    }
    constants(&values)
    // By address: a row is a dozen texts, and a copy of it as many counts up and down.
    rows.withUnsafeBufferPointer { rows in for index in rows.indices { bind(rows[index], &values) } }
    var code = values.failure
    while code == SQLITE_OK || code == SQLITE_ROW {
      code = sqlite3_step(statement)
      if code == SQLITE_ROW { returned(ReturnedRow(statement: statement)) }
    }
    // A reset tells the exact reason of a failure, and leaves its words with the connection.
    let reason = sqlite3_reset(statement)
    return code == SQLITE_DONE ? code : reason == SQLITE_OK ? code : reason
  }
}

/// Takes the values of rows in their order.
struct RowValues {
  private let statement: OpaquePointer
  private let memory: BoundMemory
  private var index: CInt = 0
  /// The first refusal of a value; `SQLITE_OK` without any.
  private(set) var failure = SQLITE_OK

  /// - Parameter memory: must stay as it is until the statement has run and its bindings are cleared.
  init(_ statement: OpaquePointer, _ memory: BoundMemory) {
    self.statement = statement
    self.memory = memory
  }

  mutating func add(_ value: Int64?) {
    guard let value else { return addNull() }
    note { sqlite3_bind_int64($0, $1, value) }
  }

  mutating func add(_ value: Int) { add(Int64(value)) }

  mutating func add(_ value: Bool) { add(value ? Int64(1) : 0) }

  mutating func add(_ value: String?) {
    guard var value else { return addNull() }
    let (text, count) = value.withUTF8 { (memory.copy(UnsafeRawBufferPointer($0)), UInt64($0.count)) }
    note { sqlite3_bind_text64($0, $1, text.assumingMemoryBound(to: CChar.self), count, nil, UInt8(SQLITE_UTF8)) }
  }

  mutating func add(_ value: some ContiguousBytes) {
    let (bytes, count) = value.withUnsafeBytes { (memory.copy($0), UInt64($0.count)) }
    note { sqlite3_bind_blob64($0, $1, bytes, count, nil) }
  }

  private mutating func addNull() { note { sqlite3_bind_null($0, $1) } }

  private mutating func note(_ bind: (OpaquePointer, CInt) -> CInt) {
    index += 1
    let code = bind(statement, index)
    if failure == SQLITE_OK { failure = code }
  }
}

extension String {
  /// The first `count` characters, at no cost when there cannot be more.
  func bounded(_ count: Int) -> String { utf8.count <= count ? self : String(prefix(count)) }
}
