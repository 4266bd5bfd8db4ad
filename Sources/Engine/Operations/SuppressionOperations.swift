import MailModel
import Storage

extension Operation {
  static let suppressionOperations: [Operation] = [suppress, liftSuppression]

  private static let suppress = Operation(
    id: "suppression.add", title: "Suppress recipient",
    help: "Puts an address on the suppression list; what waits for it is not sent.", target: .recipient,
    arguments: [.reason], role: .operator, confirmation: .none,
    disabledReason: { state in
      guard case .recipient(let isSuppressed) = state else { return "no recipient here" }
      return isSuppressed ? "suppressed already" : nil
    },
    preview: { _, _, request in Preview(summary: "suppresses \(request.targets.map(\.id).joined(separator: ", "))") },
    effect: { transaction, context, request in
      var waiting = 0
      var refusals: [String] = []
      for target in request.targets {
        let source = "\(context.actor.name): \(request.reason)"
        let isNew = try transaction.suppressions.add(target.id, reason: "operator", source: source, now: context.now)
        if !isNew { refusals.append("\(target.id) is suppressed already") }
        try transaction.recipients.setInactive(
          target.id, reason: "suppressed by \(context.actor.name)", now: context.now)
        waiting += try transaction.messages.suppressWaiting(
          recipient: target.id, reason: "suppressed by \(context.actor.name)", now: context.now)
      }
      guard refusals.count < request.targets.count else {
        throw OperationRefusal.changed(refusals.joined(separator: "; "))
      }
      return Effect(
        "\(request.targets.count - refusals.count) suppressed, \(waiting) waiting messages stopped",
        subject: "recipient:" + request.targets.map(\.id).joined(separator: ","), details: ["waiting": "\(waiting)"],
        changed: request.targets.count - refusals.count, refusals: refusals)
    })

  private static let liftSuppression = Operation(
    id: "suppression.lift", title: "Lift suppression",
    help: "Takes an address off the suppression list; new mail may go to it.", target: .recipient, arguments: [.reason],
    role: .operator, confirmation: .yesNo,
    disabledReason: { state in
      guard case .recipient(let isSuppressed) = state else { return "no recipient here" }
      return isSuppressed ? nil : "not suppressed"
    },
    preview: { _, _, request in
      Preview(
        summary: "\(request.targets.map(\.id).joined(separator: ", ")) may get mail again",
        lines: ["messages that were suppressed stay so: terminal is final"])
    },
    effect: { transaction, context, request in
      var changed = 0
      for target in request.targets where try transaction.suppressions.remove(target.id) {
        try transaction.recipients.setActive(target.id, now: context.now)
        changed += 1
      }
      guard changed > 0 else { throw OperationRefusal.changed("not on the suppression list") }
      return Effect(
        "\(changed) taken off the suppression list",
        subject: "recipient:" + request.targets.map(\.id).joined(separator: ","), changed: changed)
    })
}
