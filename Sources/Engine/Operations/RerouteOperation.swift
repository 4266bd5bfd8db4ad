import MailModel
import Storage

extension Operation {
  /// What stands for "whichever takes mail" in the place of a relay.
  private static let anyRelay = "any"

  /// Waiting messages over one relay and no other, for instance while the first one is listed somewhere.
  static let reroute = {
    var operation = onMessages(
      id: "queue.reroute", title: "Reroute",
      help: "Sends waiting messages over a relay of your choice and no other; 'any' leaves it to the engine again.",
      arguments: [Argument("relay", "host:port of a configured relay, or any."), .optionalReason],
      confirmation: .yesNo, takesFilter: true,
      change: MessageChange(
        verdict: { facts in
          [.queued, .held].contains(facts.state) ? .change("rerouted") : .refuse(facts.state.finality)
        },
        change: { message, _, transaction, context, request in
          let relay = request.arguments["relay"] ?? anyRelay
          return try transaction.messages.reroute(
            message.id, version: message.version, to: relay == anyRelay ? nil : relay,
            reason: "rerouted to \(relay) by \(context.actor.name)\(request.because)")
        }))
    operation.prepare = { context, request in
      let relay = request.arguments["relay"] ?? ""
      guard relay != anyRelay, !context.relays.contains(relay) else { return }
      throw OperationRefusal.badTarget(
        relay, expected: "one of \((context.relays + [anyRelay]).joined(separator: ", "))")
    }
    return operation
  }()
}
