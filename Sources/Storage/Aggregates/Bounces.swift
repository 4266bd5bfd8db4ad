import GRDB
public import MailModel

/// Which bounces a table shows.
public struct BounceQuery: Sendable, Equatable {
  public var classes: Set<BounceClass>
  public var kinds: Set<ReportKind>
  public var onlyUnmatched: Bool
  /// The address of the account whose mail bounced; `nil` for all.
  public var account: String?
  /// An enhanced status code, or its beginning: `5.7` for every 5.7.x; `BouncePattern.noCode` for those
  /// without one; `nil` for all.
  public var status: String?
  /// The recipient's domain; `nil` for all.
  public var domain: String?
  /// Those that came since the start of the hour of this moment, as ``BouncePatterns`` counts them; `nil` for all.
  public var since: Timestamp?
  public var text: String
  public var isDescending: Bool
  public var sortsByRecipient: Bool
  public var position: PagePosition
  public var limit: Int

  public init(
    classes: Set<BounceClass> = [], kinds: Set<ReportKind> = [], onlyUnmatched: Bool = false, account: String? = nil,
    status: String? = nil, domain: String? = nil, since: Timestamp? = nil, text: String = "",
    isDescending: Bool = true, sortsByRecipient: Bool = false, position: PagePosition = .start, limit: Int = 50
  ) {
    self.classes = classes
    self.kinds = kinds
    self.onlyUnmatched = onlyUnmatched
    self.account = account
    self.status = status
    self.domain = domain
    self.since = since
    self.text = text
    self.isDescending = isDescending
    self.sortsByRecipient = sortsByRecipient
    self.position = position
    self.limit = limit
  }
}

/// What a report says of one recipient, to be written.
public struct NewBounce: Sendable {
  /// Characters that are kept of an address.
  static let maximumRecipientLength = 320

  public let report: Report.ID
  /// Only of the message that it is proven to be about.
  let message: Message.ID?
  let account: Account.ID?
  public let accountAddress: String?
  public let recipient: String
  public let kind: ReportKind
  public let bounceClass: BounceClass
  public let status: EnhancedStatus?
  public let reason: String
  let diagnostic: String
  let correlation: Correlation
  let consequence: String

  /// - Parameter message: only the one that it is proven to be about.
  public init(
    report: Report.ID, message: Message?, recipient: String, reported: ReportedRecipient, kind: ReportKind,
    correlation: Correlation, consequence: String
  ) {
    self.report = report
    self.message = message?.id
    account = message?.accountID
    accountAddress = message?.accountAddress
    self.recipient = recipient.bounded(NewBounce.maximumRecipientLength)
    self.kind = kind
    bounceClass = reported.bounceClass ?? .unknown
    status = reported.status
    reason = reported.reason.bounded(200)
    diagnostic = reported.diagnostic.bounded(2_000)
    self.correlation = correlation
    self.consequence = consequence
  }
}

/// One row per reported recipient.
public struct Bounces {
  let db: Database

  /// Writes what reports say of recipients, many rows at a time, and counts it. No report may name a recipient twice,
  /// see ``recipients(of:)``: the schema refuses it.
  ///
  /// - Returns: the first bounce of each message: forwarders, several mailboxes and a provider's events tell the same
  ///   failure again.
  @discardableResult
  public func insert(_ bounces: [NewBounce], now: Timestamp) throws -> [NewBounce] {
    let first = try first(of: bounces)
    try Bounces.rows.write(bounces, in: db) { bounce, values in
      values.add(bounce.report)
      values.add(bounce.message)
      values.add(bounce.account)
      values.add(bounce.recipient)
      values.add(bounce.kind.rawValue)
      values.add(bounce.bounceClass.rawValue)
      values.add(bounce.status?.description)
      values.add(bounce.reason)
      values.add(bounce.diagnostic)
      values.add(bounce.correlation.rawValue)
      values.add(bounce.consequence)
      values.add(now.microseconds)
    }
    try count(bounces.count { $0.kind == .bounce }, first, now: now)
    return first
  }

  private static let rows = RowWrite(
    head: """
      INSERT INTO bounce (report_id, message_id, account_id, recipient, kind, bounce_class, status, reason, diagnostic,
        correlation, consequence, occurred_at)
      """, columns: 12)

  /// The recipients that a report has named, as ``insert(_:now:)`` keeps them.
  public func recipients(of report: Report.ID) throws -> Set<String> {
    try Set(
      String.fetchAll(
        db.cachedStatement(sql: "SELECT recipient FROM bounce WHERE report_id = $1"), arguments: [report]))
  }

  /// Those among them whose message is proven.
  public func provenRecipients(of report: Report.ID) throws -> Set<String> {
    try Set(
      String.fetchAll(
        db.cachedStatement(
          sql: "SELECT recipient FROM bounce WHERE report_id = $1 AND correlation IN (\(Reports.proofs))"),
        arguments: [report]))
  }

  /// Messages to this recipient in any case, other than `message`, that bounced softly and provenly since `moment`; at most
  /// 100.
  public func softCount(recipient: String, since moment: Timestamp, besides message: Message.ID?) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT count(DISTINCT message_id) FROM (
            SELECT message_id FROM bounce WHERE lower(recipient) = lower($1) AND kind = 'bounce' AND bounce_class = 'soft'
              AND occurred_at >= $2 AND message_id <> $3 AND correlation IN (\(Reports.proofs)) LIMIT 100) AS soft
          """),
      arguments: [recipient, moment.microseconds, message ?? -1]) ?? 0
  }

  public func page(_ query: BounceQuery) throws -> Page<Bounce> {
    var page = PageQuery(
      select: "\(Bounces.select)/*sort*/ \(Bounces.from)", sort: query.sortsByRecipient ? "lower(b.recipient)" : "b.id",
      id: "b.id", isDescending: query.isDescending, position: query.position, limit: query.limit)
    page.oneOf("b.bounce_class", query.classes.map(\.rawValue).sorted())
    page.oneOf("b.kind", query.kinds.map(\.rawValue).sorted())
    if query.onlyUnmatched { page.filter("b.correlation NOT IN (\(Reports.proofs))") }
    if let account = query.account { page.filter("a.address = ?", account) }
    if query.status == BouncePattern.noCode {
      page.filter("b.status IS NULL")
    } else if let status = query.status {
      page.filter("(b.status = ? OR substr(b.status, 1, length(?) + 1) = ? || '.')", status, status, status)
    }
    if let domain = query.domain { page.suffix("@\(domain.lowercased())", of: "lower(b.recipient)") }
    if let since = query.since {
      let start = since.floored(to: BouncePatterns.bucket)
      page.filter("b.occurred_at >= ?", start.microseconds)
      page.filter("b.id > ?", try lastID(before: start))
    }
    page.search(query.text, in: ["b.recipient", "b.reason", "b.diagnostic", "b.status", "a.address"])
    return try page.fetch(db) { row in
      let bounce = Bounces.decode(row)
      return (bounce.id, bounce)
    }
  }

  /// A message's bounces and delays, oldest first.
  public func list(of message: Message.ID) throws -> [Bounce] {
    try Row.fetchAll(db.cachedStatement(sql: Bounces.ofMessage), arguments: [message]).map(Bounces.decode)
  }

  /// By the recipient, which has an index: a bounce that has a message is of its recipient.
  static let ofMessage = """
    \(select) \(from)
    WHERE lower(b.recipient) = (SELECT lower(recipient) FROM message WHERE id = $1) AND b.message_id = $1
    ORDER BY b.id LIMIT 100
    """

  private static let select = """
    SELECT b.id, b.report_id, b.message_id, a.address, b.recipient, b.kind, b.bounce_class, b.status, b.reason,
      b.diagnostic, b.correlation, b.consequence, b.occurred_at
    """
  private static let from = "FROM bounce b LEFT JOIN account a ON a.id = b.account_id"

  private static func decode(_ row: Row) -> Bounce {
    Bounce(
      id: row[0], reportID: row[1], messageID: row[2], accountAddress: row[3], recipient: row[4],
      kind: ReportKind(rawValue: row[5]) ?? .bounce, bounceClass: BounceClass(rawValue: row[6]) ?? .unknown,
      status: (row[7] as String?).flatMap { EnhancedStatus($0) }, reason: row[8], diagnostic: row[9],
      correlation: Correlation(rawValue: row[10]) ?? .none, consequence: row[11],
      occurredAt: Timestamp(microseconds: row[12]))
  }
}
