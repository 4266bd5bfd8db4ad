/// Many rows in one statement: with triggers on a table SQLite sets up a temporary table for each UPDATE, which costs more
/// than changing a row does.
enum Rows {
  static let chunk = 32

  /// Full chunks and then single rows, so that there are two statements to prepare and not one per length.
  static func chunks<Row>(of rows: [Row]) -> [ArraySlice<Row>] {
    let full = rows.count / chunk * chunk
    let whole = stride(from: 0, to: full, by: chunk).map { rows[$0..<($0 + chunk)] }
    return whole + (full..<rows.count).map { rows[$0...$0] }
  }

  /// `?, ?, ?`
  static func placeholders(_ count: Int) -> String { repeatElement("?", count: count).joined(separator: ", ") }

  /// `(?, ?), (?, ?)`
  static func placeholders(rows: Int, columns: Int) -> String {
    repeatElement("(\(placeholders(columns)))", count: rows).joined(separator: ", ")
  }
}
