/// The one row that allows sending (DESIGN §5). Whatever cannot be read as `.ramping` or `.open` means stopped.
public struct SendPermit: Sendable, Equatable {
  public enum State: String, Sendable, CaseIterable, Codable {
    /// The emergency stop is latched.
    case stopped
    /// Reset, not resumed: still nothing is sent.
    case ready
    /// Resumed, on a rung of the ladder.
    case ramping
    /// Sending under the normal limits.
    case open
  }

  public var state: State
  /// Grows with every change; a change against an older generation is refused.
  public var generation: Int64
  public var changedAt: Timestamp
  public var changedBy: String
  public var reason: String
  /// Messages armed when the stop was committed.
  public var armedAtStop: Int
  /// Index into `ResumeLadder.rungs` while ramping.
  public var rung: Int
  /// Definite replies since this rung was entered.
  public var acceptedOnRung: Int
  public var refusedOnRung: Int
  /// The last 2xx to a final dot in this workspace: the proof that nothing leaves any more.
  public var lastAcceptedAt: Timestamp?

  public init(
    state: State, generation: Int64, changedAt: Timestamp, changedBy: String, reason: String, armedAtStop: Int = 0,
    rung: Int = 0, acceptedOnRung: Int = 0, refusedOnRung: Int = 0, lastAcceptedAt: Timestamp? = nil
  ) {
    self.state = state
    self.generation = generation
    self.changedAt = changedAt
    self.changedBy = changedBy
    self.reason = reason
    self.armedAtStop = armedAtStop
    self.rung = rung
    self.acceptedOnRung = acceptedOnRung
    self.refusedOnRung = refusedOnRung
    self.lastAcceptedAt = lastAcceptedAt
  }

  public var allowsSending: Bool { state == .ramping || state == .open }
}

/// One row of the audit log.
public struct AuditEvent: Sendable, Equatable, Identifiable {
  public var id: Int64
  public var at: Timestamp
  public var actor: String
  public var role: String
  public var origin: String
  /// The operation's id, such as `queue.release`.
  public var operation: String
  /// What it was about, such as `account:42` or `message:7`.
  public var subject: String
  public var reason: String
  /// Before, after, preview and result, as one line of JSON.
  public var details: String
  /// SHA-256 over the row before it and this row, in hexadecimal.
  public var hash: String

  public init(
    id: Int64, at: Timestamp, actor: String, role: String, origin: String, operation: String, subject: String,
    reason: String, details: String, hash: String
  ) {
    self.id = id
    self.at = at
    self.actor = actor
    self.role = role
    self.origin = origin
    self.operation = operation
    self.subject = subject
    self.reason = reason
    self.details = details
    self.hash = hash
  }
}

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
