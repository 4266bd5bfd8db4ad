public import MailModel
public import Storage

/// Everything a person or a program can do to the system is one of these (DESIGN §2.1).
///
/// Keys, the command palette, the command line and the documentation are made from `Operation.all`.
/// The effect runs inside one transaction that `OperationRunner` closes with an audit row: there is no way to write
/// the one without the other.
public struct Operation: Sendable, Identifiable {
  /// `noun.verb`, also its command in keymaps and on the command line, such as `queue.release`.
  public var id: String
  public var title: String
  /// One sentence: what it does and when one uses it.
  public var help: String
  /// The kind of row it acts on.
  public var target: TargetKind
  public var arguments: [Argument]
  /// The least role that may do it.
  public var role: Role
  public var confirmation: Confirmation
  /// Why it cannot be done to a row in this state, or `nil` when it can. Pure; the console asks it for every key.
  public var disabledReason: @Sendable (TargetState) -> String?
  /// What it would touch, without touching it.
  public var preview: @Sendable (Transaction, OperationContext, OperationRequest) throws -> Preview
  /// Does it, inside the transaction of its audit row.
  public var effect: @Sendable (Transaction, OperationContext, OperationRequest) throws -> Effect
  /// Done before the transaction begins: what must not wait for the database.
  var prepare: (@Sendable (OperationContext, OperationRequest) throws -> Void)?
  /// Its work in parts, instead of `preview` and `effect`: for material that is too much for one transaction.
  var parts: (@Sendable (OperationContext, OperationRequest) throws -> any OperationParts)?
  /// What it would do to messages by their facts; with it, the operation takes a filter instead of targets.
  var censusPreview: (@Sendable ([MessageCensus]) -> Preview)?
  /// Whether it can act on everything that matches a filter.
  public var takesFilter: Bool { censusPreview != nil }
  /// When two people are needed; `nil` for never. An operation that has this has no `prepare`.
  public var secondPerson: SecondPerson?
  /// What may be said besides `arguments`, on the command line; the console does not ask for it.
  public var unasked: [Argument] = []

  public enum TargetKind: String, Sendable, CaseIterable {
    case none, message, account, recipient, complaint, report, checklistStep, approval, notice, inbox, caseStep,
      followUp
  }

  public enum Confirmation: Sendable, Equatable {
    case none
    case yesNo
    /// The word that must be typed.
    case typed(String)
  }

  /// What the console knows about the row under the cursor.
  public enum TargetState: Sendable, Equatable {
    case none
    case message(MessageState, isDeferred: Bool)
    case account(AccountStanding)
    case complaint(isDismissed: Bool)
    case recipient(isSuppressed: Bool)
    case report(ReportKind, isUnmatched: Bool, canBeMatched: Bool)
    /// - isUnderWay: whether today's run was begun and is not complete.
    case checklist(isUnderWay: Bool)
    case checklistStep(isTicked: Bool)
    case permit(SendPermit.State)
    case inbox(isPaused: Bool)
    /// - isOwn: whether this very person asked for it.
    case approval(ApprovalState, isOwn: Bool)
    case notice(NoticeState)
    case caseStep(CaseStep.State)
    case followUp(isDone: Bool)
  }
}

/// What an operation is asked to act on.
public struct OperationRequest: Sendable, Equatable, Codable {
  /// A row as it was drawn: one that changed since then is refused.
  public struct Target: Sendable, Equatable, Hashable, Codable {
    /// The row's id, or an address, or `run/step`.
    public var id: String
    /// The version that was on screen; `nil` for "whatever it is now" (scripts).
    public var version: Int64?

    public init(id: String, version: Int64? = nil) {
      self.id = id
      self.version = version
    }
  }

  /// Everything that a filter lets through, instead of targets.
  public struct Matching: Sendable, Equatable, Codable {
    /// As typed above the queue table, such as `state:held account:news@example.org`; empty for every message.
    public var filter: String
    /// Messages with a greater number have come since the preview and are left alone; `nil` before one was made.
    public var upTo: Message.ID?

    public init(_ filter: String, upTo: Message.ID? = nil) {
      self.filter = filter
      self.upTo = upTo
    }
  }

  public var targets: [Target]
  public var arguments: [String: String]
  /// Only for operations that take a filter.
  public var matching: Matching?
  /// ``Preview/version`` of the preview that was agreed to; `nil` for "whatever it is now" (scripts).
  public var version: Int64?

  public init(targets: [Target] = [], arguments: [String: String] = [:], matching: Matching? = nil) {
    self.targets = targets
    self.arguments = arguments
    self.matching = matching
  }

  var reason: String { arguments["reason"] ?? "" }
}

/// What an operation would do.
public struct Preview: Sendable, Equatable {
  /// One sentence with counts: `releases 412, skips 9 suppressed`.
  public var summary: String
  /// Details and warnings, one a line.
  public var lines: [String]
  /// Whether anything would change at all.
  public var isEmpty: Bool
  /// Whether yes only asks a second person for it.
  public var isRequest = false
  /// The newest message that was looked at, of a request by filter: what is done then is done to no newer one.
  public var upTo: Message.ID?
  /// The version of what was looked at, of an operation without rows: it is done to no other one.
  public var version: Int64?

  public init(summary: String, lines: [String] = [], isEmpty: Bool = false) {
    self.summary = summary
    self.lines = lines
    self.isEmpty = isEmpty
  }
}

/// What an operation did.
public struct Effect: Sendable {
  public var summary: String
  /// What the audit row is about, such as `account:4`.
  public var subject: String
  /// Before, after and counts for the audit row.
  public var details: [String: String]
  public var changed: Int
  /// Targets that were left alone, with the reason.
  public var refusals: [String]
  /// The request that was filed because it needs a second person; nothing else was done then.
  public var approval: Int64?
  /// How many rows it did what to, for summing up parts: `released`.
  var counts: [String: Int] = [:]
  /// The accounts it was about, for finding the audit row by account.
  var accounts: Set<Account.ID> = []
  /// Runs after the commit, for what is not in the store (the latch file).
  var afterCommit: (@Sendable () throws -> Void)?

  init(
    _ summary: String, subject: String, details: [String: String] = [:], changed: Int = 1, refusals: [String] = [],
    afterCommit: (@Sendable () throws -> Void)? = nil
  ) {
    self.summary = summary
    self.subject = subject
    self.details = details
    self.changed = changed
    self.refusals = refusals
    self.afterCommit = afterCommit
  }
}

/// Why an operation was not done. Always says what to do next.
public enum OperationRefusal: Error, Sendable, Equatable, CustomStringConvertible {
  case unknownOperation(String)
  /// - holders: who has the needed role, as far as that is known.
  case role(needed: Role, actual: Role, operation: String, holders: [String] = [])
  /// The program was started for looking only.
  case readOnly(String)
  /// The same person cannot be both.
  case secondPerson(String)
  case missingArgument(String, operation: String)
  case unknownArgument(String, operation: String, known: [String])
  /// Who has which role cannot be read, so nobody has one.
  case rolesUnknown(operation: String, problem: String)
  /// Nothing was named that it could act on; what it acts on, in words.
  case noTarget(String)
  case badTarget(String, expected: String)
  /// The row changed since it was drawn, or is in a state the operation does not apply to.
  case changed(String)
  case notNow(String)

  public var description: String {
    switch self {
    case .unknownOperation(let id): "there is no operation '\(id)'; 'postroom operations' lists them"
    case .role(let needed, let actual, let operation, let holders):
      "\(operation) needs the role \(needed.name); you are \(actual.name)"
        + (holders.isEmpty ? "" : ". Who could: \(holders.joined(separator: ", "))")
    case .readOnly(let operation): "\(operation): started with --read-only; only looking and stopping is allowed"
    case .secondPerson(let what): what
    case .missingArgument(let name, let operation):
      "\(operation) needs \(name == "reason" ? "--reason" : "--set \(name)=…")"
        + (Operation.named(operation)?.arguments.first { $0.name == name }.map { ": \($0.help)" } ?? "")
    case .unknownArgument(let name, let operation, let known):
      "\(operation) has no argument '\(name)'; it has \((known.isEmpty ? ["reason"] : known).joined(separator: ", "))"
    case .rolesUnknown(let operation, let problem):
      "\(operation) needs a role, and who has one cannot be told: \(problem)"
    case .noTarget(let what): what
    case .badTarget(let target, let expected): "'\(target)' is not \(expected)"
    case .changed(let what): what
    case .notNow(let what): what
    }
  }
}
