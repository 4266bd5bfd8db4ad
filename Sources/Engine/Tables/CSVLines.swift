/// Reads comma-separated values (RFC 4180), also parted by semicolons or tabs, row by row. Bytes from outside: every
/// dimension is bounded, and what is wrong is told with its line (decision 9 says why no library does it).
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

  static let maximumFields = 256
  static let maximumField = 65_536

  private let bytes: [UInt8]
  private let separator: UInt8
  private var index: Int
  private var line = 1
  /// What is read of the row that is being read.
  private var fields: [String] = []
  private var field: [UInt8] = []
  private var problem: String?

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    index = ByteOrderMark.skipped(in: bytes).startIndex
    separator = Self.separator(of: bytes[index...])
  }

  /// Spreadsheets of countries with a decimal comma write semicolons. The first row tells, by what first stands between
  /// its fields.
  private static func separator(of bytes: ArraySlice<UInt8>) -> UInt8 {
    var isQuoted = false
    for byte in bytes.drop(while: { $0 == 0x0A || $0 == 0x0D }) {
      switch byte {
      case 0x22: isQuoted.toggle()
      case 0x2C where !isQuoted, 0x3B where !isQuoted, 0x09 where !isQuoted: return byte
      case 0x0A: return 0x2C
      default: break
      }
    }
    return 0x2C
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
    fields = []
    problem = nil
    var isAtStart = true
    while let byte = take() {
      if byte == 0x22, isAtStart {
        takeQuoted()
        isAtStart = false
      } else if byte == separator {
        finish()
        isAtStart = true
      } else if byte == 0x0A {
        break
      } else if byte != 0x0D || (index < bytes.count && bytes[index] != 0x0A) {
        isAtStart = false
        if field.count <= CSVLines.maximumField { field.append(byte) }
      }
    }
    finish()
    if let problem { return .failure(Problem(line: start, what: problem)) }
    return .success(fields)
  }

  private mutating func take() -> UInt8? {
    guard index < bytes.count else { return nil }
    defer { index += 1 }
    if bytes[index] == 0x0A { line += 1 }
    return bytes[index]
  }

  /// What stands behind an opening quote, up to the one that closes it; two are one of the text. One that nothing closes
  /// would swallow the file: it costs its line, and reading goes on with the next.
  private mutating func takeQuoted() {
    let opening = (index: index, line: line)
    while let byte = take() {
      if byte == 0x22 {
        guard index < bytes.count, bytes[index] == 0x22 else { return }
        index += 1
      }
      field.append(byte)
      if field.count > CSVLines.maximumField { break }
    }
    problem =
      field.count > CSVLines.maximumField
      ? "a field of more than \(CSVLines.maximumField) bytes; is a quote not closed?" : "a quote is not closed"
    (index, line) = opening
  }

  private mutating func finish() {
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
