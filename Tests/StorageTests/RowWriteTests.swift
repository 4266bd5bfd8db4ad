import GRDB
import Testing

@testable import Storage

/// Many rows in few statements.
@Suite struct RowWriteTests {
  private struct Line {
    var id: Int64
    var text: String?
    var bytes: [UInt8]

    /// As SQLite tells it.
    var told: String {
      let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
      return "\(id) \(text.map { "'\($0)'" } ?? "NULL") \(digits)"
    }
  }

  private static let insert = RowWrite(
    head: "INSERT INTO line (id, text, bytes)", columns: 3, tail: "ON CONFLICT (id) DO NOTHING RETURNING id")

  private func write(_ lines: [Line], _ db: Database) throws -> [Int64] {
    var returned: [Int64] = []
    try RowWriteTests.insert.write(
      lines, in: db, returned: { returned.append($0.integer(0)) },
      bind: { line, values in
        values.add(line.id)
        values.add(line.text)
        values.add(line.bytes)
      })
    return returned
  }

  private func queue() throws -> DatabaseQueue {
    let queue = try DatabaseQueue()
    try queue.write { db in
      try db.execute(
        sql: "CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT CHECK (text <> 'bad'), bytes BLOB NOT NULL) STRICT")
    }
    return queue
  }

  private func told(_ db: Database) throws -> [String] {
    try String.fetchAll(db, sql: "SELECT id || ' ' || quote(text) || ' ' || hex(bytes) FROM line ORDER BY id")
  }

  @Test(arguments: [0, 1, 7, 8, 9, 63, 64, 65, 200])
  func `all rows are written as they are, whatever their number`(count: Int) throws {
    let texts: [String?] = [nil, "", "tëxt"]
    let lines = (0..<count).map { index in
      Line(id: Int64(index), text: texts[index % 3], bytes: index % 2 == 0 ? [] : [0, 255])
    }
    let (returned, found) = try queue().write { db in (try write(lines, db), try told(db)) }
    #expect(returned == lines.map(\.id))
    #expect(found == lines.map(\.told))
  }

  @Test func `values stay as they are bound, however much room those after them take`() throws {
    let lines = (0..<70).map { index in
      Line(
        id: Int64(index), text: String(repeating: "ü\(index)", count: 30 * index),
        bytes: Array(repeating: UInt8(index), count: 300 * index))
    }
    #expect(
      try queue().write { db in
        _ = try write(lines, db)
        return try told(db)
      } == lines.map(\.told))
  }

  @Test func `what was there already is not returned`() throws {
    let lines = (0..<70).map { Line(id: $0, text: nil, bytes: []) }
    let (first, second) = try queue().write { db in (try write([lines[3]], db), try write(lines, db)) }
    #expect(first == [3])
    #expect(second == lines.map(\.id).filter { $0 != 3 })
  }

  @Test func `a row that breaks a rule is an error with the rule's words, and the connection goes on`() throws {
    let queue = try queue()
    let lines = [Line(id: 1, text: nil, bytes: []), Line(id: 2, text: "bad", bytes: [])]
    let failure = #expect(throws: DatabaseError.self) { try queue.write { db in _ = try write(lines, db) } }
    #expect(failure?.message?.contains("CHECK") == true)
    #expect(failure?.resultCode == .SQLITE_CONSTRAINT)
    let good = Line(id: 3, text: "good", bytes: [1])
    #expect(try queue.write { db in try write([good], db) } == [3])
    #expect(try queue.read { db in try told(db) } == [good.told])
  }

  private static let update = RowWrite(
    head: "UPDATE line SET text = ?, bytes = given.column2 FROM (", columns: 2,
    tail: ") AS given WHERE id = given.column1")

  @Test(arguments: [1, 9, 77])
  func `an update of many rows changes those that are there, and counts them`(count: Int64) throws {
    let lines = (0..<count).map { Line(id: $0, text: nil, bytes: []) }
    let (changed, found) = try queue().write { db in
      _ = try write(lines.filter { $0.id % 2 == 0 }, db)
      let changed = try RowWriteTests.update.write(
        lines, in: db, constants: { $0.add("new") },
        bind: { line, values in
          values.add(line.id)
          values.add([UInt8(line.id)])
        })
      return (changed, try told(db))
    }
    let expected = (0..<count).filter { $0 % 2 == 0 }.map { Line(id: $0, text: "new", bytes: [UInt8($0)]) }
    #expect(changed == expected.count)
    #expect(found == expected.map(\.told))
  }

  private func read(_ sql: String, _ db: Database, upTo limit: Int = .max) throws -> [Line] {
    var lines: [Line] = []
    try RowRead.each(
      sql, in: db, constants: { $0.add(Int64(0)) },
      visit: { row in
        lines.append(Line(id: row.integer(0), text: row.optionalText(1), bytes: row.bytes(2)))
        return lines.count < limit
      })
    return lines
  }

  @Test func `rows are read as they were written, and reading may end before they do`() throws {
    let lines = [
      Line(id: 1, text: nil, bytes: []), Line(id: 2, text: "", bytes: [0]), Line(id: 3, text: "tëxt\0x", bytes: [255]),
    ]
    let sql = "SELECT id, text, bytes FROM line WHERE id > ? ORDER BY id"
    try queue().write { db in
      _ = try write(lines, db)
      #expect(try read(sql, db, upTo: 1).map(\.told) == [lines[0].told])
      // A reading that ended in the middle keeps nothing locked, and the next starts at the first row again.
      try db.execute(sql: "DELETE FROM line WHERE id = 2")
      #expect(try read(sql, db).map(\.told) == [lines[0].told, lines[2].told])
    }
  }

  @Test func `what SQLite refuses while it reads is an error with its words`() throws {
    let failure = #expect(throws: DatabaseError.self) {
      try queue().write { db in
        _ = try write([Line(id: 1, text: nil, bytes: [])], db)
        _ = try read("SELECT abs(-9223372036854775807 - id) FROM line WHERE id > ?", db)
      }
    }
    #expect(failure?.message == "integer overflow")
  }
}
