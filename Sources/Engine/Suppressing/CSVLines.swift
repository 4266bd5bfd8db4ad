/// Reads comma-separated values (RFC 4180) line by line. Bytes from outside: every dimension is bounded, and what is
/// wrong is told with its line.
struct CSVLines {
  struct Row {
    /// Line of the file on which the row begins, from 1.
    var line: Int
    var fields: [String]
  }

  struct Problem: Error, Equatable, CustomStringConvertible {
    var line: Int
    var what: String
    var description: String { "line \(line): \(what)" }
  }

  static let maximumFields = 64
  static let maximumField = 4_096

  private let bytes: [UInt8]
  private var index = 0
  private var line = 1

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    // A byte order mark belongs to no field.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  /// The next row that is not empty; `nil` at the end. A wrong row is skipped to its end, and the next call goes on.
  mutating func next() -> Result<Row, Problem>? {
    while index < bytes.count {
      let start = line
      switch row() {
      case .failure(let problem): return .failure(problem)
      case .success(let fields):
        if fields.count == 1, fields[0].isEmpty { continue }
        return .success(Row(line: start, fields: fields))
      }
    }
    return nil
  }

  private mutating func row() -> Result<[String], Problem> {
    let start = line
    var fields: [String] = []
    var field: [UInt8] = []
    var problem: String?
    var isQuoted = false
    var isAtStart = true
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == 0x0A { line += 1 }
      if isQuoted {
        guard byte == 0x22 else {
          field.append(byte)
          if field.count > CSVLines.maximumField {
            // An opening quote that nothing closes would swallow the file: give up this row at the end of its line.
            (problem, isQuoted) = ("a field of more than \(CSVLines.maximumField) bytes; is a quote not closed?", false)
          }
          continue
        }
        if index < bytes.count, bytes[index] == 0x22 {
          field.append(0x22)
          index += 1
        } else {
          isQuoted = false
        }
      } else if byte == 0x22, isAtStart {
        (isQuoted, isAtStart) = (true, false)
      } else if byte == 0x2C {
        finish(&field, &fields, &problem)
        isAtStart = true
      } else if byte == 0x0A {
        break
      } else if byte != 0x0D || (index < bytes.count && bytes[index] != 0x0A) {
        isAtStart = false
        if field.count <= CSVLines.maximumField { field.append(byte) }
      }
    }
    if isQuoted { problem = "a quote is not closed" }
    finish(&field, &fields, &problem)
    if let problem { return .failure(Problem(line: start, what: problem)) }
    return .success(fields)
  }

  private func finish(_ field: inout [UInt8], _ fields: inout [String], _ problem: inout String?) {
    if field.count > CSVLines.maximumField {
      problem = problem ?? "a field of more than \(CSVLines.maximumField) bytes"
    }
    if fields.count >= CSVLines.maximumFields {
      problem = problem ?? "more than \(CSVLines.maximumFields) fields"
    } else if let text = String(validating: field, as: UTF8.self) {
      fields.append(text)
    } else {
      problem = problem ?? "not UTF-8"
    }
    field.removeAll(keepingCapacity: true)
  }
}

/// Writes comma-separated values that no spreadsheet takes for a formula.
enum CSVText {
  static func line(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") + "\r\n" }

  /// A field that begins like a formula gets an apostrophe before it (fault 39); reading takes it away again. An
  /// apostrophe of its own that reading would take for such a one is doubled.
  private static func field(_ text: String) -> String {
    let harmless = SpreadsheetCell.harmless(text)
    let text = harmless == text && isGuarded(text) ? "'" + text : harmless
    guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  static func unguarded(_ text: String) -> String { isGuarded(text) ? String(text.dropFirst()) : text }

  private static func isGuarded(_ text: String) -> Bool {
    guard text.first == "'" else { return false }
    let rest = String(text.dropFirst())
    return rest.first == "'" || SpreadsheetCell.harmless(rest) != rest
  }
}
