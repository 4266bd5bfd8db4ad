import Foundation
import MailModel
import Storage

extension Operation {
  static let approvalOperations: [Operation] = [approve, reject]

  private static let approve = Operation(
    id: "approval.approve", title: "Approve",
    help:
      "As the second person: does what somebody else asked for, or agrees afterwards with what was done alone. Never one's own.",
    target: .approval, arguments: [.optionalReason], role: .operator, confirmation: .yesNo,
    disabledReason: { state in
      guard case .approval(let state, let isOwn) = state else { return "no approval here" }
      if !state.isOpen { return "it is \(state.rawValue)" }
      return isOwn ? "you asked for it yourself; somebody else must approve it" : nil
    },
    preview: { transaction, context, request in
      let decision = try ApprovalDecision(request, transaction, context)
      return try decision.preview()
    },
    effect: { transaction, context, request in try ApprovalDecision(request, transaction, context).approve() })

  private static let reject = Operation(
    id: "approval.reject", title: "Reject",
    help:
      "As the second person: refuses what was asked for, or objects to what was done alone. One's own request is withdrawn.",
    target: .approval, arguments: [.reason], role: .operator, confirmation: .none,
    disabledReason: { state in
      guard case .approval(let state, let isOwn) = state else { return "no approval here" }
      if !state.isOpen { return "it is \(state.rawValue)" }
      return isOwn && state == .alone ? "you did it yourself; somebody else must look at it" : nil
    },
    preview: { transaction, context, request in
      let decision = try ApprovalDecision(request, transaction, context)
      return Preview(summary: "refuses approval \(decision.approval.id): \(decision.approval.preview)")
    },
    effect: { transaction, context, request in try ApprovalDecision(request, transaction, context).reject() })
}

/// One decision by the second person: about one approval at a time, so that each is looked at.
private struct ApprovalDecision {
  let approval: Approval
  private let operation: Operation
  private let transaction: Transaction
  private let context: OperationContext
  private let words: String

  init(_ request: OperationRequest, _ transaction: Transaction, _ context: OperationContext) throws {
    guard let target = request.targets.first, request.targets.count == 1 else {
      throw OperationRefusal.notNow("approvals are decided one by one")
    }
    approval = try target.approval(in: transaction)
    guard let operation = Operation.named(approval.operation) else {
      throw OperationRefusal.unknownOperation(approval.operation)
    }
    self.operation = operation
    self.transaction = transaction
    self.context = context
    words = request.reason
    guard approval.state.isOpen else {
      throw OperationRefusal.changed("approval \(approval.id) is \(approval.state.rawValue) already")
    }
    guard context.actor.role >= operation.role else {
      throw OperationRefusal.role(
        needed: operation.role, actual: context.actor.role, operation: operation.id,
        holders: context.holders(of: operation.role))
    }
  }

  private var isOwn: Bool { approval.requestedBy == context.actor.name }

  /// What is asked for, and what it would do as things are now.
  func preview() throws -> Preview {
    try refuseOwn()
    let asked =
      "\(approval.requestedBy) (\(approval.requestedRole)) asked at \(Clockface.text(approval.requestedAt)): \(approval.reason)"
    let lines = [asked, "two people because: \(approval.why)"]
    guard approval.state == .pending else {
      return Preview(
        summary: "agrees afterwards with what \(approval.requestedBy) did alone: \(approval.preview)", lines: lines)
    }
    let now = try operation.preview(transaction, inner, try approval.decodedRequest())
    var changes: [String] = []
    if now.summary != approval.preview { changes = ["when it was asked for: \(approval.preview)"] }
    return Preview(
      summary: "\(operation.title): \(now.summary)", lines: lines + changes + now.lines, isEmpty: now.isEmpty)
  }

  func approve() throws -> Effect {
    try refuseOwn()
    return try approval.state == .alone ? agreeAfterwards() : perform()
  }

  func reject() throws -> Effect {
    let state: ApprovalState
    switch (approval.state, isOwn) {
    case (.alone, true):
      throw OperationRefusal.secondPerson("approval \(approval.id): you did it yourself; somebody else looks at it")
    case (.alone, false): state = .objected
    case (_, true): state = .withdrawn
    case (_, false): state = .rejected
    }
    try decide(state)
    if let request = try? approval.decodedRequest() {
      let filing = ApprovalFiling(operation: operation, request: request, context: context, transaction: transaction)
      try filing.noteOnCases("approval \(approval.id) \(state.rawValue)\(words.isEmpty ? "" : ": \(words)")")
    }
    let done = approval.state == .alone ? "; what was done stays done" : ""
    return effect("\(operation.title) of \(approval.requestedBy) \(state.rawValue)\(done)", state)
  }

  private func agreeAfterwards() throws -> Effect {
    try decide(.reviewed)
    return effect("\(operation.title), done alone by \(approval.requestedBy), is reviewed", .reviewed)
  }

  private func perform() throws -> Effect {
    guard approval.expiresAt > context.now else {
      throw OperationRefusal.notNow(
        "approval \(approval.id) expired at \(Clockface.text(approval.expiresAt)); it has to be asked for again")
    }
    try refuseDemotedRequester()
    let request = try approval.decodedRequest()
    let done = try operation.effect(transaction, inner, request)
    try decide(.approved)
    let names = [
      "requestedBy": approval.requestedBy, "requestedAt": Clockface.utc(approval.requestedAt),
      "approvedBy": context.actor.name, "approvedRole": context.actor.role.name, "approvedFrom": context.actor.origin,
      "approval": "\(approval.id)", "why": approval.why,
    ]
    let accounts = done.accounts.union(try request.accounts(operation.target, in: transaction))
    try inner.record(
      done, of: operation.id, request, reason: approval.reason, preview: approval.preview, extra: names,
      accounts: accounts,
      in: transaction)
    var effect = effect("\(operation.title): \(done.summary)", .approved)
    effect.accounts = accounts
    effect.refusals = done.refusals
    effect.afterCommit = done.afterCommit
    return effect
  }

  /// Whoever asked for it, or did it alone, is the first person.
  private func refuseOwn() throws {
    guard isOwn else { return }
    let others = context.operators.map { operators in
      let names = operators.holders(of: operation.role, besides: context.actor.name)
      return names.isEmpty
        ? ", but nobody else has the role \(operation.role.name)" : ": \(names.joined(separator: ", "))"
    }
    throw OperationRefusal.secondPerson(
      "approval \(approval.id): it was you who \(approval.state == .alone ? "did it" : "asked for it"); "
        + "somebody else may approve it\(others ?? "")")
  }

  /// Who asked must still be somebody who may.
  private func refuseDemotedRequester() throws {
    guard let operators = context.operators else { return }
    let role = operators.roles[approval.requestedBy] ?? .watcher
    guard role >= operation.role else {
      throw OperationRefusal.notNow(
        "\(approval.requestedBy), who asked for it, is \(role.name) now; \(operation.id) needs \(operation.role.name)")
    }
  }

  /// The person who asked acts, with the one who approves beside.
  private var inner: OperationContext {
    var inner = context
    inner.actor = Actor(
      name: approval.requestedBy, role: Role(name: approval.requestedRole) ?? .watcher, origin: approval.requestedFrom)
    inner.approver = context.actor
    return inner
  }

  private func decide(_ state: ApprovalState) throws {
    guard
      try transaction.approvals.decide(
        approval, state: state, by: context.actor.name, words: words, now: context.now)
    else { throw OperationRefusal.changed("approval \(approval.id) was decided meanwhile; look again") }
  }

  private func effect(_ summary: String, _ state: ApprovalState) -> Effect {
    Effect(
      summary, subject: "approval:\(approval.id)",
      details: [
        "before": approval.state.rawValue, "after": state.rawValue, "operation": operation.id,
        "requestedBy": approval.requestedBy, "decidedBy": context.actor.name,
      ])
  }
}
