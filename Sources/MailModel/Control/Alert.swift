/// Something a person must look at, derived from numbers by policy.
public struct Alert: Sendable, Equatable {
  public enum Severity: String, Sendable, CaseIterable, Comparable, Codable {
    case warning, high, critical
    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
    private var rank: Int {
      switch self {
      case .warning: 0
      case .high: 1
      case .critical: 2
      }
    }
  }

  /// Stable id, such as `bounce-rate`.
  public var id: String
  public var severity: Severity
  public var title: String
  /// The value, the threshold and where they come from.
  public var explanation: String
  /// Response time from the runbook.
  public var respondWithin: Span

  public init(id: String, severity: Severity, title: String, explanation: String, respondWithin: Span) {
    self.id = id
    self.severity = severity
    self.title = title
    self.explanation = explanation
    self.respondWithin = respondWithin
  }
}
