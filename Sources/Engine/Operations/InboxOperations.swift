import MailFormats
import MailModel
import MailPolicy
import Storage

extension Operation {
  static let inboxOperations: [Operation] = [pauseInbox, resumeInbox, limitInbox, removeInbox] + inboxLoginOperations

  private static let pauseInbox = Operation(
    id: "inbox.pause", title: "Pause inbox",
    help: "Nothing goes out from this inbox until the pause is over; what waits stays queued and keeps its tries.",
    target: .inbox,
    arguments: [
      .reason,
      Argument(
        "days", "For how many days; without it until it is resumed.", isRequired: false,
        read: { text, _ in _ = try days(text) }),
    ],
    role: .operator, confirmation: .none,
    disabledReason: { state in
      guard case .inbox(let isPaused) = state else { return "no inbox here" }
      return isPaused ? "paused already" : nil
    },
    preview: { transaction, context, request in
      let inboxes = try request.inboxes(in: transaction)
      let until = try pauseEnd(request, context)
      let lines = try inboxes.prefix(named).flatMap { inbox in
        let pause = Pause(
          scope: ShapingScope(.inbox, inbox.address), reason: request.reason, by: context.actor.name,
          since: context.now, until: until)
        let lines = try ShapingForecast(pause: pause, context: context, transaction: transaction).lines()
        return inboxes.count == 1 ? lines : lines.map { "\(inbox.address): \($0)" }
      }
      return Preview(
        summary:
          "pauses \(names(inboxes)) \(ending(until)); \(Amount.words(try queued(inboxes, transaction), "queued message"))",
        lines: lines, isEmpty: inboxes.allSatisfy { $0.pause != nil })
    },
    effect: { transaction, context, request in
      let until = try pauseEnd(request, context)
      return try onInboxes(request, transaction, verb: "paused \(ending(until))") { inbox in
        guard inbox.pause == nil else { throw OperationRefusal.changed("inbox \(inbox.address) is paused already") }
        let pause = InboxPause(
          since: context.now, until: until, reason: request.reason, by: context.actor.name, isAutomatic: false)
        let isDone = try transaction.inboxes.setPause(inbox.id, version: inbox.version, pause)
        return isDone ? ["before": "active", "after": "paused \(ending(until))"] : nil
      }
    })

  private static let resumeInbox = Operation(
    id: "inbox.resume", title: "Resume inbox",
    help: "Ends a pause early. What its health rested on stays; only what comes in from now on pauses it again.",
    target: .inbox, arguments: [.reason], role: .reviewer, confirmation: .yesNo,
    disabledReason: { state in
      guard case .inbox(let isPaused) = state else { return "no inbox here" }
      return isPaused ? nil : "not paused"
    },
    preview: { transaction, context, request in
      let inboxes = try request.inboxes(in: transaction)
      let limits = try InboxLimits.read(transaction, settings: context.inboxes, now: context.now)
      let lines = inboxes.compactMap { inbox -> String? in
        guard let pause = inbox.pause, let allowance = limits.allowances[inbox.id] else { return nil }
        return "\(inbox.address): paused by \(pause.by): \(pause.reason); "
          + "\(max(0, allowance.limit - allowance.used)) of \(allowance.limit) may still go today"
      }
      return Preview(
        summary:
          "lets \(names(inboxes)) send again; \(Amount.words(try queued(inboxes, transaction), "queued message"))",
        lines: lines,
        isEmpty: inboxes.allSatisfy { $0.pause == nil })
    },
    effect: { transaction, context, request in
      try onInboxes(request, transaction, verb: "resumed") { inbox in
        guard let pause = inbox.pause else { throw OperationRefusal.changed("inbox \(inbox.address) is not paused") }
        let isDone = try transaction.inboxes.clearPause(inbox.id, version: inbox.version, now: context.now)
        return isDone ? ["before": "paused by \(pause.by): \(pause.reason)", "after": "active"] : nil
      }
    })

  private static let limitInbox = Operation(
    id: "inbox.limit", title: "Limit inbox",
    help: "Sets how many messages a day it may send instead of the warm-up schedule; 'schedule' goes back to that.",
    target: .inbox,
    arguments: [
      Argument("limit", "Messages a day, or 'schedule'.", read: { text, _ in _ = try dailyLimit(text) }), .reason,
    ], role: .reviewer,
    confirmation: .yesNo,
    disabledReason: { state in if case .inbox = state { nil } else { "no inbox here" } },
    preview: { transaction, context, request in
      let limit = try dailyLimit(request.arguments["limit"] ?? "")
      let limits = try InboxLimits.read(transaction, settings: context.inboxes, now: context.now)
      let inboxes = try request.inboxes(in: transaction)
      let lines = inboxes.map { inbox -> String in
        var changed = inbox
        changed.dailyLimit = limit
        let used = limits.allowances[inbox.id]?.used ?? 0
        let new = InboxLimits.allowance(
          changed, used: used, day: limits.day, settings: context.inboxes, now: context.now)
        return "\(inbox.address): today \(limits.allowances[inbox.id]?.limit ?? 0) → \(new.limit), used \(used); "
          + new.explanation
      }
      return Preview(
        summary: "\(words(limit)) for \(names(inboxes))", lines: lines,
        isEmpty: inboxes.allSatisfy { $0.dailyLimit == limit })
    },
    effect: { transaction, context, request in
      let limit = try dailyLimit(request.arguments["limit"] ?? "")
      return try onInboxes(request, transaction, verb: "limited: \(words(limit))") { inbox in
        let isDone = try transaction.inboxes.setDailyLimit(inbox.id, version: inbox.version, limit: limit)
        return isDone ? ["before": words(inbox.dailyLimit), "after": words(limit)] : nil
      }
    })

  private static let removeInbox = Operation(
    id: "inbox.remove", title: "Remove inbox",
    help: "Takes an inbox from which nothing waits out of the list and deletes its password; its counts are kept.",
    target: .inbox, arguments: [.reason], role: .lead, confirmation: .typed("REMOVE"),
    disabledReason: { state in if case .inbox = state { nil } else { "no inbox here" } },
    preview: { transaction, context, request in
      let inboxes = try request.inboxes(in: transaction)
      return Preview(
        summary: "removes \(names(inboxes)) with its password",
        lines: inboxes.filter { $0.waiting > 0 }.map { "\($0.address): \($0.waiting) messages wait; it stays" },
        isEmpty: inboxes.allSatisfy { $0.waiting > 0 })
    },
    effect: { transaction, context, request in
      var removed: [String] = []
      var effect = try onInboxes(request, transaction, verb: "removed") { inbox in
        guard inbox.waiting == 0 else {
          throw OperationRefusal.notNow(
            "inbox \(inbox.address) has \(Amount.words(inbox.waiting, "message")) waiting; let them go or cancel them first"
          )
        }
        removed.append(inbox.address)
        let isDone = try transaction.inboxes.remove(inbox.id, version: inbox.version, now: context.now)
        return isDone ? ["before": "listed", "after": "removed"] : nil
      }
      let (secrets, addresses) = (context.secrets, removed)
      effect.afterCommit = { for address in addresses { secrets?.remove(address) } }
      return effect
    })

  // MARK: What they share

  /// Changes each target by version; all or nothing.
  private static func onInboxes(
    _ request: OperationRequest, _ transaction: Transaction, verb: String, change: (Inbox) throws -> [String: String]?
  ) throws -> Effect {
    let inboxes = try request.inboxes(in: transaction)
    var details: [String: String] = [:]
    for inbox in inboxes {
      guard let changed = try change(inbox) else {
        throw OperationRefusal.changed("inbox \(inbox.address) changed meanwhile; look again")
      }
      // What waits was told when the limit or the pause of before ends.
      try transaction.throttles.wake(ShapingScope(.inbox, inbox.address))
      details.merge(changed) { $1 }
    }
    details["addresses"] = inboxes.map(\.address).joined(separator: ", ")
    return Effect(
      "\(names(inboxes)) \(verb)", subject: "inbox:" + inboxes.map { "\($0.id)" }.joined(separator: ","),
      details: details, changed: inboxes.count)
  }

  private static func names(_ inboxes: [Inbox]) -> String {
    inboxes.count == 1 ? inboxes[0].address : "\(inboxes.count) inboxes"
  }

  /// Inboxes whose mail is foreseen one by one.
  private static let named = 5

  /// What their pause holds or lets go; what is held waits for a person.
  private static func queued(_ inboxes: [Inbox], _ transaction: Transaction) throws -> Int {
    let queued = try transaction.inboxes.queued()
    return inboxes.reduce(0) { $0 + (queued[$1.id] ?? 0) }
  }

  private static func words(_ limit: Int?) -> String { limit.map { "\($0) a day" } ?? "the warm-up schedule" }

  private static func ending(_ until: Timestamp?) -> String {
    until.map { "until \(Clockface.text($0))" } ?? "until it is resumed"
  }

  private static func pauseEnd(_ request: OperationRequest, _ context: OperationContext) throws -> Timestamp? {
    guard let text = request.arguments["days"], !text.allSatisfy(\.isWhitespace) else { return nil }
    return context.now + .days(try days(text))
  }

  private static func days(_ text: String) throws -> Int64 {
    try Argument.number(text, in: 1...3_650, expected: "a number of days from 1 to 3650")
  }

  private static func dailyLimit(_ text: String) throws -> Int? {
    if text == "schedule" { return nil }
    return Int(
      try Argument.number(text, in: 0...1_000_000, expected: "messages a day from 0 to 1000000, or 'schedule'"))
  }
}
