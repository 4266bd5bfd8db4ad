public import MailModel
public import MailPolicy
public import Storage

/// What operations work with besides the transaction.
public struct OperationContext: Sendable {
  public var actor: Actor
  public var clock: any Clock
  public var stop: EmergencyStop
  public var restriction: RestrictionPolicy
  /// What processing reports needs; read only by what processes them.
  var intake: (@Sendable () throws -> IntakeSettings)?
  /// A checklist by its id, `nil` when there is none; read only when it is needed.
  var checklist: @Sendable (String) throws -> ChecklistDefinition?
  public var probes: ProbeSources
  /// A message older than this expires.
  public var maximumAge: Span
  public var approvals: ApprovalPolicy
  public var inboxes: InboxSettings
  /// Passwords of inboxes; `nil` where none can be kept.
  public var secrets: SecretFolder?
  /// Who has which role; `nil` when that is not known here.
  public var operators: Operators?
  /// The `operators` file; `nil` when roles cannot be changed here.
  public var operatorsPath: String?
  /// Why nobody has any role here now, when that is so.
  var rolesProblem: String?
  /// The folders that make up the workspace; empty when it cannot be shared here.
  public var folders: [String] = []
  /// Only looking is allowed here, whatever the person's role.
  public var isReadOnly = false
  /// Relays that mail may go over, `host:port`, in the order in which they are tried.
  public var relays: [String] = []
  /// Where operations hand in notices.
  public var notices: NoticeDesk
  /// Which domains belong together; read only when it is needed.
  var shaping: @Sendable () throws -> ShapingRules = { ShapingRules() }
  /// The escalation path; read only when it is needed.
  var contacts: @Sendable () throws -> Contacts = { .none }
  /// The second person, while an approved request is done in the name of the first.
  var approver: Actor?

  public init(
    actor: Actor, clock: any Clock, stop: EmergencyStop, restriction: RestrictionPolicy,
    intake: (@Sendable () throws -> IntakeSettings)? = nil,
    checklist: @escaping @Sendable (String) throws -> ChecklistDefinition?, probes: ProbeSources,
    approvals: ApprovalPolicy = ApprovalPolicy(),
    inboxes: InboxSettings = InboxSettings(), secrets: SecretFolder? = nil, operators: Operators? = nil,
    notices: NoticeDesk = .silent, maximumAge: Span = RetrySchedule().maximumAge
  ) {
    self.maximumAge = maximumAge
    self.actor = actor
    self.clock = clock
    self.stop = stop
    self.restriction = restriction
    self.intake = intake
    self.checklist = checklist
    self.probes = probes
    self.approvals = approvals
    self.inboxes = inboxes
    self.secrets = secrets
    self.operators = operators
    self.notices = notices
  }

  var now: Timestamp { clock.now() }

  /// Names of those who have at least this role.
  func holders(of role: Role) -> [String] { operators?.holders(of: role) ?? [] }

  /// `ana`, or `ana with ben` for what two people did.
  var people: String { approver.map { "\(actor.name) with \($0.name)" } ?? actor.name }

  /// Writes the audit row of an effect: what was to be expected, what came of it, before and after.
  func record(
    _ effect: Effect, of operation: String, _ request: OperationRequest, reason: String, preview: String?,
    extra: [String: String] = [:],
    accounts: Set<Account.ID>, in transaction: Transaction
  ) throws {
    let asked = request.arguments.filter { $0.key != "reason" && !$0.value.isEmpty }
    var details = effect.details.merging(["result": effect.summary]) { first, _ in first }
    details.merge(asked) { known, _ in known }
    if let preview { details["preview"] = preview }
    if !effect.refusals.isEmpty { details["refusals"] = effect.refusals.prefix(20).joined(separator: "; ") }
    details.merge(extra) { $1 }
    _ = try transaction.audit.append(
      at: now, actor: actor, operation: operation, subject: effect.subject, reason: reason,
      detailsJSON: JSONLine.object(details), accounts: accounts)
  }
}

/// Runs operations: role, arguments, effect and audit row, in this order and in one transaction.
public struct OperationRunner: Sendable {
  let store: Store
  let context: OperationContext

  public init(store: Store, context: OperationContext) {
    self.store = store
    self.context = context
  }

  public var actor: Actor { context.actor }

  /// - Throws: `OperationRefusal`, `StoreError`.
  public func preview(_ id: String, _ request: OperationRequest) throws -> Preview {
    let operation = try check(id, request, needsReason: false)
    if let matching = request.matching { return try preview(operation, request, matching) }
    if let parts = try operation.parts?(context, request) { return try parts.preview(store, context) }
    return try store.read { transaction in
      var preview = try operation.preview(transaction, context, request)
      guard !preview.isEmpty, let second = operation.secondPerson,
        let why = try second.why(transaction, context, request)
      else { return preview }
      let glass = try context.openGlass(in: transaction)
      let filing = ApprovalFiling(operation: operation, request: request, context: context, transaction: transaction)
      if glass == nil, let earlier = try filing.earlier() {
        // Asking again would be refused, so it is not offered.
        return Preview(summary: earlier, lines: ["needs a second person: \(why)"], isEmpty: true)
      }
      preview.isRequest = glass == nil
      let said = second.isInPreview ? second.when : why
      preview.lines.insert(
        glass == nil
          ? "needs a second person: \(said); this asks for one"
          : "BREAK-GLASS: done at once, to be reviewed: \(said)",
        at: 0)
      return preview
    }
  }

  /// The request as its rows are now: one that changes before it is performed is refused. What is no row is left as it is.
  /// - Throws: `StoreError`.
  public func pinned(_ id: String, _ request: OperationRequest) throws -> OperationRequest {
    guard let operation = Operation.named(id) else { return request }
    var pinned = request
    pinned.targets = try store.read { transaction in
      try request.targets.flatMap { target in
        let one = OperationRequest(targets: [target])
        do { return try one.pinned(operation.target, in: transaction).targets } catch is OperationRefusal {
          return [target]
        }
      }
    }
    return pinned
  }

  /// Why this request needs a second person as things are now; `nil` when one is enough.
  /// - Throws: `OperationRefusal` for a request that could not be performed anyway; `StoreError`.
  public func secondPerson(_ id: String, _ request: OperationRequest) throws -> String? {
    let operation = try check(id, request, needsReason: true)
    return try store.read { try operation.secondPerson?.why($0, context, request) }
  }

  /// - Throws: `OperationRefusal` when nothing was done; `StoreError`.
  @discardableResult
  public func perform(_ id: String, _ request: OperationRequest) throws -> Effect {
    let operation = try check(id, request, needsReason: true)
    try operation.prepare?(context, request)
    if let matching = request.matching { return try perform(operation, request, matching) }
    if let parts = try operation.parts?(context, request) { return try perform(operation, request, parts) }
    let effect = try store.write { try perform(operation, request, $0) }
    try effect.afterCommit?()
    return effect
  }

  func perform(
    _ operation: Operation, _ request: OperationRequest, _ transaction: Transaction
  ) throws -> Effect {
    let filing = ApprovalFiling(operation: operation, request: request, context: context, transaction: transaction)
    let why = try operation.secondPerson?.why(transaction, context, request)
    let glass = try context.openGlass(in: transaction)
    if let why, glass == nil { return try filing.file(why: why) }
    // Read before the effect; a preview that cannot be made must not keep anybody from doing it.
    let preview = (try? operation.preview(transaction, context, request))?.summary
    var accounts = try request.accounts(operation.target, in: transaction)
    var extra = request.matching.map { ["matching": $0.filter] } ?? [:]
    if let why, let glass {
      let approval = try filing.fileAlone(why: why, preview: preview ?? "")
      extra.merge(["breakGlass": "\(glass.id): \(glass.reason)", "approval": "\(approval.id)", "why": why]) { $1 }
    }
    let effect = try operation.effect(transaction, context, request)
    accounts.formUnion(effect.accounts)
    if effect.changed > 0 {
      try context.record(
        effect, of: operation.id, request, reason: request.reason, preview: preview, extra: extra, accounts: accounts,
        in: transaction)
    }
    return effect
  }

  /// - Parameter needsReason: a preview says what would be done before anybody has to say why.
  func check(_ id: String, _ request: OperationRequest, needsReason: Bool) throws -> Operation {
    guard let operation = Operation.named(id) else { throw OperationRefusal.unknownOperation(id) }
    guard !context.isReadOnly || operation.role == .watcher else { throw OperationRefusal.readOnly(id) }
    guard context.actor.role >= operation.role else {
      if let problem = context.rolesProblem { throw OperationRefusal.rolesUnknown(operation: id, problem: problem) }
      throw OperationRefusal.role(
        needed: operation.role, actual: context.actor.role, operation: id, holders: context.holders(of: operation.role))
    }
    if operation.target != .none, request.targets.isEmpty, request.matching == nil {
      throw OperationRefusal.noTarget(operation.wantsTarget)
    }
    if let matching = request.matching { try check(matching, operation, request) }
    try checkNames(operation, request)
    for argument in operation.arguments where argument.isRequired && (needsReason || argument.name != "reason") {
      let value = request.arguments[argument.name] ?? ""
      guard !value.allSatisfy(\.isWhitespace) else {
        throw OperationRefusal.missingArgument(argument.name, operation: id)
      }
    }
    try checkChoices(operation, request)
    return operation
  }

  /// A preview must not promise what a word that is none of the choices would keep from being done.
  private func checkChoices(_ operation: Operation, _ request: OperationRequest) throws(OperationRefusal) {
    for argument in operation.arguments where !argument.choices.isEmpty {
      let word = request.choice(argument.name)
      guard word.isEmpty || argument.choices.contains(word) else {
        throw OperationRefusal.badTarget(word, expected: "one of \(argument.choices.joined(separator: ", "))")
      }
    }
  }

  /// A misspelt argument must not leave its default to decide. A reason is always welcome.
  private func checkNames(_ operation: Operation, _ request: OperationRequest) throws(OperationRefusal) {
    let known = (operation.arguments + operation.unasked).map(\.name)
    for name in request.arguments.keys.sorted() where name != "reason" && !known.contains(name) {
      throw OperationRefusal.unknownArgument(name, operation: operation.id, known: known)
    }
  }
}
