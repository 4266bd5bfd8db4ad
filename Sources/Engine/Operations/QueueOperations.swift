import MailModel
import Storage

extension Operation {
  static let queueOperations: [Operation] = [hold, release, retryNow, cancel, reroute, enqueueAnew]

  private static let hold = transition(
    .hold, id: "queue.hold", title: "Hold", help: "Keeps waiting messages back until they are released.", verb: "held",
    arguments: [.optionalReason], confirmation: .none, takesFilter: true,
    words: { context, request in "held by \(context.actor.name)\(request.because)" })

  /// Held mail goes back to the queue, but never past a restriction or a suppression.
  private static let release = onMessages(
    id: "queue.release", title: "Release", help: "Puts held messages back into the queue.",
    arguments: [.optionalReason], confirmation: .yesNo, takesFilter: true,
    change: MessageChange(
      verdict: { facts in
        if facts.state != .held {
          return .refuse(facts.state.isLost ? facts.state.finality : "it is \(facts.state.rawValue), not held")
        }
        if facts.isRestricted { return .refuse("its account is restricted; lift that first") }
        return .change(facts.isSuppressed ? "suppressed, as their recipients are" : "released")
      },
      change: { message, facts, transaction, context, request in
        try transaction.messages.change(
          message.id, version: message.version, transition: facts.isSuppressed ? .suppress : .release,
          reason: facts.isSuppressed
            ? "recipient is suppressed" : "released by \(context.actor.name)\(request.because)",
          now: context.now, nextAttemptAt: context.now)
      }))

  private static let retryNow = onMessages(
    id: "queue.retry", title: "Retry now",
    help: "Makes deferred messages due at once instead of at their next attempt.",
    arguments: [], confirmation: .none, takesFilter: true,
    change: MessageChange(
      verdict: { facts in
        if facts.state != .queued { return .refuse(facts.state.finality) }
        return facts.isDeferred ? .change("made due") : .refuse("it is due already")
      },
      change: { message, _, transaction, context, _ in
        try transaction.messages.retryNow(message.id, version: message.version, now: context.now)
      }))

  private static let cancel = transition(
    .cancel, id: "queue.cancel", title: "Cancel messages", help: "Withdraws waiting or held messages for good.",
    verb: "cancelled", arguments: [.reason], confirmation: .yesNo, takesFilter: true,
    words: { context, request in "cancelled by \(context.actor.name)\(request.because)" })

  /// What is over stays over; whoever wants it sent all the same makes a new message of it.
  private static let enqueueAnew = onMessages(
    id: "queue.enqueue-anew", title: "Enqueue anew",
    help:
      "Makes a new message of one that failed, expired, was cancelled, suppressed or bounced: the same bytes and Message-ID, once each. The old one stays as it is.",
    arguments: [.reason], confirmation: .yesNo, takesFilter: true,
    change: MessageChange(
      verdict: { facts in
        guard facts.state.isLost || facts.isBounced else { return .refuse("it is \(facts.state.rawValue)") }
        if facts.hasSuccessor { return .refuse("it was enqueued anew already") }
        // No way around what sending again asks for: the word, and two people for many.
        if facts.wasInDoubt { return .refuse("it was in doubt: whoever got it then would get it twice") }
        return facts.isSuppressed
          ? .refuse("its recipient is suppressed; lift that first") : .change("enqueued anew")
      },
      change: { message, _, transaction, context, request in
        let isRestricted = try transaction.accounts.get(message.accountID)?.standing == .restricted
        return try transaction.messages.enqueueAnew(
          message.id, version: message.version, state: isRestricted ? .held : .queued,
          reason: isRestricted
            ? AccountEvidence.holdReason
            : "message \(message.id) enqueued anew by \(context.actor.name)\(request.because)",
          due: context.now, now: context.now) != nil
      }))
}

extension MessageState {
  /// Over without having been sent.
  var isLost: Bool { isTerminal && self != .sent }

  /// Why nothing on the way can be done to it any more, and what can be done instead.
  var finality: String {
    if isLost { return "it is \(rawValue), and that is final; queue.enqueue-anew makes a new message of it" }
    return self == .uncertain ? "it is uncertain; the operations uncertain.… settle it" : "it is \(rawValue)"
  }
}
