import MailModel
import MailPolicy
import Storage

extension Operation {
  static let stopOperations: [Operation] = [tripStop, resetStop, resumeSending]

  /// The key itself goes straight to `EmergencyStop.trip`, which needs no database; this is the same thing for
  /// scripts and the palette, and the way to add the reason afterwards.
  private static let tripStop = Operation(
    id: "stop.trip", title: "Emergency stop",
    help: "Stops all sending that shares this workspace, at once. Harmless when it was not needed.", target: .none,
    arguments: [.optionalReason], role: .watcher, confirmation: .none, disabledReason: { _ in nil },
    preview: { _, _, _ in Preview(summary: "stops all sending in this workspace") },
    effect: { transaction, context, request in
      try StopRecord.write(context.actor, reason: request.reason, at: context.now, in: transaction)
      let stop = context.stop
      let missing = stop.latch.isPresent() ? "" : "; the latch file \(stop.latch.path) cannot be made"
      // The audit row is StopRecord's: `changed` stays 0 so that there is one row, not two.
      return Effect("stopped" + missing, subject: "workspace", changed: 0, afterCommit: { stop.refresh() })
    },
    // The latch file does not wait for a database that somebody has locked. Where it cannot be made, the permit row alone
    // stops; what is wrong is told by that.
    prepare: { context, request in
      try? context.stop.latch.create(by: context.actor, reason: request.reason, at: context.now)
      context.stop.refresh()
    })

  private static let resetStop = Operation(
    id: "stop.reset", title: "Reset the emergency stop",
    help: "Unlatches the stop and makes it READY. Nothing is sent until it is resumed.", target: .none,
    arguments: [.reason], role: .operator, confirmation: .typed("RESET"),
    disabledReason: { state in
      if case .permit(let permit) = state, permit != .stopped { return "not stopped" }
      return nil
    },
    preview: { transaction, context, _ in
      guard let permit = try transaction.permit.readable() else {
        var preview = Preview(summary: "the permit row cannot be read; reset writes a new one")
        preview.version = unreadable
        return preview
      }
      guard permit.state == .stopped || context.stop.latch.isPresent() else {
        return Preview(summary: "the emergency stop is not latched", isEmpty: true)
      }
      let last = permit.lastAcceptedAt.map { "last acceptance: \(Clockface.text($0))" } ?? "nothing was ever accepted"
      var preview = Preview(
        summary:
          "unlatches the stop of \(Clockface.text(permit.changedAt)) by \(permit.changedBy); nothing is sent yet",
        lines: ["cause: \(permit.reason)", "armed when it was latched: \(permit.armedAtStop)", last])
      preview.version = permit.generation
      return preview
    },
    effect: { transaction, context, request in
      let before = try transaction.permit.readable()
      guard before?.state == .stopped || before == nil || context.stop.latch.isPresent() else {
        throw OperationRefusal.notNow("the emergency stop is not latched")
      }
      if let seen = request.version, seen != before?.generation ?? unreadable { throw try stoppedAgain(transaction) }
      let permit = SendPermit(
        state: .ready, generation: (before?.generation ?? 0) + 1, changedAt: context.now, changedBy: context.actor.name,
        reason: "reset: \(request.reason)", lastAcceptedAt: before?.lastAcceptedAt)
      guard try transaction.permit.replace(permit, expectedGeneration: before?.generation) else {
        throw StoreError.noPermit
      }
      let stop = context.stop
      return Effect(
        "reset; READY. Nothing is sent until 'resume'.", subject: "workspace",
        details: ["before": before?.state.rawValue ?? "unreadable", "cause": before?.reason ?? "", "after": "ready"],
        afterCommit: {
          try stop.latch.remove()
          stop.refresh()
        })
    })

  /// The version of a permit row that cannot be read: no generation is 0.
  private static let unreadable: Int64 = 0

  /// A stop that came after the question is reset by nobody who has not seen it.
  private static func stoppedAgain(_ transaction: Transaction) throws -> OperationRefusal {
    let trip = try transaction.audit.page(AuditQuery(operation: "stop.trip", limit: 1)).rows.first
    let who = trip.map { "; \($0.actor) stopped at \(Clockface.text($0.at)): \($0.reason)" } ?? ""
    return .changed("the emergency stop is another one than was shown\(who)")
  }

  private static let resumeSending = Operation(
    id: "stop.resume", title: "Resume sending",
    help:
      "After a reset: sends 1, then 10, then 100 messages, each rung only after definite acceptances, then normally.",
    target: .none, arguments: [.optionalReason], role: .operator, confirmation: .yesNo,
    disabledReason: { state in
      if case .permit(let permit) = state, permit != .ready {
        return permit == .stopped ? "reset it first" : "sending already"
      }
      return nil
    },
    preview: { transaction, _, _ in
      let counters = try transaction.counters.all()
      return Preview(
        summary: "sends 1, then 10, then 100, then normally; \(counters["message.queued"] ?? 0) wait in the queue",
        lines: ["each rung needs that many definite 2xx replies; refusals, bounces or complaints latch the stop again"])
    },
    effect: { transaction, context, request in
      let before = try transaction.permit.read()
      guard !context.stop.latch.isPresent() else {
        throw OperationRefusal.notNow("the latch file \(context.stop.latch.path) is there; reset it first")
      }
      guard before.state == .ready else {
        throw OperationRefusal.notNow(
          before.state == .stopped ? "the emergency stop is latched; reset it first" : "sending is not stopped")
      }
      var permit = before.succeeded(state: .ramping, now: context.now)
      permit.rung = 0
      permit.changedBy = context.actor.name
      permit.reason = "resuming: 1 message on rung 1" + (request.reason.isEmpty ? "" : "; \(request.reason)")
      _ = try transaction.permit.replace(permit, expectedGeneration: before.generation)
      let stop = context.stop
      return Effect(
        "resumed on the first rung", subject: "workspace", details: ["before": "ready", "after": "ramping"],
        afterCommit: { stop.refresh() })
    })
}
