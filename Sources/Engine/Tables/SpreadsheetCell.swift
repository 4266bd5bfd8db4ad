/// A cell that no spreadsheet takes for a formula (fault 39).
public enum SpreadsheetCell {
  /// Quoted (RFC 4180); a value that begins like a formula, also behind blanks, gets an apostrophe in front.
  public static func text(_ value: String) -> String {
    "\"" + harmless(value).replacing("\"", with: "\"\"") + "\""
  }

  static func harmless(_ value: String) -> String {
    // NUL would end the cell for some readers and show what stands behind it as its beginning.
    let clean = value.unicodeScalars.contains("\0") ? value.replacing("\0", with: "\u{FFFD}") : value
    let starts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n", "\u{FFFD}", "＝", "＋", "－", "＠"]
    let first = clean.unicodeScalars.first { $0 != " " && $0 != "\u{A0}" && $0 != "\u{FEFF}" }
    return first.map(starts.contains) == true ? "'" + clean : clean
  }
}
