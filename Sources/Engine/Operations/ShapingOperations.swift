import MailModel
import MailPolicy
import Storage

extension Operation {
  /// Pauses and limits by scope: inbox, relay, campaign, account or destination.
  static let shapingOperations: [Operation] = [addPause, liftPause, setLimit, clearLimit]

  private static let scopeArgument = Argument(
    "scope", "inbox:ADDRESS, relay:HOST:PORT, campaign:NAME, account:ADDRESS or destination:NAME.",
    read: { text, _ in _ = try scope(text) })

  private static let addPause = Operation(
    id: "pause.add", title: "Pause a scope",
    help:
      "Sends nothing for an inbox, relay, campaign, account or destination until the end given, or until it is lifted.",
    target: .none,
    arguments: [
      scopeArgument, .reason,
      Argument(
        "for", "How long: 30min, 2h, 7d. Without it until somebody lifts it.", isRequired: false,
        read: { text, _ in _ = try span(text) }),
    ],
    role: .operator, confirmation: .yesNo, disabledReason: { _ in nil },
    preview: { transaction, context, request in
      let pause = try request.pause(context, in: transaction)
      return Preview(
        summary:
          "pauses \(pause.scope.words) \(pause.until.map { "until \(Clockface.text($0))" } ?? "until it is lifted")",
        lines: try ShapingForecast(pause: pause, context: context, transaction: transaction).lines())
    },
    effect: { transaction, context, request in
      let pause = try request.pause(context, in: transaction)
      let before = try transaction.throttles.pause(of: pause.scope)
      try transaction.throttles.pause(pause)
      // What waits was told when the pause before ends: that may be long after this one.
      if before != nil { try transaction.throttles.wake(pause.scope) }
      return Effect(
        "\(pause.scope.words) is paused", subject: pause.scope.description,
        details: ["before": before.map(\.words) ?? "not paused", "after": pause.words])
    })

  private static let liftPause = Operation(
    id: "pause.lift", title: "Lift a pause", help: "What waited for it is due again at once, under the other limits.",
    target: .none, arguments: [scopeArgument, .optionalReason], role: .operator, confirmation: .yesNo,
    disabledReason: { _ in nil },
    preview: { transaction, _, request in
      let scope = try request.scope()
      let count = try transaction.throttles.waiting(for: scope)
      let isPaused = try transaction.throttles.pauses().contains { $0.scope == scope }
      return Preview(
        summary: isPaused
          ? "lets \(Amount.atMost(count)) messages for \(scope.words) go, under the other limits"
          : "\(scope.words) is not paused",
        isEmpty: !isPaused)
    },
    effect: { transaction, context, request in
      let scope = try request.scope()
      let before = try transaction.throttles.pause(of: scope)
      guard let before, try transaction.throttles.lift(scope) else {
        throw OperationRefusal.changed("\(scope.words) is not paused")
      }
      try transaction.throttles.wake(scope)
      if scope.kind == .relay { try transaction.throttles.wakeRelays() }
      return Effect(
        "\(scope.words) is not paused any more", subject: scope.description,
        details: ["before": before.words, "after": "not paused"])
    })

  private static let setLimit = Operation(
    id: "limit.set", title: "Limit a scope",
    help: "At most so many messages in any window, for an inbox, relay, campaign, account or destination.",
    target: .none,
    arguments: [
      scopeArgument,
      Argument("rate", "Such as 10/s, 100/min, 1000/h or 5000/d.", read: { text, _ in _ = try rate(text) }),
      .optionalReason,
    ],
    role: .operator, confirmation: .yesNo, disabledReason: { _ in nil },
    preview: { transaction, context, request in
      let (scope, rate) = (try request.scope(context, in: transaction), try request.rate())
      let before = try transaction.throttles.get(scope).rate
      return Preview(
        summary: "\(scope.words): \(rate)", lines: [before.map { "now \($0)" } ?? "now what data/shaping.yaml says"])
    },
    effect: { transaction, context, request in
      let (scope, rate) = (try request.scope(context, in: transaction), try request.rate())
      let before = try change(scope, rate: rate.description, in: transaction)
      return Effect(
        "\(scope.words): \(rate)", subject: scope.description,
        details: ["before": before ?? "", "after": rate.description])
    })

  private static let clearLimit = Operation(
    id: "limit.clear", title: "Clear a limit", help: "Back to what data/shaping.yaml says about the scope.",
    target: .none,
    arguments: [scopeArgument, .optionalReason], role: .operator, confirmation: .yesNo, disabledReason: { _ in nil },
    preview: { transaction, _, request in
      let scope = try request.scope()
      let before = try transaction.throttles.get(scope).rate
      return Preview(
        summary: before.map { "\(scope.words) has no limit of \($0) any more" }
          ?? "no limit was set for \(scope.words)",
        isEmpty: before == nil)
    },
    effect: { transaction, _, request in
      let scope = try request.scope()
      guard let before = try change(scope, rate: nil, in: transaction) else {
        throw OperationRefusal.changed("no limit was set for \(scope.words)")
      }
      return Effect("\(scope.words): no limit of ours", subject: scope.description, details: ["before": before])
    })

  /// - Returns: the rate before.
  private static func change(_ scope: ShapingScope, rate: String?, in transaction: Transaction) throws -> String? {
    var state = try transaction.throttles.get(scope)
    let before = state.rate
    (state.rate, state.fullAt) = (rate, Timestamp(microseconds: 0))
    try transaction.throttles.set(scope, state)
    try transaction.throttles.wake(scope)
    return before
  }
}

extension Pause {
  /// For the audit row.
  fileprivate var words: String {
    "paused by \(by) \(until.map { "until \(Clockface.utc($0))" } ?? "until lifted"): \(reason)"
  }
}

/// What the arguments say, by their text alone.
extension Operation {
  fileprivate static func scope(_ text: String) throws -> ShapingScope {
    guard let scope = ShapingScope(text) else {
      throw OperationRefusal.badTarget(
        text, expected: "a scope such as destination:google, account:news@example.org or campaign:autumn")
    }
    return scope
  }

  fileprivate static func rate(_ text: String) throws -> RateLimit {
    guard let rate = RateLimit(text) else {
      throw OperationRefusal.badTarget(text, expected: "a rate such as 10/s, 100/min, 1000/h or 5000/d")
    }
    return rate
  }

  fileprivate static func span(_ text: String) throws -> Span {
    guard let span = ShapingFile.span(text) else {
      throw OperationRefusal.badTarget(text, expected: "a span such as 30min, 2h or 7d")
    }
    return span
  }
}

extension OperationRequest {
  fileprivate func scope() throws -> ShapingScope { try Operation.scope(arguments["scope"] ?? "") }

  /// A scope that mail can belong to: a misspelt relay or inbox would hold nothing back, and nobody would notice.
  fileprivate func scope(_ context: OperationContext, in transaction: Transaction) throws -> ShapingScope {
    let scope = try scope()
    guard scope.kind == .relay || scope.kind == .inbox else { return scope }
    let inboxes = try transaction.inboxes.all()
    // Where no relay is known none can be compared.
    if scope.kind == .relay, context.relays.isEmpty { return scope }
    let known = scope.kind == .inbox ? inboxes.map(\.address) : context.relays + inboxes.map(\.smtp.endpoint)
    guard known.contains(where: { ShapingScope(scope.kind, $0) == scope }) else {
      throw OperationRefusal.badTarget(
        scope.key,
        expected: known.isEmpty ? "an inbox; there is none" : "one of \(known.prefix(10).joined(separator: ", "))")
    }
    return scope
  }

  fileprivate func rate() throws -> RateLimit { try Operation.rate(arguments["rate"] ?? "") }

  fileprivate func pause(_ context: OperationContext, in transaction: Transaction) throws -> Pause {
    let span = try arguments["for"].flatMap { $0.isEmpty ? nil : try Operation.span($0) }
    return Pause(
      scope: try scope(context, in: transaction), reason: reason, by: context.actor.name, since: context.now,
      until: span.map { context.now + $0 })
  }
}
