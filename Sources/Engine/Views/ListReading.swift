import MailModel
import MailPolicy
import Storage

/// What the figures of accounts are counted with.
struct FiguresBasis: Sendable {
  var policy: RestrictionPolicy
  var now: Timestamp
}

/// Reads one page of any table by key.
enum ListReading {
  static func page(
    _ query: ListQuery, _ position: PagePosition, limit: Int, _ transaction: Transaction, basis: FiguresBasis?
  ) throws -> ListPage {
    switch query.list {
    case .messages: try messages(query, position, limit, transaction)
    case .bounces: try bounces(query, position, limit, transaction)
    case .unmatched:
      try transaction.reports.page(onlyUnmatched: true, text: query.text, position: position, limit: limit)
        .mapped(ListedRow.unmatched)
    case .complaints: try complaints(query, position, limit, transaction)
    case .accounts: try accounts(query, position, limit, transaction, basis)
    case .approvals:
      try transaction.approvals.page(
        ApprovalQuery(states: query.approvalStates, text: query.text, position: position, limit: limit)
      ).mapped(ListedRow.approval)
    case .audit:
      try transaction.audit.page(
        AuditQuery(
          operation: query.operation, actor: query.actor, text: query.text, isDescending: query.isDescending,
          position: position, limit: limit)
      ).mapped(ListedRow.audit)
    }
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
        states: query.states, account: query.account?.lowercased(), text: query.text, sort: sort,
        isDescending: query.isDescending, position: position, limit: limit)
    ).mapped(ListedRow.message)
  }

  private static func bounces(
    _ query: ListQuery, _ position: PagePosition, _ limit: Int, _ transaction: Transaction
  ) throws -> ListPage {
    try transaction.bounces.page(
      BounceQuery(
        classes: query.bounceClasses, text: [query.account, query.text].compactMap { $0 }.first { !$0.isEmpty } ?? "",
        isDescending: query.isDescending, sortsByRecipient: query.sort == .recipient, position: position, limit: limit)
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
    _ query: ListQuery, _ position: PagePosition, _ limit: Int, _ transaction: Transaction, _ basis: FiguresBasis?
  ) throws -> ListPage {
    let sort: AccountQuery.Sort =
      switch query.sort {
      case .account: .address
      case .complaints: .complaints
      default: .attention
      }
    return try transaction.accounts.page(
      AccountQuery(
        standings: query.standings, text: [query.account, query.text].compactMap { $0 }.first { !$0.isEmpty } ?? "",
        sort: sort, isDescending: query.isDescending, position: position, limit: limit), window: basis?.policy.window,
      now: basis?.now
    ).mapped { .account($0.against(basis?.policy)) }
  }
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
