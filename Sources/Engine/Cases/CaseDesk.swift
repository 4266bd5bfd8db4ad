public import MailModel
import MailPolicy
import Storage

/// What happens in a case, whoever decided it: a person's operation or policy. Inside the caller's transaction.
struct CaseDesk {
  let transaction: Transaction
  let restriction: RestrictionPolicy
  var lifting: LiftPolicy { restriction.lifting }
  /// Ids of the runbook's steps, in order; read only when a case begins, or has a step that came later.
  let steps: @Sendable () throws -> [String]
  /// Where holders and the team are told.
  let notices: NoticeDesk
  /// The escalation path; read only when it is needed.
  let contacts: @Sendable () throws -> Contacts
  let person: String
  let now: Timestamp

  init(_ transaction: Transaction, _ context: OperationContext) {
    let checklist = context.checklist
    self.init(
      transaction, restriction: context.restriction,
      steps: { try checklist(ChecklistDefinition.ofCases)?.steps.map(\.id) ?? [] },
      notices: context.notices, contacts: context.contacts,
      person: context.people,
      now: context.now)
  }

  init(
    _ transaction: Transaction, restriction: RestrictionPolicy, steps: @escaping @Sendable () throws -> [String],
    notices: NoticeDesk = .silent, contacts: @escaping @Sendable () throws -> Contacts = { .none }, person: String,
    now: Timestamp
  ) {
    self.transaction = transaction
    self.restriction = restriction
    self.steps = steps
    self.notices = notices
    self.contacts = contacts
    self.person = person
    self.now = now
  }

  /// The account's case; a new one when there is none.
  func opened(_ account: Account, as opening: CaseOpening) throws -> AbuseCase {
    if let current = try transaction.cases.current(of: account.id) { return current }
    let state: CaseState = account.standing == .restricted ? .restricted : .open
    let opened = try transaction.cases.open(
      account: account.id, as: opening, state: state, by: person, steps: try steps(), now: now)
    try append(.opened, to: opened, "case opened: \(opening.rawValue)")
    return opened
  }

  /// Writes a decision into the case: state, next review, timeline.
  func decide(_ decided: AbuseCase, _ text: String, change: (inout AbuseCase) -> Void) throws {
    var changed = decided
    change(&changed)
    if changed.state == .closed { changed.closedAt = now }
    guard try transaction.cases.update(changed) else {
      throw OperationRefusal.changed("case \(decided.id) changed meanwhile; look again")
    }
    try append(.decision, to: decided, text)
    try transaction.accounts.rank(decided.accountID, window: restriction.window, now: now)
  }

  func append(_ kind: CaseEvent.Kind, to event: AbuseCase, _ text: String) throws {
    try transaction.cases.append(kind, to: event.id, by: person, text: text, now: now)
  }

  /// Ticks the steps that an operation does; those that people have decided about stay as they are.
  func tick(_ steps: [String], of ticked: AbuseCase) throws {
    let known = try transaction.cases.steps(of: ticked.id)
    for step in steps {
      // A decision is not refused because of a tick: a step that is new to the case waits for a checklist that can be read.
      let isOpen =
        known.first { $0.step == step }.map { $0.state == .open } ?? ((try? self.steps().contains(step)) == true)
      guard isOpen else { continue }
      _ = try transaction.cases.setStep(
        step, of: ticked.id, version: nil, state: .ticked, by: person, reason: "", now: now)
    }
  }

  /// Enough complaints for a review: a new case, or the one that was watched, with its steps before it again.
  func flagged(_ account: Account, _ text: String) throws -> AbuseCase {
    let opened = try opened(account, as: .flagged)
    if opened.state == .watching {
      try transaction.cases.reopenSteps(try transaction.cases.steps(of: opened.id).map(\.step), of: opened.id)
    }
    try decide(opened, text) {
      $0.state = .open
      $0.nextReview = nil
    }
    return opened
  }

  /// What has to be shown again after each restriction before it is lifted.
  private static let liftingSteps = ["understanding", "commitment", "lift"]

  /// The follow-up of a watch. A restriction ends the watch, so nobody need come back for it.
  static let endOfWatch = "End of the watch"

  /// The beginning of a restriction: state, the review in 30 days, its follow-up.
  func restricted(_ account: Account, _ text: String, by origin: RestrictionOrigin) throws -> AbuseCase {
    let opened = try opened(account, as: origin == .automatically ? .restrictedAutomatically : .byHand)
    _ = try transaction.followUps.settle(case: opened.id, text: CaseDesk.endOfWatch, by: person, now: now)
    let review = Day.start(after: lifting.watchDays, from: now)
    try decide(opened, text) {
      $0.state = .restricted
      $0.restrictedAt = now
      $0.restrictedBy = origin
      $0.nextReview = review
    }
    try transaction.cases.reopenSteps(CaseDesk.liftingSteps, of: opened.id)
    try transaction.followUps.add(case: opened.id, dueAt: review, text: "Review the restriction", by: person)
    try append(.followUp, to: opened, "due \(Clockface.day(review)): Review the restriction")
    try tick(["restrict", "follow-up"], of: opened)
    return opened
  }

  /// What a lift would rest on now.
  func criteria(_ account: Account) throws -> [LiftCriterion] {
    let current = try transaction.cases.current(of: account.id)
    let steps = try current.map { try transaction.cases.steps(of: $0.id) } ?? []
    func ticked(_ name: String) -> Timestamp? { steps.first { $0.step == name && $0.state == .ticked }?.at }
    return lifting.criteria(
      LiftPolicy.Facts(
        restrictedAt: account.standingChangedAt,
        lastComplaintAt: try transaction.complaints.moments(account: account.id, limit: 1).last,
        understoodAt: ticked("understanding"), committedAt: ticked("commitment")), now: now)
  }

  /// Complaints that came or went changed how urgent the account is.
  func rank(_ account: Account.ID) throws {
    try transaction.accounts.rank(account, window: restriction.window, now: now)
  }

  /// Settles the account in the pass over all restrictions, if one is under way.
  func settleAudit(_ account: Account.ID, _ decision: String) throws {
    guard let audit = try transaction.restrictionAudits.current() else { return }
    _ = try transaction.restrictionAudits.decide(audit, account: account, decision: decision, by: person, now: now)
  }
}

/// `[x] no new complaints`, as previews and the case show it.
extension LiftCriterion {
  public var words: String { "\(holds ? "holds" : "DOES NOT HOLD"): \(text)" }
}
