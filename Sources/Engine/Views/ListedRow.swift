public import MailModel

/// The tables that a face of the engine can list.
public enum ListName: String, Sendable, CaseIterable {
  case messages, bounces, unmatched, handled, replies, suppressions, patterns, complaints, accounts, audit, approvals,
    inboxes,
    notices
}

/// One row of any table.
public enum ListedRow: Sendable, Equatable {
  case message(Message)
  case bounce(Bounce)
  /// A report that could not be tied to a message of ours.
  case unmatched(Report)
  case suppression(Suppression)
  /// What bounces most; with its place in the list.
  case pattern(BouncePattern, place: Int64)
  case complaint(Complaint)
  case account(Account)
  case audit(AuditEvent)
  case approval(Approval)
  case inbox(InboxStatus)
  case notice(Notice)

  /// The row's number within its table.
  public var number: Int64 {
    switch self {
    case .message(let row): row.id
    case .bounce(let row): row.id
    case .unmatched(let row): row.id
    case .suppression(let row): row.id
    case .pattern(_, let place): place
    case .complaint(let row): row.id
    case .account(let row): row.id
    case .audit(let row): row.id
    case .approval(let row): row.id
    case .inbox(let row): row.inbox.id
    case .notice(let row): row.id
    }
  }
}

/// Which rows of a table, and in which order.
public struct ListQuery: Sendable, Equatable {
  public enum Sort: String, Sendable, CaseIterable {
    case newest, recipient, account, nextAttempt, attention, complaints
  }

  public var list: ListName
  /// A substring of what the row says, taken literally.
  public var text: String
  /// Messages in these states only; empty for all.
  public var states: Set<MessageState>
  /// Accounts of these standings only; empty for all.
  public var standings: Set<AccountStanding>
  public var bounceClasses: Set<BounceClass>
  /// The account's address; `nil` for all.
  public var account: String?
  /// The operation of an audit event, such as `queue.release`; `nil` for all.
  public var operation: String?
  /// Who did it, in the audit log; `nil` for all.
  public var actor: String?
  /// Audit events from then on; `nil` for all.
  public var since: Timestamp?
  /// Audit events before then; `nil` for all.
  public var until: Timestamp?
  /// Approvals in these states only; empty for all.
  public var approvalStates: Set<ApprovalState>
  /// Notices in these states only; empty for all.
  public var noticeStates: Set<NoticeState> = []
  /// Bounces or delays only; empty for both.
  public var bounceKinds: Set<ReportKind> = []
  /// What patterns are grouped by.
  public var dimension = BouncePattern.Dimension.domain
  /// How far back bounces and patterns go; `nil` for all bounces, and for the patterns of a day.
  public var window: Span?
  /// Bounces with this enhanced status code, or this beginning of one; `nil` for all.
  public var status: String?
  /// Messages of this campaign, or to this domain, only; bounces of this domain; `nil` for all.
  public var campaign: String?
  public var domain: String?
  public var sort: Sort
  public var isDescending: Bool

  public init(
    list: ListName, text: String = "", states: Set<MessageState> = [], standings: Set<AccountStanding> = [],
    bounceClasses: Set<BounceClass> = [], account: String? = nil, operation: String? = nil, actor: String? = nil,
    since: Timestamp? = nil, until: Timestamp? = nil, approvalStates: Set<ApprovalState> = [], sort: Sort = .newest,
    isDescending: Bool = true
  ) {
    self.list = list
    self.text = text
    self.states = states
    self.standings = standings
    self.bounceClasses = bounceClasses
    self.account = account
    self.operation = operation
    self.actor = actor
    self.since = since
    self.until = until
    self.approvalStates = approvalStates
    self.sort = sort
    self.isDescending = isDescending
  }
}
