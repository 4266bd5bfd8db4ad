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
