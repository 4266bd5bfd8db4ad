public import MailModel

/// Audit events as lines of a file: JSON for programs, comma-separated values for spreadsheets.
public enum AuditExport {
  public static let columns = [
    "id", "at", "actor", "role", "origin", "operation", "subject", "reason", "preview", "result", "before", "after",
    "details", "hash",
  ]

  /// The header line and one line an event, with CRLF (RFC 4180).
  public static var csvHeader: String { line(columns) }

  public static func csv(_ event: AuditEvent) -> String {
    let details = AuditDetails(event.details)
    return line([
      "\(event.id)", Clockface.utc(event.at), event.actor, event.role, event.origin, event.operation, event.subject,
      event.reason, details["preview"] ?? "", details["result"] ?? "", details["before"] ?? "", details["after"] ?? "",
      event.details, event.hash,
    ])
  }

  private static func line(_ cells: [String]) -> String {
    cells.map(SpreadsheetCell.text).joined(separator: ",") + "\r\n"
  }
}

/// What an audit event says besides who, when and why.
public struct AuditDetails: Sendable, Equatable {
  /// Name and value: what was to be expected, before, after and what came of it first, then the rest by name.
  public let fields: [(name: String, value: String)]

  private static let order = ["preview", "before", "after", "result"]

  /// - Parameter json: one object of strings; anything else has no fields.
  public init(_ json: String) {
    let values = JSONLine.strings(json)
    let first = AuditDetails.order.compactMap { name in values[name].map { (name: name, value: $0) } }
    let rest = values.filter { !AuditDetails.order.contains($0.key) }.sorted { $0.key < $1.key }
    fields = first + rest.map { (name: $0.key, value: $0.value) }
  }

  /// What came of it, in words; what was to be expected where nothing else was written down.
  public var words: String? { self["result"] ?? self["preview"] }

  public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  public static func == (left: AuditDetails, right: AuditDetails) -> Bool {
    left.fields.map(\.name) == right.fields.map(\.name) && left.fields.map(\.value) == right.fields.map(\.value)
  }
}

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
