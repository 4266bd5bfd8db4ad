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
