import Foundation
import MailFormats
public import MailModel
import MailPolicy
import Storage

/// Everything about one account on one screen, read by index: costs the same whatever is stored.
public struct CaseFile: Sendable, Equatable {
  public var account: Account
  /// The case that is not closed.
  public var current: AbuseCase?
  public var earlier: [AbuseCase]
  /// What happened in them, newest first, by their numbers; of the latest five.
  public var earlierEvents: [Int64: [CaseEvent]]
  /// What the policy calls for now, and when that changed.
  public var verdict: PolicyVerdict
  public var history: [PolicyVerdict]
  public var thresholds: ComplaintThresholds
  /// For a lift; empty while the account is not restricted.
  public var criteria: [LiftCriterion]
  /// Counted no further than `Amount.most`, as is ``held``.
  public var waiting: Int
  public var held: Int
  public var steps: [Step]
  /// What is wrong with the checklist of cases, so that there are no steps; empty when nothing is.
  public var stepsProblem: String
  public var followUps: [FollowUp]
  public var complaints: [ComplainedMail]
  public var events: [CaseEvent]
  /// What holders and the team were told and whether it reached them, newest first.
  public var notices: [Notice]
  /// Who has the case, how to reach them, since when; `nil` without a case.
  public var escalation: Escalation?
  /// What is wrong with the contacts; empty when nothing is.
  public var contactsProblem: String
  public var days: [AccountDay]
  /// The pass over all restrictions that is under way.
  public var audit: RestrictionAudit?

  /// A step of the runbook with what was done about it.
  public struct Step: Sendable, Equatable {
    public var definition: ChecklistDefinition.Step
    public var state: CaseStep?
  }

  /// One complaint, and the mail it is about as a person reads it.
  public struct ComplainedMail: Sendable, Equatable {
    public var complaint: Complaint
    public var message: Message?
    /// Header lines that matter and the text part. From outside: for the gate only.
    public var header: [String]
    public var text: [UInt8]
  }
}

extension OpenWorkspace {
  /// - Parameter account: its number.
  /// - Returns: `nil` when there is no such account.
  /// - Throws: `StoreError`.
  public func caseFile(of account: Account.ID) throws -> CaseFile? {
    let now = clock.now()
    return try store.read { transaction in
      guard let found = try transaction.accounts.get(account) else { return nil }
      return try CaseReading(transaction: transaction, open: self, now: now).file(of: found)
    }
  }

  /// The policy as it would have decided about an account at any moment, from the complaints that count today.
  /// - Throws: `StoreError`.
  public func verdict(of account: Account.ID, at moment: Timestamp) throws -> PolicyVerdict {
    let policy = workspace.configuration.restriction
    return try store.read { transaction in
      policy.verdict(
        try transaction.complaints.moments(account: account, from: policy.windowStart(now: moment), to: moment),
        at: moment)
    }
  }

  /// - Parameter name: its address or its number.
  /// - Throws: `StoreError`.
  public func accountNumber(_ name: String) throws -> Account.ID? {
    try store.read { try OperationRequest.Target(id: name).knownAccount(in: $0)?.id }
  }

  /// The account to decide about next in the pass over all restrictions; `nil` when none is under way.
  ///
  /// - Parameter wraps: whether those before `account` that are not decided about follow after the last one.
  public func nextInAudit(after account: Account.ID = 0, wraps: Bool = true) throws -> Account.ID? {
    try store.read { transaction in
      guard let audit = try transaction.restrictionAudits.current() else { return nil }
      return try transaction.restrictionAudits.next(audit, after: account, wraps: wraps)
    }
  }
}

/// Reads a case file, bounded everywhere.
struct CaseReading {
  static let complaints = 30
  static let mails = 20
  static let events = 200
  /// Complaints that the policy's history is made of.
  static let moments = 1_000
  /// Bytes of a mail that are read, and of its text that are shown.
  static let mailLength = 65_536
  static let textLength = 4_096

  let transaction: Transaction
  let open: OpenWorkspace
  let now: Timestamp

  private var policy: RestrictionPolicy { open.workspace.configuration.restriction }

  func file(of account: Account) throws -> CaseFile {
    let (contacts, contactsProblem) = contacts
    let (definitions, stepsProblem) = definitions
    let earlier = try transaction.cases.earlier(of: account.id)
    let current = try transaction.cases.current(of: account.id)
    let moments = try transaction.complaints.moments(account: account.id, limit: CaseReading.moments)
    let desk = CaseDesk(
      transaction, restriction: policy, steps: { [open] in try open.caseSteps() }, person: open.actor.name, now: now)
    var account = account
    account.figures = try transaction.accounts.figures(of: account.id, window: policy.window, now: now)
    return CaseFile(
      account: account, current: current, earlier: earlier, earlierEvents: try earlierEvents(earlier),
      verdict: policy.verdict(moments, at: now), history: policy.history(moments.suffix(200), until: now),
      thresholds: ComplaintThresholds(
        flag: policy.complaintsToFlag, restrict: policy.complaintsToRestrict, window: policy.window),
      criteria: account.standing == .restricted ? try desk.criteria(account) : [],
      waiting: try transaction.messages.count(account: account.id, states: .queued, .leased, limit: Amount.most),
      held: try transaction.messages.count(account: account.id, states: .held, limit: Amount.most),
      steps: try steps(definitions, current),
      stepsProblem: stepsProblem,
      followUps: try current.map { try transaction.followUps.list(case: $0.id) } ?? [],
      complaints: try complaints(account),
      events: try current.map { try transaction.cases.events(of: $0.id, limit: CaseReading.events) } ?? [],
      notices: try transaction.notices.page(NoticeQuery(account: account.id, limit: 20)).rows,
      escalation: try current.map {
        contacts.escalation(level: $0.level, since: try transaction.cases.escalatedAt($0))
      },
      contactsProblem: contactsProblem,
      days: try transaction.accounts.days(of: account.id, since: now - .days(30)),
      audit: try transaction.restrictionAudits.current())
  }

  private func earlierEvents(_ earlier: [AbuseCase]) throws -> [Int64: [CaseEvent]] {
    try earlier.prefix(5).reduce(into: [:]) { events, row in
      events[row.id] = try transaction.cases.events(of: row.id, limit: CaseReading.events)
    }
  }

  private func steps(
    _ definitions: [ChecklistDefinition.Step], _ current: AbuseCase?
  ) throws -> [CaseFile.Step] {
    let known = try current.map { try transaction.cases.steps(of: $0.id) } ?? []
    let byName = Dictionary(known.map { ($0.step, $0) }, uniquingKeysWith: { first, _ in first })
    return definitions.map { definition in
      // One that came to the checklist after the case was opened is open, too.
      let untouched = current.map { CaseStep(untouched: definition.id, of: $0.id) }
      return CaseFile.Step(definition: definition, state: byName[definition.id] ?? untouched)
    }
  }

  private func complaints(_ account: Account) throws -> [CaseFile.ComplainedMail] {
    let complaints = try transaction.complaints.list(account: account.id, limit: CaseReading.complaints)
    return try complaints.enumerated().map { index, complaint in
      let message = try complaint.messageID.flatMap { try transaction.messages.get($0) }
      guard let message, index < CaseReading.mails,
        let bytes = try transaction.messages.body(of: message.id, limit: CaseReading.mailLength)
      else { return CaseFile.ComplainedMail(complaint: complaint, message: message, header: [], text: []) }
      let mail = ReadableMail(bytes)
      return CaseFile.ComplainedMail(complaint: complaint, message: message, header: mail.header, text: mail.text)
    }
  }

  /// A mistake in a file must not keep anybody from reading the case.
  private var definitions: ([ChecklistDefinition.Step], problem: String) {
    do { return (try open.checklist(ChecklistDefinition.ofCases)?.steps ?? [], "") } catch { return ([], "\(error)") }
  }

  private var contacts: (Contacts, problem: String) {
    do { return (try open.contacts(), "") } catch { return (.none, "\(error)") }
  }
}

/// A stored mail as a person reads it: the lines of its header that matter, and its text part. Bounded.
struct ReadableMail {
  private(set) var header: [String] = []
  private(set) var text: [UInt8] = []

  private static let fields: [StaticString] = ["from", "to", "subject", "date", "list-unsubscribe", "precedence"]

  init(_ bytes: [UInt8]) {
    let mail = MIMEMessage(parsing: bytes)
    for name in ReadableMail.fields {
      guard let field = mail.header.first(name) else { continue }
      header.append("\("\(name)".capitalized): \(field.decoded.prefix(400))")
    }
    let parts = mail.root.flattened
    let plain = parts.first {
      $0.children.isEmpty && $0.contentType.type == "text" && $0.contentType.subtype == "plain"
    }
    let part = plain ?? parts.first { $0.children.isEmpty && $0.contentType.type == "text" }
    let bytes = part?.text(limit: CaseReading.mailLength) ?? []
    text = Array((plain == nil ? HTMLText.plain(bytes) : bytes).prefix(CaseReading.textLength))
  }
}
