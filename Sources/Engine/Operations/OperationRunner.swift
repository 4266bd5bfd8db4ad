public import MailModel
public import MailPolicy
public import Storage

/// What operations work with besides the transaction.
public struct OperationContext: Sendable {
  public var actor: Actor
  public var clock: any Clock
  public var stop: EmergencyStop
  public var restriction: RestrictionPolicy
  public var checklists: [ChecklistDefinition]
  public var probes: ProbeSources

  public init(
    actor: Actor, clock: any Clock, stop: EmergencyStop, restriction: RestrictionPolicy,
    checklists: [ChecklistDefinition], probes: ProbeSources
  ) {
    self.actor = actor
    self.clock = clock
    self.stop = stop
    self.restriction = restriction
    self.checklists = checklists
    self.probes = probes
  }

  var now: Timestamp { clock.now() }
}

/// Runs operations: role, arguments, effect and audit row, in this order and in one transaction.
public struct OperationRunner: Sendable {
  private let store: Store
  private let context: OperationContext

  public init(store: Store, context: OperationContext) {
    self.store = store
    self.context = context
  }

  public var actor: Actor { context.actor }

  /// Why this person cannot do this to that row, or `nil`.
  public func disabledReason(_ operation: Operation, _ state: Operation.TargetState) -> String? {
    if context.actor.role < operation.role { return "needs the role \(operation.role.name)" }
    return operation.disabledReason(state)
  }

  /// - Throws: `OperationRefusal`, `StoreError`.
  public func preview(_ id: String, _ request: OperationRequest) throws -> Preview {
    let operation = try check(id, request, needsArguments: false)
    return try store.read { try operation.preview($0, context, request) }
  }

  /// - Throws: `OperationRefusal` when nothing was done; `StoreError`.
  @discardableResult
  public func perform(_ id: String, _ request: OperationRequest) throws -> Effect {
    let operation = try check(id, request, needsArguments: true)
    try operation.prepare?(context, request)
    let effect = try store.write { transaction in
      let effect = try operation.effect(transaction, context, request)
      if effect.changed > 0 {
        _ = try transaction.audit.append(
          at: context.now, actor: context.actor, operation: id, subject: effect.subject, reason: request.reason,
          detailsJSON: JSONLine.object(effect.details.merging(["result": effect.summary]) { first, _ in first }))
      }
      return effect
    }
    try effect.afterCommit?()
    return effect
  }

  private func check(_ id: String, _ request: OperationRequest, needsArguments: Bool) throws -> Operation {
    guard let operation = Operation.named(id) else { throw OperationRefusal.unknownOperation(id) }
    guard context.actor.role >= operation.role else {
      throw OperationRefusal.role(needed: operation.role, actual: context.actor.role, operation: id)
    }
    if operation.target != .none, request.targets.isEmpty { throw OperationRefusal.noTarget(id) }
    for argument in operation.arguments where needsArguments && argument.isRequired {
      let value = request.arguments[argument.name] ?? ""
      guard !value.allSatisfy(\.isWhitespace) else {
        throw OperationRefusal.missingArgument(argument.name, operation: id)
      }
    }
    return operation
  }
}
