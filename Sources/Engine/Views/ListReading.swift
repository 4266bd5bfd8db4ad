import MailModel
import MailPolicy
import Storage

/// What the figures of accounts are counted with.
struct FiguresBasis: Sendable {
  var policy = RestrictionPolicy()
  var now = Timestamp(microseconds: 0)
}

/// Reads one page of any table by key.
enum ListReading {
  static func page(
    _ query: ListQuery, _ position: PagePosition, limit: Int, _ transaction: Transaction, _ context: ListContext
  ) throws -> ListPage {
    switch query.list {
    case .messages: try messages(query, position, limit, transaction)
    case .bounces: try bounces(query, position, limit, transaction, now: context.now)
    case .complaints: try complaints(query, position, limit, transaction)
    case .replies: try reports(query, position, limit, transaction, kinds: [.reply, .autoReply])
    case .unmatched: try reports(query, position, limit, transaction, onlyUnmatched: true)
    case .handled: try reports(query, position, limit, transaction, onlyHandled: true)
    case .suppressions:
      try transaction.suppressions.page(
        text: query.text, isDescending: query.isDescending, sortsByAddress: query.sort == .recipient,
        position: position, limit: limit
      ).mapped(ListedRow.suppression)
    case .patterns: try patterns(query, position, transaction, now: context.now)
    case .accounts: try accounts(query, position, limit, transaction, context.basis)
    case .approvals:
      try transaction.approvals.page(
        ApprovalQuery(states: query.approvalStates, text: query.text, position: position, limit: limit)
      ).mapped(ListedRow.approval)
    case .inboxes: try inboxes(query, position, limit, transaction, context)
    case .audit: try audit(query, position, limit, transaction)
    case .notices: try notices(query, position, limit, transaction)
    }
  }

  private static func reports(
    _ query: ListQuery, _ position: PagePosition, _ limit: Int, _ transaction: Transaction,
    kinds: Set<ReportKind> = [], onlyUnmatched: Bool = false, onlyHandled: Bool = false
  ) throws -> ListPage {
    try transaction.reports.page(
      kinds: kinds, onlyUnmatched: onlyUnmatched, onlyHandled: onlyHandled, text: query.text,
      isDescending: query.isDescending, position: position, limit: limit
    ).mapped(ListedRow.unmatched)
  }

  private static func inboxes(
    _ query: ListQuery, _ position: PagePosition, _ limit: Int, _ transaction: Transaction, _ context: ListContext
  ) throws -> ListPage {
    try transaction.inboxes.page(
      InboxQuery(
        text: query.text, sort: query.sort == .account ? .address : .attention, isDescending: query.isDescending,
        position: position, limit: limit)
    ).map {
      try InboxStatus.read($0, transaction, settings: context.inboxes, now: context.now)
    }.mapped(ListedRow.inbox)
  }

  /// One short page: what bounces most is at its top.
  private static func patterns(
    _ query: ListQuery, _ position: PagePosition, _ transaction: Transaction, now: Timestamp
  ) throws -> ListPage {
    guard position == .start else { return ListPage(rows: [], first: nil, last: nil, hasMore: false) }
    let rows = try transaction.bouncePatterns.top(
      query.dimension, since: now - (query.window ?? .hours(BouncePattern.usualHours)), limit: 200)
    return ListPage(
      rows: rows.enumerated().map { ListedRow.pattern($1, place: Int64($0 + 1)) }, first: nil, last: nil, hasMore: false
    )
  }

  private static func audit(
    _ query: ListQuery, _ position: PagePosition, _ limit: Int, _ transaction: Transaction
  ) throws -> ListPage {
    // An address that is no account of ours has no events: an id that no row has.
    let account = try query.account.map { try transaction.accounts.get(address: $0)?.id ?? -1 }
    return try transaction.audit.page(
      AuditQuery(
        operation: query.operation, actor: query.actor, account: account, since: query.since, until: query.until,
        text: query.text, isDescending: query.isDescending, position: position, limit: limit)
    ).mapped(ListedRow.audit)
  }

  private static func notices(
    _ query: ListQuery, _ position: PagePosition, _ limit: Int, _ transaction: Transaction
  ) throws -> ListPage {
    // An address that is no account of ours has no notices: an id that no row has.
    let account = try query.account.map { try transaction.accounts.get(address: $0)?.id ?? -1 }
    return try transaction.notices.page(
      NoticeQuery(
        states: query.noticeStates, account: account, text: query.text, isDescending: query.isDescending,
        position: position, limit: limit)
    ).mapped(ListedRow.notice)
  }

  private static func messages(
    _ query: ListQuery, _ position: PagePosition, _ limit: Int, _ transaction: Transaction
  ) throws -> ListPage {
    let sort: MessageQuery.Sort =
      switch query.sort {
      case .recipient: .recipient
      case .account: .account
      case .nextAttempt: .nextAttempt
      default: .newest
      }
    return try transaction.messages.page(
      MessageQuery(
        states: query.states, account: query.account?.lowercased(), campaign: query.campaign, domain: query.domain,
        text: query.text, sort: sort,
        isDescending: query.isDescending, position: position, limit: limit)
    ).mapped(ListedRow.message)
  }

  private static func bounces(
    _ query: ListQuery, _ position: PagePosition, _ limit: Int, _ transaction: Transaction, now: Timestamp
  ) throws -> ListPage {
    try transaction.bounces.page(
      BounceQuery(
        classes: query.bounceClasses, kinds: query.bounceKinds, account: query.account?.lowercased(),
        status: query.status, domain: query.domain,
        since: query.window.map { now - $0 }, text: query.text, isDescending: query.isDescending,
        sortsByRecipient: query.sort == .recipient,
        position: position, limit: limit)
    ).mapped(ListedRow.bounce)
  }

  private static func complaints(
    _ query: ListQuery, _ position: PagePosition, _ limit: Int, _ transaction: Transaction
  ) throws -> ListPage {
    // An address that is no account of ours has no complaints: an id that no row has.
    let account = try query.account.map { try transaction.accounts.get(address: $0)?.id ?? -1 }
    return try transaction.complaints.page(
      ComplaintQuery(
        account: account, text: query.text, isDescending: query.isDescending, position: position, limit: limit)
    ).mapped(ListedRow.complaint)
  }

  private static func accounts(
    _ query: ListQuery, _ position: PagePosition, _ limit: Int, _ transaction: Transaction, _ basis: FiguresBasis
  ) throws -> ListPage {
    let sort: AccountQuery.Sort =
      switch query.sort {
      case .account: .address
      case .complaints: .complaints
      default: .attention
      }
    return try transaction.accounts.page(
      AccountQuery(
        standings: query.standings, texts: [query.account ?? "", query.text], sort: sort,
        isDescending: query.isDescending, position: position, limit: limit), window: basis.policy.window,
      now: basis.now
    ).mapped { .account($0.against(basis.policy)) }
  }
}

/// What rows depend on besides the store.
struct ListContext: Sendable {
  var now: Timestamp
  var inboxes: InboxSettings
  var basis: FiguresBasis
}

/// One page of any table.
struct ListPage: Sendable {
  var rows: [ListedRow]
  var first: PageKey?
  var last: PageKey?
  var hasMore: Bool

  /// The same rows the other way round.
  var turned: ListPage { ListPage(rows: rows.reversed(), first: last, last: first, hasMore: hasMore) }
}

extension Page {
  fileprivate func mapped(_ transform: (Row) -> ListedRow) -> ListPage {
    ListPage(rows: rows.map(transform), first: first, last: last, hasMore: hasMore)
  }
}

extension Account {
  /// With the thresholds that its complaints are seen against.
  fileprivate func against(_ policy: RestrictionPolicy?) -> Account {
    guard let policy else { return self }
    var account = self
    account.figures?.flagAt = policy.complaintsToFlag
    account.figures?.restrictAt = policy.complaintsToRestrict
    return account
  }
}
