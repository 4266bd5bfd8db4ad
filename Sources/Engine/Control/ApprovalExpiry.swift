import MailModel
import Storage

/// Ends requests for a second person that nobody decided about in time.
enum ApprovalExpiry {
  /// - Returns: how many ended now.
  /// - Throws: `StoreError`.
  @discardableResult
  static func run(_ store: Store, origin: String, now: Timestamp) throws -> Int {
    guard try store.read({ try !$0.approvals.overdue(now: now).isEmpty }) else { return 0 }
    let program = Actor.program(origin)
    return try store.write { transaction in
      var ended = 0
      for approval in try transaction.approvals.overdue(now: now) {
        let isDone = try transaction.approvals.decide(
          approval, state: .expired, by: program.name, words: "nobody decided in time", now: now)
        guard isDone else { continue }
        ended += 1
        _ = try transaction.audit.append(
          at: now, actor: program, operation: "approval.expire", subject: "approval:\(approval.id)",
          reason: "nobody decided in time",
          detailsJSON: JSONLine.object([
            "before": "pending", "after": "expired", "operation": approval.operation,
            "requestedBy": approval.requestedBy,
          ]))
      }
      return ended
    }
  }
}
