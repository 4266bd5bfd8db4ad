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
