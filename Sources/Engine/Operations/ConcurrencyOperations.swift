import MailModel
import Storage

/// Fewer connections towards a relay, by hand (runbook: throttling).
extension Operation {
  static let concurrencyOperations: [Operation] = [setConcurrency, clearConcurrency]

  private static let relayArgument = Argument("relay", "host:port of a configured relay.")

  private static let setConcurrency = Operation(
    id: "concurrency.set", title: "Limit connections",
    help: "Sends over at most so many connections while this relay takes the mail, from the next message on.",
    target: .none,
    arguments: [
      relayArgument, Argument("connections", "A whole number from 1.", read: { text, _ in _ = try count(text) }),
      .optionalReason,
    ],
    role: .operator, confirmation: .yesNo, disabledReason: { _ in nil },
    preview: { transaction, context, request in
      let (scope, count) = (try request.relay(context), try request.connections())
      let before = try transaction.throttles.get(scope).connections
      return Preview(
        summary: "\(scope.words): at most \(Amount.words(count, "connection"))",
        lines: [before.map { "now \($0)" } ?? "now as many as WORKERS says"], isEmpty: before == count)
    },
    effect: { transaction, context, request in
      let (scope, count) = (try request.relay(context), try request.connections())
      let before = try change(scope, to: count, in: transaction)
      return Effect(
        "\(scope.words): at most \(Amount.words(count, "connection"))", subject: scope.description,
        details: ["before": before.map(String.init) ?? "", "after": "\(count)"])
    })

  private static let clearConcurrency = Operation(
    id: "concurrency.clear", title: "Clear the limit of connections",
    help: "As many connections towards the relay as are configured.", target: .none,
    arguments: [relayArgument, .optionalReason], role: .operator, confirmation: .yesNo, disabledReason: { _ in nil },
    preview: { transaction, context, request in
      let scope = try request.relay(context)
      let before = try transaction.throttles.get(scope).connections
      return Preview(
        summary: before.map { "\(scope.words) is not limited to \($0) connections any more" }
          ?? "no limit of connections was set for \(scope.words)",
        isEmpty: before == nil)
    },
    effect: { transaction, context, request in
      let scope = try request.relay(context)
      guard let before = try change(scope, to: nil, in: transaction) else {
        throw OperationRefusal.changed("no limit of connections was set for \(scope.words)")
      }
      return Effect(
        "\(scope.words): as many connections as configured", subject: scope.description,
        details: ["before": "\(before)"])
    })

  fileprivate static func count(_ text: String) throws -> Int {
    Int(try Argument.number(text, in: 1...10_000, expected: "a whole number from 1"))
  }

  /// - Returns: the limit before.
  private static func change(_ scope: ShapingScope, to count: Int?, in transaction: Transaction) throws -> Int? {
    var state = try transaction.throttles.get(scope)
    let before = state.connections
    state.connections = count
    try transaction.throttles.set(scope, state)
    return before
  }
}

extension OperationRequest {
  fileprivate func relay(_ context: OperationContext) throws -> ShapingScope {
    let relay = arguments["relay"] ?? ""
    guard context.relays.contains(relay) else {
      throw OperationRefusal.badTarget(relay, expected: "one of \(context.relays.joined(separator: ", "))")
    }
    return ShapingScope(.relay, relay)
  }

  fileprivate func connections() throws -> Int { try Operation.count(arguments["connections"] ?? "") }
}
