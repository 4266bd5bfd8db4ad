import MailModel
import Storage

/// The second channel of the emergency stop: the permit row, changed together with its audit row.
enum StopRecord {
  /// Latches the permit, whatever its state. A row that cannot be read is written anew.
  static func write(_ actor: Actor, reason: String, at now: Timestamp, store: Store) throws {
    try store.write { transaction in try write(actor, reason: reason, at: now, in: transaction) }
  }

  static func write(_ actor: Actor, reason: String, at now: Timestamp, in transaction: Transaction) throws {
    let before = try transaction.permit.readable()
    let armed = try transaction.counters.all()["message.armed"] ?? 0
    var permit = SendPermit(
      state: .stopped, generation: (before?.generation ?? 0) + 1, changedAt: now, changedBy: actor.name,
      reason: reason.isEmpty ? noReason : reason, armedAtStop: armed, lastAcceptedAt: before?.lastAcceptedAt)
    if let before, before.state == .stopped {
      // Stopped already: who, when and how many armed stay those of the first stop; a reason given later is added. It is a
      // new generation even without one: whoever is about to reset the first stop has not seen this one.
      (permit.changedAt, permit.changedBy, permit.armedAtStop) = (
        before.changedAt, before.changedBy, before.armedAtStop
      )
      permit.reason = reason.isEmpty ? before.reason : added(reason, by: actor, to: before.reason)
    }
    guard try transaction.permit.replace(permit, expectedGeneration: before?.generation) else {
      throw StoreError.noPermit
    }
    _ = try transaction.audit.append(
      at: now, actor: actor, operation: "stop.trip", subject: "workspace", reason: reason.isEmpty ? noReason : reason,
      detailsJSON: JSONLine.object(["armed": "\(armed)", "before": before?.state.rawValue ?? "unreadable"]))
  }

  private static let noReason = "no reason given yet"
  /// Characters of all reasons together; the audit log has every one whole.
  private static let longest = 1_000

  /// Whoever stops what is stopped must not hide why it was stopped first.
  private static func added(_ reason: String, by actor: Actor, to first: String) -> String {
    if first == noReason { return reason }
    if first.contains(reason) || first.count + reason.count > longest { return first }
    return "\(first); \(actor.name): \(reason)"
  }
}
