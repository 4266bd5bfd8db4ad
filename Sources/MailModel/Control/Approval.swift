/// What became of something that two people are needed for.
public enum ApprovalState: String, Sendable, CaseIterable {
  /// Asked for; nothing was done yet.
  case pending
  /// A second person said yes, and it was done in the same transaction.
  case approved
  /// A second person said no.
  case rejected
  /// Whoever asked took it back.
  case withdrawn
  /// Nobody decided in time.
  case expired
  /// Done by one person with break-glass; somebody else still has to look at it.
  case alone
  /// Done alone, and a second person agreed afterwards.
  case reviewed
  /// Done alone, and a second person did not agree. What was done stays done.
  case objected

  /// Whether a second person still has something to decide.
  public var isOpen: Bool { self == .pending || self == .alone }
}

/// A request for an operation that needs a second person, and what became of it.
public struct Approval: Sendable, Equatable, Identifiable {
  public var id: Int64
  public var version: Int64
  public var state: ApprovalState
  /// The operation's id, such as `account.lift`.
  public var operation: String
  /// Targets with the versions they had, and arguments, as one line of JSON.
  public var request: String
  /// What the operation would do, as it was previewed when it was asked for.
  public var preview: String
  /// Why one person is not enough.
  public var why: String
  /// The words of whoever asked.
  public var reason: String
  public var requestedBy: String
  /// That person's role then, by its name.
  public var requestedRole: String
  /// Host and process.
  public var requestedFrom: String
  public var requestedAt: Timestamp
  /// A pending request is worth nothing from then on.
  public var expiresAt: Timestamp
  public var decidedBy: String?
  public var decidedAt: Timestamp?
  /// The words of whoever decided.
  public var decision: String

  public init(
    id: Int64, version: Int64, state: ApprovalState, operation: String, request: String, preview: String, why: String,
    reason: String, requestedBy: String, requestedRole: String, requestedFrom: String, requestedAt: Timestamp,
    expiresAt: Timestamp, decidedBy: String?, decidedAt: Timestamp?, decision: String
  ) {
    self.id = id
    self.version = version
    self.state = state
    self.operation = operation
    self.request = request
    self.preview = preview
    self.why = why
    self.reason = reason
    self.requestedBy = requestedBy
    self.requestedRole = requestedRole
    self.requestedFrom = requestedFrom
    self.requestedAt = requestedAt
    self.expiresAt = expiresAt
    self.decidedBy = decidedBy
    self.decidedAt = decidedAt
    self.decision = decision
  }
}

/// A person's right to act alone for a short time. It was taken, not given, so everything about it is loud.
public struct BreakGlass: Sendable, Equatable, Identifiable {
  public var id: Int64
  public var person: String
  public var openedAt: Timestamp
  public var expiresAt: Timestamp
  public var reason: String
  /// When it was given back early.
  public var closedAt: Timestamp?

  public init(
    id: Int64, person: String, openedAt: Timestamp, expiresAt: Timestamp, reason: String, closedAt: Timestamp? = nil
  ) {
    self.id = id
    self.person = person
    self.openedAt = openedAt
    self.expiresAt = expiresAt
    self.reason = reason
    self.closedAt = closedAt
  }
}
