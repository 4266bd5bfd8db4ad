import GRDB
public import MailModel

/// Which messages a table shows, and in which order.
public struct MessageQuery: Sendable, Equatable {
  public enum Sort: String, Sendable, CaseIterable { case newest, recipient, account, nextAttempt }

  /// Empty for all.
  public var states: Set<MessageState>
  /// The account's address; `nil` for all.
  public var account: String?
  /// `nil` for all.
  public var campaign: String?
  /// The recipients' domain; `nil` for all.
  public var domain: String?
  /// A substring of recipient, subject, Message-ID or state reason.
  public var text: String
  public var sort: Sort
  public var isDescending: Bool
  public var position: PagePosition
  public var limit: Int

  public init(
    states: Set<MessageState> = [], account: String? = nil, campaign: String? = nil, domain: String? = nil,
    text: String = "", sort: Sort = .newest,
    isDescending: Bool = true, position: PagePosition = .start, limit: Int = 50
  ) {
    self.states = states
    self.account = account
    self.campaign = campaign
    self.domain = domain
    self.text = text
    self.sort = sort
    self.isDescending = isDescending
    self.position = position
    self.limit = limit
  }
}

extension Messages {
  /// States with a partial index of their own, as the schema writes them.
  private static let exceptions: Set<MessageState> = [.failed, .uncertain, .held, .cancelled, .expired, .suppressed]
  private static let active: Set<MessageState> = [.queued, .leased, .armed]

  /// One window of the queue table. Sorting by the next attempt shows queued messages only.
  public func page(_ query: MessageQuery) throws -> Page<Message> {
    let sort =
      switch query.sort {
      case .newest: "m.id"
      case .recipient: "lower(m.recipient)"
      case .account: "m.account_id"
      case .nextAttempt: "m.next_attempt_at"
      }
    var page = PageQuery(
      select: "SELECT \(MessageRow.columns)/*sort*/ FROM message m JOIN account a ON a.id = m.account_id", sort: sort,
      id: "m.id", isDescending: query.isDescending, position: query.position, limit: query.limit)
    Messages.filter(&page, by: query)
    return try page.fetch(db) { row in
      let message = MessageRow.decode(row)
      return (message.id, message)
    }
  }

  /// The conditions of a query, without its place.
  static func filter(_ page: inout PageQuery, by query: MessageQuery) {
    let states = query.sort == .nextAttempt ? [.queued] : query.states
    if states == [.queued] {
      page.filter("m.state = 'queued'")
    } else if !states.isEmpty {
      page.oneOf("m.state", states.map(\.rawValue).sorted())
    }
    if query.sort == .newest, !states.isEmpty {
      // Repeats a partial index's own condition, so that rare states are found without reading the common ones.
      if states.isSubset(of: Messages.exceptions) {
        page.filter(MessageIndexes.exceptions)
      } else if states.isSubset(of: Messages.active) {
        page.filter(MessageIndexes.active)
      }
    }
    if let account = query.account { page.filter("a.address = ?", account) }
    if let campaign = query.campaign { page.filter("lower(m.campaign) = ?", campaign.lowercased()) }
    if let domain = query.domain { page.suffix("@\(domain.lowercased())", of: "lower(m.recipient)") }
    page.search(query.text, in: ["m.recipient", "m.subject", "m.message_id", "a.address", "m.state_reason"])
  }
}
