/// A cell that no spreadsheet takes for a formula (fault 39), and no terminal for a command (fault 31).
public enum SpreadsheetCell {
  /// Quoted (RFC 4180); a value that begins like a formula, also behind blanks, gets an apostrophe in front.
  public static func text(_ value: String) -> String {
    "\"" + harmless(value).replacing("\"", with: "\"\"") + "\""
  }

  static func harmless(_ value: String) -> String {
    // NUL would end the cell for some readers and show what stands behind it as its beginning; the others drive the
    // terminal of whoever prints the file.
    let clean =
      value.unicodeScalars.contains(where: isControl)
      ? String(String.UnicodeScalarView(value.unicodeScalars.map { isControl($0) ? "\u{FFFD}" : $0 })) : value
    let starts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n", "\u{FFFD}", "＝", "＋", "－", "＠"]
    let first = clean.unicodeScalars.first { $0 != " " && $0 != "\u{A0}" && $0 != "\u{FEFF}" }
    return first.map(starts.contains) == true ? "'" + clean : clean
  }

  /// Line ends and tabs belong to a text; a cell that holds them is quoted.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control && !["\n", "\r", "\t"].contains(scalar)
  }
}
