import Foundation
public import MailModel
public import Storage

/// When one person is not enough for an operation (four-eyes principle; runbook: double confirmation).
///
/// The first person's `perform` files a request instead of the effect. Another person with the operation's role
/// approves it, and then the effect happens, in one transaction, with both names in the audit row.
public struct SecondPerson: Sendable {
  /// For documentation, after "second person": `when a criterion does not hold`.
  public var when: String
  /// Why this very request needs a second person, or `nil` when one is enough.
  public var why: @Sendable (Transaction, OperationContext, OperationRequest) throws -> String?
  /// The operation's own preview tells the same and more: the question then only says `when`.
  var isInPreview: Bool

  public init(
    when: String, isInPreview: Bool = false,
    why: @escaping @Sendable (Transaction, OperationContext, OperationRequest) throws -> String?
  ) {
    self.when = when
    self.isInPreview = isInPreview
    self.why = why
  }
}

/// How long requests and break-glass are good for, and who may break it.
public struct ApprovalPolicy: Sendable, Equatable {
  /// A request that nobody decided about in this time is worth nothing.
  public var lifetime: Span
  /// How long a person may act alone after breaking the glass.
  public var breakGlassLength: Span
  /// The least role that may break it.
  public var breakGlassRole: Role
  /// More uncertain messages than this are sent again only by two people.
  public var sendAgainAlone: Int

  public init(
    lifetime: Span = .hours(24), breakGlassLength: Span = .minutes(15), breakGlassRole: Role = .lead,
    sendAgainAlone: Int = 10
  ) {
    self.lifetime = lifetime
    self.breakGlassLength = breakGlassLength
    self.breakGlassRole = breakGlassRole
    self.sendAgainAlone = sendAgainAlone
  }
}

/// One request in the hands of the store: filed as pending, or done alone with break-glass.
struct ApprovalFiling {
  let operation: Operation
  let request: OperationRequest
  let context: OperationContext
  let transaction: Transaction

  /// Files the request instead of the effect.
  /// - Throws: `OperationRefusal.notNow` when it would change nothing anyway.
  func file(why: String) throws -> Effect {
    let preview = try operation.preview(transaction, context, request)
    guard !preview.isEmpty else {
      throw OperationRefusal.notNow(([preview.summary] + preview.lines.prefix(2)).joined(separator: "; "))
    }
    if let earlier = try earlier() {
      throw OperationRefusal.notNow(
        "\(earlier); a second person approves it, and a rejection makes room for another request")
    }
    let approval = try insert(.pending, why: why, preview: preview.summary)
    let accounts = try request.accounts(operation.target, in: transaction)
    _ = try transaction.audit.append(
      at: context.now, actor: context.actor, operation: "approval.request", subject: "approval:\(approval.id)",
      reason: request.reason,
      detailsJSON: JSONLine.object([
        "operation": operation.id, "preview": preview.summary, "why": why,
        "targets": request.targets.map(\.id).joined(separator: ","),
        "expires": Clockface.utc(approval.expiresAt),
        "result": "asks for a second person: \(preview.summary)",
      ]), accounts: accounts)
    try noteOnCases("asked for a second person, approval \(approval.id): \(preview.summary)")
    var effect = Effect(
      "waits for a second person: \(why). Approval \(approval.id), until \(Clockface.text(approval.expiresAt))",
      subject: "approval:\(approval.id)", changed: 0)
    effect.approval = approval.id
    return effect
  }

  /// Whoever opens the case of an account sees there what was asked for and refused, not only what was done.
  func noteOnCases(_ text: String) throws {
    guard operation.target == .account else { return }
    let desk = CaseDesk(transaction, context)
    for account in try request.accounts(operation.target, in: transaction).sorted() {
      guard let current = try transaction.cases.current(of: account) else { continue }
      try desk.append(.note, to: current, text)
    }
  }

  /// Who asks for the same already, in words; `nil` for nobody. Asking twice would leave one request open that nothing
  /// can come of.
  func earlier() throws -> String? {
    let wanted = try request.rows(operation.target, in: transaction)
    let asked = try transaction.approvals.pending(operation: operation.id).first { asked in
      guard let earlier = try? asked.decodedRequest() else { return false }
      return try earlier.rows(operation.target, in: transaction) == wanted
    }
    return asked.map {
      "approval \($0.id) asks for it already, by \($0.requestedBy) since \(Clockface.text($0.requestedAt)): \($0.reason)"
    }
  }

  /// Files what was done alone, for a second person to look at.
  func fileAlone(why: String, preview: String) throws -> Approval { try insert(.alone, why: why, preview: preview) }

  private func insert(_ state: ApprovalState, why: String, preview: String) throws -> Approval {
    let pinned = try request.pinned(operation.target, in: transaction)
    return try transaction.approvals.insert(
      Approvals.Draft(
        operation: operation.id, request: JSONLine.encode(pinned), preview: preview, why: why, reason: request.reason),
      state: state, by: context.actor, now: context.now, expiresAt: context.now + context.approvals.lifetime)
  }
}

extension Approval {
  /// - Throws: `OperationRefusal.notNow` for one that cannot be read.
  func decodedRequest() throws -> OperationRequest {
    do { return try JSONDecoder().decode(OperationRequest.self, from: Data(request.utf8)) } catch {
      throw OperationRefusal.notNow("approval \(id) cannot be read; reject it and ask again")
    }
  }
}

extension OperationRequest {
  /// The request with the versions that its targets have now, so that what is done is what was shown: to a second person
  /// or before a yes.
  func pinned(_ kind: Operation.TargetKind, in transaction: Transaction) throws -> OperationRequest {
    var pinned = self
    pinned.targets = try targets.map { target in
      guard target.version == nil else { return target }
      switch kind {
      case .account: return Target(id: target.id, version: try target.account(in: transaction).version)
      case .message: return Target(id: target.id, version: try target.message(in: transaction).version)
      case .report: return Target(id: target.id, version: try target.report(in: transaction).version)
      case .approval: return Target(id: target.id, version: try target.approval(in: transaction).version)
      case .inbox: return Target(id: target.id, version: try target.inbox(in: transaction).version)
      default: return target
      }
    }
    return pinned
  }

  /// Which rows it is about, however they were named.
  func rows(_ kind: Operation.TargetKind, in transaction: Transaction) throws -> Set<String> {
    guard kind == .account else { return Set(targets.map(\.id)) }
    return Set(try accounts(kind, in: transaction).map { "\($0)" })
  }

  /// The accounts that its targets are or belong to; what is no row is left out.
  func accounts(_ kind: Operation.TargetKind, in transaction: Transaction) throws -> Set<Account.ID> {
    switch kind {
    case .account:
      Set(try targets.compactMap { try Target(id: $0.id).knownAccount(in: transaction)?.id })
    case .message:
      Set(try targets.compactMap { try Int64($0.id).flatMap { try transaction.messages.get($0) }?.accountID })
    default: []
    }
  }
}
