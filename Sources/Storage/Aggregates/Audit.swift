import Crypto
import Foundation
import GRDB
public import MailModel

/// What a check of the audit chain found.
public enum AuditVerification: Sendable, Equatable {
  /// Every row follows from the one before it. The last hash can be kept elsewhere as a witness.
  case sound(count: Int, lastHash: String)
  case broken(at: Int64, why: String)
}

/// Which audit events a table shows. Newest first.
public struct AuditQuery: Sendable, Equatable {
  public var operation: String?
  public var actor: String?
  public var subject: String?
  /// Events about this account, whichever other rows they name.
  public var account: Account.ID?
  public var since: Timestamp?
  /// Not included.
  public var until: Timestamp?
  public var text: String
  public var isDescending: Bool
  public var position: PagePosition
  public var limit: Int

  public init(
    operation: String? = nil, actor: String? = nil, subject: String? = nil, account: Account.ID? = nil,
    since: Timestamp? = nil, until: Timestamp? = nil, text: String = "", isDescending: Bool = true,
    position: PagePosition = .start, limit: Int = 50
  ) {
    self.operation = operation
    self.actor = actor
    self.subject = subject
    self.account = account
    self.since = since
    self.until = until
    self.text = text
    self.isDescending = isDescending
    self.position = position
    self.limit = limit
  }
}

/// What an audit row says, before it has its place in the chain.
public struct AuditEntry: Sendable {
  public var operation: String
  public var subject: String
  public var reason: String
  public var detailsJSON: String
  /// The accounts it is about, for finding it by account; not part of the chain.
  public var accounts: Set<Account.ID>

  public init(
    operation: String, subject: String, reason: String, detailsJSON: String, accounts: Set<Account.ID> = []
  ) {
    self.operation = operation
    self.subject = subject
    self.reason = reason
    self.detailsJSON = detailsJSON
    self.accounts = accounts
  }
}

/// The audit log: append only, each row hashed together with the one before it.
public struct Audit {
  /// What the first row follows.
  static let origin = String(repeating: "0", count: 64)

  let db: Database

  /// - Parameter accounts: the accounts it is about, for finding it by account; not part of the chain.
  public func append(
    at now: Timestamp, actor: Actor, operation: String, subject: String, reason: String, detailsJSON: String,
    accounts: Set<Account.ID> = []
  ) throws -> AuditEvent {
    let entry = AuditEntry(
      operation: operation, subject: subject, reason: reason, detailsJSON: detailsJSON, accounts: accounts)
    return try append([entry], at: now, actor: actor)[0]
  }

  /// Appends many rows at a time, each hashed together with the one before it. - Returns: them, in the same order.
  @discardableResult
  public func append(_ entries: [AuditEntry], at now: Timestamp, actor: Actor) throws -> [AuditEvent] {
    guard !entries.isEmpty else { return [] }
    let events = try chained(entries, at: now, actor: actor)
    try Audit.rows.write(events, in: db) { event, values in
      values.add(event.id)
      values.add(event.at.microseconds)
      values.add(event.actor)
      values.add(event.role)
      values.add(event.origin)
      values.add(event.operation)
      values.add(event.subject)
      values.add(event.reason)
      values.add(event.details)
      values.add(event.hash)
    }
    try Counters(db: db).add("audit", events.count)
    try link(entries, events)
    return events
  }

  /// The entries as events that follow the last row and one another.
  private func chained(_ entries: [AuditEntry], at now: Timestamp, actor: Actor) throws -> [AuditEvent] {
    let last = try Row.fetchOne(db.cachedStatement(sql: "SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1"))
    var id: Int64 = last?[0] ?? 0
    var hash: String = last?[1] ?? Audit.origin
    let role = actor.role.name
    return entries.map { entry in
      id += 1
      var event = AuditEvent(
        id: id, at: now, actor: actor.name, role: role, origin: actor.origin, operation: entry.operation,
        subject: entry.subject, reason: entry.reason, details: entry.detailsJSON, hash: "")
      hash = Audit.hash(event, after: hash)
      event.hash = hash
      return event
    }
  }

  /// Makes events findable by the accounts that they are about.
  private func link(_ entries: [AuditEntry], _ events: [AuditEvent]) throws {
    for (entry, event) in zip(entries, events) {
      guard !entry.accounts.isEmpty || entry.subject.hasPrefix("account:") else { continue }
      for account in entry.accounts.union(Audit.accounts(in: entry.subject)).sorted() {
        try db.cachedStatement(sql: "INSERT INTO audit_account (account_id, audit_id) VALUES ($1, $2)")
          .execute(arguments: [account, event.id])
      }
    }
  }

  private static let rows = RowWrite(
    head: "INSERT INTO audit (id, at, actor, role, origin, operation, subject, reason, details, hash)", columns: 10)

  /// `account:4,7` names its accounts.
  private static func accounts(in subject: String) -> Set<Account.ID> {
    guard subject.hasPrefix("account:") else { return [] }
    return Set(subject.dropFirst("account:".count).split(separator: ",").compactMap { Int64($0) })
  }

  public func get(_ id: Int64) throws -> AuditEvent? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT \(Audit.columns) FROM audit u WHERE u.id = $1"), arguments: [id]
    ).map(Audit.decode)
  }

  /// Reads the whole chain. A row that was edited, removed or moved breaks it; removed last rows show only against
  /// a witness (count and hash) kept elsewhere.
  public func verify() throws -> AuditVerification {
    var previous = Audit.origin
    var expected: Int64 = 1
    let rows = try Row.fetchCursor(db, sql: "SELECT \(Audit.columns) FROM audit u ORDER BY u.id")
    while let row = try rows.next() {
      let event = Audit.decode(row)
      guard event.id == expected else {
        return .broken(at: expected, why: "row \(expected) is missing; the next one is \(event.id)")
      }
      guard event.hash == Audit.hash(event, after: previous) else {
        return .broken(
          at: event.id, why: "row \(event.id) does not follow from the row before it: edited, moved or replaced")
      }
      previous = event.hash
      expected += 1
    }
    // The counter only ever grows. It is no proof, a witness is; but most who cut the log off forget it.
    let counted = try Int64.fetchOne(db, sql: "SELECT value FROM counter WHERE name = 'audit'") ?? 0
    guard counted <= expected - 1 else {
      return .broken(at: expected, why: "row \(expected) is missing: the log was cut off, \(counted) were written")
    }
    return .sound(count: Int(expected - 1), lastHash: previous)
  }

  public func page(_ query: AuditQuery) throws -> Page<AuditEvent> {
    var page = PageQuery(
      select: "SELECT \(Audit.columns)/*sort*/ FROM audit u", sort: "u.id", id: "u.id",
      isDescending: query.isDescending,
      position: query.position, limit: query.limit)
    if let operation = query.operation { page.filter("u.operation = ?", operation) }
    if let actor = query.actor { page.filter("u.actor = ?", actor) }
    if let subject = query.subject { page.filter("u.subject = ?", subject) }
    if let account = query.account {
      page.filter("u.id IN (SELECT audit_id FROM audit_account WHERE account_id = ?)", account)
    }
    if let since = query.since { page.filter("u.at >= ?", since.microseconds) }
    if let until = query.until { page.filter("u.at < ?", until.microseconds) }
    page.search(query.text, in: ["u.operation", "u.subject", "u.reason", "u.actor", "u.details"])
    return try page.fetch(db) { row in
      let event = Audit.decode(row)
      return (event.id, event)
    }
  }

  private static let columns = """
    u.id, u.at, u.actor, u.role, u.origin, u.operation, u.subject, u.reason, u.details, u.hash
    """

  private static func decode(_ row: Row) -> AuditEvent {
    AuditEvent(
      id: row[0], at: Timestamp(microseconds: row[1]), actor: row[2], role: row[3], origin: row[4], operation: row[5],
      subject: row[6], reason: row[7], details: row[8], hash: row[9])
  }

  /// Lengths before the fields, so that no two rows have the same encoding.
  private static func hash(_ event: AuditEvent, after previous: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(640)
    func add(_ field: String) {
      bytes += String(field.utf8.count).utf8
      bytes.append(0x3A)
      bytes += field.utf8
    }
    add(previous)
    add(String(event.id))
    add(String(event.at.microseconds))
    add(event.actor)
    add(event.role)
    add(event.origin)
    add(event.operation)
    add(event.subject)
    add(event.reason)
    add(event.details)
    return Hexadecimal.text(SHA256.hash(data: bytes))
  }
}
