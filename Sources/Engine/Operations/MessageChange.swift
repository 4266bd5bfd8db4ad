import MailModel
import Storage

/// The shape that all operations on messages share: check each target, change it by version, count.
struct MessageChange: Sendable {
  /// `released`, for the summary.
  var verb: String
  /// Why a message in this state cannot be changed so; `nil` when it can.
  var refusal: @Sendable (Message) -> String?
  var change: @Sendable (Message, Transaction, OperationContext, OperationRequest) throws -> Bool

  func preview(_ transaction: Transaction, _ request: OperationRequest) throws -> Preview {
    var possible = 0
    var lines: [String] = []
    for target in request.targets {
      do {
        let message = try target.message(in: transaction)
        if let refusal = refusal(message) { lines.append("message \(message.id): \(refusal)") } else { possible += 1 }
      } catch let refusal as OperationRefusal {
        lines.append("\(refusal)")
      }
    }
    let skipped = lines.isEmpty ? "" : ", \(lines.count) left alone"
    return Preview(summary: "\(possible) to be \(verb)\(skipped)", lines: lines, isEmpty: possible == 0)
  }

  /// - Throws: `OperationRefusal.changed` when none of the targets could be changed.
  func effect(_ transaction: Transaction, _ context: OperationContext, _ request: OperationRequest) throws -> Effect {
    var changed: [Message.ID] = []
    var refusals: [String] = []
    for target in request.targets {
      do {
        let message = try target.message(in: transaction)
        if let refusal = refusal(message) {
          refusals.append("message \(message.id): \(refusal)")
        } else if try change(message, transaction, context, request) {
          changed.append(message.id)
        } else {
          refusals.append("message \(message.id) changed meanwhile")
        }
      } catch let refusal as OperationRefusal {
        refusals.append("\(refusal)")
      }
    }
    guard !changed.isEmpty else { throw OperationRefusal.changed(refusals.joined(separator: "; ")) }
    let skipped = refusals.isEmpty ? "" : ", \(refusals.count) left alone"
    return Effect(
      "\(changed.count) \(verb)\(skipped)",
      subject: "message:\(changed.prefix(20).map(String.init).joined(separator: ","))",
      details: ["changed": "\(changed.count)", "refused": "\(refusals.count)"], changed: changed.count,
      refusals: refusals)
  }
}

extension Operation {
  /// An operation on messages, made of a `MessageChange`.
  static func onMessages(
    id: String, title: String, help: String, arguments: [Argument], confirmation: Confirmation,
    disabledReason: @escaping @Sendable (MessageState, _ isDeferred: Bool) -> String?, change: MessageChange
  ) -> Operation {
    Operation(
      id: id, title: title, help: help, target: .message, arguments: arguments, role: .operator,
      confirmation: confirmation,
      disabledReason: { state in
        guard case .message(let state, let isDeferred) = state else { return "no message here" }
        return disabledReason(state, isDeferred)
      },
      preview: { transaction, _, request in try change.preview(transaction, request) },
      effect: { transaction, context, request in try change.effect(transaction, context, request) })
  }

  /// A plain arrow of the life cycle, by a person.
  static func transition(
    _ transition: MessageTransition, id: String, title: String, help: String, verb: String, arguments: [Argument],
    confirmation: Confirmation, words: @escaping @Sendable (OperationContext, OperationRequest) -> String
  ) -> Operation {
    onMessages(
      id: id, title: title, help: help, arguments: arguments, confirmation: confirmation,
      disabledReason: { state, _ in state.after(transition) == nil ? "it is \(state.rawValue)" : nil },
      change: MessageChange(
        verb: verb,
        refusal: { message in
          message.state.after(transition) == nil ? "it is \(message.state.rawValue)" : nil
        },
        change: { message, transaction, context, request in
          try transaction.messages.change(
            message.id, version: message.version, transition: transition, reason: words(context, request),
            now: context.now)
        }))
  }
}
