/// Many values in one query: looking for each of hundreds with a statement of its own costs more than finding it.
enum Rows {
  static let chunk = 32

  /// Full chunks and then single rows, so that there are two statements to prepare and not one per length.
  static func chunks<Row>(of rows: [Row]) -> [ArraySlice<Row>] {
    let full = rows.count / chunk * chunk
    let whole = stride(from: 0, to: full, by: chunk).map { rows[$0..<($0 + chunk)] }
    return whole + (full..<rows.count).map { rows[$0...$0] }
  }

  /// `?, ?, ?`
  static func placeholders(_ count: Int, as place: String = "?") -> String {
    repeatElement(place, count: count).joined(separator: ", ")
  }

  /// `(?, ?), (?, ?)`
  static func placeholders(rows: Int, columns: Int) -> String {
    repeatElement("(\(placeholders(columns)))", count: rows).joined(separator: ", ")
  }
}
