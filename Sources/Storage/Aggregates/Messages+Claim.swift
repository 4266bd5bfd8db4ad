import Foundation
import GRDB
public import MailModel

/// A due message as the gate sees it before it is taken.
public struct DueMessage: Sendable, Equatable {
  public var id: Message.ID
  public var accountID: Account.ID
  public var account: String
  public var campaign: String
  public var inboxID: Inbox.ID?
  public var envelopeSender: String
  public var recipient: String
  public var enqueuedAt: Timestamp
  public var standing: AccountStanding
  public var isSuppressed: Bool
  /// The scope whose limit or pause it was told to wait for.
  public var waitsFor: String?
  /// The relay an operator chose for it.
  public var relay: String?
}

/// What becomes of a due message.
public enum ClaimDecision: Sendable, Equatable {
  /// It is left as it is: nothing could be done with it now.
  case leave
  /// It is leased and armed later, when a connection asks.
  case lease
  /// It is leased and armed at once, in this transaction.
  case arm
  case hold(reason: String)
  case suppress(reason: String)
  /// It is older than the maximum age.
  case expire
  /// It stays queued and is due again at `until`.
  case wait(until: Timestamp, scope: ShapingScope, reason: String)
}

/// Which of the due messages a claim looks at.
public enum DueMail: Sendable, Equatable {
  case all
  /// What may go over an inbox's own server: where nothing else would be taken, it must not wait behind all the rest.
  case ofInboxes

  /// Of the message table `m`; as the schema writes it for the index of these.
  var condition: String {
    switch self {
    case .all: "m.state = 'queued'"
    case .ofInboxes: "m.state = 'queued' AND m.inbox_id IS NOT NULL"
    }
  }
}

/// What a claim took.
public struct Claim: Sendable, Equatable {
  public var leased: [LeasedMessage] = []
  public var armed: [LeasedMessage] = []
  /// Messages that were told to wait, or have expired.
  public var told = 0

  public init() {}
}

/// The first arrows: out of the queue.
extension Messages {
  /// Takes up to `limit` due messages under a lease with a new epoch, oldest due first, with their bodies.
  public func claim(limit: Int, owner: String, now: Timestamp, leaseUntil: Timestamp) throws -> [LeasedMessage] {
    try claim(limit: limit, scan: limit, owner: owner, now: now, leaseUntil: leaseUntil) { _ in .lease }.leased
  }

  /// Looks at up to `scan` due messages, oldest due first, and takes those that `decide` lets through, `limit` at most.
  ///
  /// - Parameter decide: the gate's word on each; asked in order, once for each.
  public func claim(
    _ mail: DueMail = .all, limit: Int, scan: Int, owner: String, now: Timestamp, leaseUntil: Timestamp,
    decide: (DueMessage) throws -> ClaimDecision
  ) throws -> Claim {
    var claim = Claim()
    var others: [(Message.ID, ClaimDecision)] = []
    guard limit > 0 else { return claim }
    // Decided first and written afterwards: rows must not change under the statement that reads them.
    try RowRead.each(
      Messages.dueRows(mail), in: db,
      constants: { values in
        values.add(now.microseconds)
        values.add(scan)
      },
      visit: { row in
        let due = Messages.due(row)
        let decision = try decide(due)
        switch decision {
        case .lease: claim.leased.append(Messages.leased(row, due))
        case .arm: claim.armed.append(Messages.leased(row, due))
        case .leave: break
        case .wait, .expire:
          claim.told += 1
          others.append((due.id, decision))
        case .hold, .suppress: others.append((due.id, decision))
        }
        return claim.leased.count + claim.armed.count < limit
      })
    try take(claim.leased, as: .leased, reason: "claimed", owner: owner, now: now, leaseUntil: leaseUntil)
    try take(claim.armed, as: .armed, reason: "armed", owner: owner, now: now, leaseUntil: leaseUntil)
    for (id, decision) in others { try settle(id, decision, now: now) }
    return claim
  }

  /// The WHERE is the claimable index's own: written otherwise SQLite would not use it.
  static func dueRows(_ mail: DueMail) -> String {
    """
    SELECT m.id, m.epoch, m.account_id, m.envelope_sender, m.recipient, m.attempt_count, m.enqueued_at, b.bytes,
      a.standing, EXISTS (SELECT 1 FROM suppression s WHERE \(Suppressions.applies(to: "m", now: "$1"))),
      a.address, m.campaign, m.waits_for, m.inbox_id, m.relay
    FROM message m JOIN account a ON a.id = m.account_id JOIN body b ON b.message_id = m.id
    WHERE \(mail.condition) AND m.next_attempt_at <= $1
    ORDER BY m.next_attempt_at, m.id LIMIT $2
    """
  }

  private static func due(_ row: ReturnedRow) -> DueMessage {
    DueMessage(
      id: row.integer(0), accountID: row.integer(2), account: row.text(10), campaign: row.text(11),
      inboxID: row.optionalInteger(13), envelopeSender: row.text(3), recipient: row.text(4),
      enqueuedAt: Timestamp(microseconds: row.integer(6)),
      standing: AccountStanding(rawValue: row.text(8)) ?? .restricted, isSuppressed: row.flag(9),
      waitsFor: row.optionalText(12), relay: row.optionalText(14))
  }

  private static func leased(_ row: ReturnedRow, _ due: DueMessage) -> LeasedMessage {
    LeasedMessage(
      id: due.id, epoch: row.integer(1) + 1, accountID: due.accountID, inboxID: due.inboxID,
      envelopeSender: due.envelopeSender, recipient: due.recipient, attemptCount: Int(row.integer(5)),
      enqueuedAt: due.enqueuedAt, body: row.bytes(7), relay: due.relay)
  }

  private static let takenRows = RowWrite(
    head: """
      UPDATE message SET state = ?, epoch = epoch + 1, version = version + 1, lease_owner = ?, lease_expires_at = ?,
        state_changed_at = ?, state_reason = ?, waits_for = NULL
      FROM (
      """,
    columns: 1, tail: ") AS taken WHERE id = taken.column1 AND state = 'queued'")

  /// Queued to leased, and to armed in the same transaction where the gate was passed in it.
  private func take(
    _ messages: [LeasedMessage], as state: MessageState, reason: String, owner: String, now: Timestamp,
    leaseUntil: Timestamp
  ) throws {
    guard !messages.isEmpty else { return }
    let count = try Messages.takenRows.write(
      messages, in: db,
      constants: { values in
        values.add(state.rawValue)
        values.add(owner)
        values.add(leaseUntil.microseconds)
        values.add(now.microseconds)
        values.add(reason)
      },
      bind: { message, values in values.add(message.id) })
    if state == .armed {
      try Counters(db: db).moved(.queued, to: .armed, count: count)
      try Destinations(db: db).left(messages)
    }
  }

  private func settle(_ id: Message.ID, _ decision: ClaimDecision, now: Timestamp) throws {
    switch decision {
    case .lease, .arm, .leave: return
    case .hold(let reason): try leave(id, .hold, reason, now)
    case .suppress(let reason): try leave(id, .suppress, reason, now)
    case .expire: try leave(id, .expire, Messages.tooOld, now)
    case .wait(let until, let scope, let reason): try wait(id, until, scope, reason)
    }
  }

  private func leave(_ id: Message.ID, _ transition: MessageTransition, _ reason: String, _ now: Timestamp) throws {
    try db.cachedStatement(
      sql: """
        UPDATE message SET state = $1, version = version + 1, state_changed_at = $2, state_reason = $3
        WHERE id = $4 AND state = 'queued'
        """
    ).execute(arguments: [transition.target.rawValue, now.microseconds, reason, id])
  }

  /// Still queued, and no attempt: a limit or a pause never uses up retries.
  func wait(_ id: Message.ID, _ until: Timestamp, _ scope: ShapingScope, _ reason: String) throws {
    try db.cachedStatement(
      sql: """
        UPDATE message SET next_attempt_at = $1, waits_for = $2, state_reason = $3, version = version + 1
        WHERE id = $4 AND state = 'queued'
        """
    ).execute(arguments: [until.microseconds, scope.description, reason, id])
  }
}
