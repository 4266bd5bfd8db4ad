import MailModel
import MailPolicy
import Storage

extension Operation {
  /// Pauses and limits by scope: inbox, relay, campaign, account or destination.
  static let shapingOperations: [Operation] = [addPause, liftPause, setLimit, clearLimit]

  private static let scopeArgument = Argument(
    "scope", "inbox:ADDRESS, relay:HOST:PORT, campaign:NAME, account:ADDRESS or destination:NAME.")

  private static let addPause = Operation(
    id: "pause.add", title: "Pause a scope",
    help:
      "Sends nothing for an inbox, relay, campaign, account or destination until the end given, or until it is lifted.",
    target: .none,
    arguments: [
      scopeArgument, .reason,
      Argument("for", "How long: 30min, 2h, 7d. Without it until somebody lifts it.", isRequired: false),
    ],
    role: .operator, confirmation: .yesNo, disabledReason: { _ in nil },
    preview: { transaction, context, request in
      let (pause, waiting) = (try request.pause(context), try transaction.throttles.waiting(for: try request.scope()))
      return Preview(
        summary:
          "pauses \(pause.scope.words) \(pause.until.map { "until \(Clockface.text($0))" } ?? "until it is lifted")",
        lines: try ShapingForecast.lines(pause, waiting: waiting, context: context, in: transaction))
    },
    effect: { transaction, context, request in
      let pause = try request.pause(context)
      try transaction.throttles.pause(pause)
      return Effect(
        "\(pause.scope.words) is paused", subject: pause.scope.description,
        details: ["until": pause.until.map(Clockface.utc) ?? ""])
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
          ? "lets \(Amount.atMost(count)) messages for \(scope.words) go" : "\(scope.words) is not paused",
        isEmpty: !isPaused)
    },
    effect: { transaction, context, request in
      let scope = try request.scope()
      guard try transaction.throttles.lift(scope) else {
        throw OperationRefusal.changed("\(scope.words) is not paused")
      }
      try transaction.throttles.wake(scope)
      return Effect("\(scope.words) is not paused any more", subject: scope.description)
    })

  private static let setLimit = Operation(
    id: "limit.set", title: "Limit a scope",
    help: "At most so many messages in any window, for an inbox, relay, campaign, account or destination.",
    target: .none,
    arguments: [scopeArgument, Argument("rate", "Such as 10/s, 100/min, 1000/h or 5000/d."), .optionalReason],
    role: .operator, confirmation: .yesNo, disabledReason: { _ in nil },
    preview: { transaction, _, request in
      let (scope, rate) = (try request.scope(), try request.rate())
      let before = try transaction.throttles.get(scope).rate
      return Preview(
        summary: "\(scope.words): \(rate)", lines: [before.map { "now \($0)" } ?? "now what data/shaping.yaml says"])
    },
    effect: { transaction, _, request in
      let (scope, rate) = (try request.scope(), try request.rate())
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

extension OperationRequest {
  fileprivate func scope() throws -> ShapingScope {
    let text = arguments["scope"] ?? ""
    guard let scope = ShapingScope(text) else {
      throw OperationRefusal.badTarget(
        text, expected: "a scope such as destination:google, account:news@example.org or campaign:autumn")
    }
    return scope
  }

  fileprivate func rate() throws -> RateLimit {
    let text = arguments["rate"] ?? ""
    guard let rate = RateLimit(text) else {
      throw OperationRefusal.badTarget(text, expected: "a rate such as 10/s, 100/min, 1000/h or 5000/d")
    }
    return rate
  }

  fileprivate func pause(_ context: OperationContext) throws -> Pause {
    var until: Timestamp?
    if let text = arguments["for"], !text.isEmpty {
      guard let span = ShapingFile.span(text) else {
        throw OperationRefusal.badTarget(text, expected: "a span such as 30min, 2h or 7d")
      }
      until = context.now + span
    }
    return Pause(
      scope: try scope(), reason: reason, by: context.actor.name, since: context.now, until: until)
  }
}
