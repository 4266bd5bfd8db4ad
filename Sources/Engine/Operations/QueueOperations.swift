import MailModel
import Storage

extension Operation {
  static let queueOperations: [Operation] = [hold, release, retryNow, cancel]

  private static let hold = transition(
    .hold, id: "queue.hold", title: "Hold", help: "Keeps waiting messages back until they are released.", verb: "held",
    arguments: [.optionalReason], confirmation: .none,
    words: { context, request in "held by \(context.actor.name)\(suffix(request.reason))" })

  /// Held mail goes back to the queue, but never past a restriction or a suppression.
  private static let release = onMessages(
    id: "queue.release", title: "Release", help: "Puts held messages back into the queue.",
    arguments: [.optionalReason], confirmation: .yesNo,
    disabledReason: { state, _ in state == .held ? nil : "it is \(state.rawValue), not held" },
    change: MessageChange(
      verb: "released",
      refusal: { message in message.state == .held ? nil : "it is \(message.state.rawValue), not held" },
      change: { message, transaction, context, request in
        if try transaction.accounts.get(message.accountID)?.standing == .restricted {
          throw OperationRefusal.notNow(
            "message \(message.id): account \(message.accountAddress) is restricted; lift that first")
        }
        let isSuppressed =
          try transaction.suppressions.active(message.recipient, account: message.accountID, now: context.now) != nil
        return try transaction.messages.change(
          message.id, version: message.version, transition: isSuppressed ? .suppress : .release,
          reason: isSuppressed
            ? "recipient is suppressed" : "released by \(context.actor.name)\(suffix(request.reason))",
          now: context.now, nextAttemptAt: context.now)
      }))

  private static let retryNow = onMessages(
    id: "queue.retry", title: "Retry now",
    help: "Makes deferred messages due at once instead of at their next attempt.",
    arguments: [], confirmation: .none,
    disabledReason: { state, isDeferred in
      state != .queued ? "it is \(state.rawValue)" : isDeferred ? nil : "it is due already"
    },
    change: MessageChange(
      verb: "made due",
      refusal: { message in message.state == .queued ? nil : "it is \(message.state.rawValue)" },
      change: { message, transaction, context, _ in
        try transaction.messages.retryNow(message.id, version: message.version, now: context.now)
      }))

  private static let cancel = transition(
    .cancel, id: "queue.cancel", title: "Cancel", help: "Withdraws waiting or held messages for good.",
    verb: "cancelled",
    arguments: [.reason], confirmation: .yesNo,
    words: { context, request in "cancelled by \(context.actor.name)\(suffix(request.reason))" })

  static func suffix(_ reason: String) -> String { reason.isEmpty ? "" : ": \(reason)" }
}
