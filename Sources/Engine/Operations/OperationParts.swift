import Foundation
import MailModel
import Storage

/// The work of an operation whose material is too much for one transaction: done in parts, each in a transaction of its
/// own together with its audit row. What was done stays done when a later part fails; such work is idempotent.
protocol OperationParts {
  /// What all of it would come to; reads everything and changes nothing that anybody could see.
  func preview(_ store: Store, _ context: OperationContext) throws -> Preview
  /// Reads, outside of any transaction, as much as one takes. - Returns: whether there is something to do.
  mutating func gather(_ store: Store, _ context: OperationContext) throws -> Bool
  /// Does what was gathered; an effect that changed nothing gets no audit row.
  mutating func perform(_ transaction: Transaction, _ context: OperationContext) throws -> Effect
  /// What all parts came to.
  var total: Effect { get }
}

extension Operation {
  /// One whose work is done in parts; `OperationRunner` asks those, and nothing else of it runs.
  init(
    id: String, title: String, help: String, target: TargetKind, arguments: [Argument], role: Role,
    confirmation: Confirmation, disabledReason: @escaping @Sendable (TargetState) -> String?,
    parts: @escaping @Sendable (OperationContext, OperationRequest) throws -> any OperationParts
  ) {
    let refusal = OperationRefusal.notNow("\(id) is done in parts, each in a transaction of its own")
    self.init(
      id: id, title: title, help: help, target: target, arguments: arguments, role: role, confirmation: confirmation,
      disabledReason: disabledReason, preview: { _, _, _ in throw refusal }, effect: { _, _, _ in throw refusal },
      parts: parts)
  }
}

extension OperationRunner {
  /// - Throws: `OperationRefusal` when nothing was done; `StoreError`, and what reading the material throws.
  func perform<Parts: OperationParts>(_ id: String, _ request: OperationRequest, as type: Parts.Type) throws -> Parts {
    let operation = try check(id, request, needsReason: true)
    guard let parts = try operation.parts?(context, request) as? Parts else {
      throw OperationRefusal.unknownOperation(id)
    }
    var known = parts
    while try known.gather(store, context) {
      let gathered = known
      known = try store.write { transaction in
        var part = gathered
        let effect = try part.perform(transaction, context)
        if effect.changed > 0 {
          try context.record(
            effect, of: id, request, reason: request.reason, preview: nil, accounts: effect.accounts, in: transaction)
        }
        return part
      }
    }
    return known
  }

  /// The same for whoever does not need to know what kind of work it is.
  func perform(_ operation: Operation, _ request: OperationRequest, _ parts: any OperationParts) throws -> Effect {
    func run<Parts: OperationParts>(_ parts: Parts) throws -> Effect {
      try perform(operation.id, request, as: Parts.self).total
    }
    return try run(parts)
  }
}
