import MailModel
import MailPolicy
import Storage

/// Moves of the resume ladder in the permit row, each with its audit row.
enum LadderRecord {
  static func climb(
    _ permit: SendPermit, to rung: Int, ladder: ResumeLadder, owner: String, now: Timestamp, in transaction: Transaction
  ) throws {
    var next = permit.succeeded(state: .ramping, now: now)
    next.rung = rung
    next.reason = "resuming: up to \(ladder.rungs[rung]) messages on rung \(rung + 1) of \(ladder.rungs.count)"
    try replace(permit, by: next, operation: "stop.climb", owner: owner, now: now, in: transaction)
  }

  static func open(_ permit: SendPermit, owner: String, now: Timestamp, in transaction: Transaction) throws {
    var next = permit.succeeded(state: .open, now: now)
    next.reason = "resumed: every rung passed"
    try replace(permit, by: next, operation: "stop.open", owner: owner, now: now, in: transaction)
  }

  private static func replace(
    _ permit: SendPermit, by next: SendPermit, operation: String, owner: String, now: Timestamp,
    in transaction: Transaction
  ) throws {
    guard try transaction.permit.replace(next, expectedGeneration: permit.generation) else { return }
    _ = try transaction.audit.append(
      at: now, actor: .program(owner), operation: operation, subject: "workspace", reason: next.reason,
      detailsJSON: JSONLine.object([
        "accepted": "\(permit.acceptedOnRung)", "refused": "\(permit.refusedOnRung)", "rung": "\(permit.rung + 1)",
      ]))
  }
}

extension SendPermit {
  /// The next generation of this permit with its counts of the rung at zero.
  func succeeded(state: State, now: Timestamp) -> SendPermit {
    var next = self
    next.state = state
    next.generation += 1
    next.changedAt = now
    next.acceptedOnRung = 0
    next.refusedOnRung = 0
    return next
  }
}
