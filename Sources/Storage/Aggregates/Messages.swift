import Foundation
import GRDB
public import MailModel

/// One claim of one message.
public struct Lease: Hashable, Sendable {
  public var id: Message.ID
  public var epoch: Int64

  public init(id: Message.ID, epoch: Int64) {
    self.id = id
    self.epoch = epoch
  }
}

/// What enqueueing found.
public enum Insertion: Sendable, Equatable {
  case inserted(Message.ID)
  /// The same source and idempotency key with the same body: acknowledged again, not stored again.
  case duplicate(Message.ID)
  /// The same source and idempotency key with another body: refused.
  case conflict(Message.ID)
}

public enum ArmVerdict: Sendable, Equatable {
  case armed
  /// Its account is restricted; the message became held.
  case restricted
  /// Its recipient is suppressed; the message became suppressed.
  case suppressed
  /// Something that came up since the claim holds it back; the message is queued again.
  case waits
  /// The lease is not ours any more: stale epoch, other owner, other state.
  case lost
}

/// What a recovery did with the leases of engines that died.
public struct Recovery: Sendable, Equatable {
  public var requeued: Int
  public var uncertain: [Message.ID]
}

/// A lease that ran out with its message, which has no body here.
public struct ExpiredLease: Sendable, Equatable {
  public var message: LeasedMessage
  public var isArmed: Bool
  public var owner: String
  /// When it was leased or armed.
  public var since: Timestamp

  public var lease: Lease { Lease(id: message.id, epoch: message.epoch) }
}

/// What releasing an account's held mail does or would do.
public struct ReleaseCount: Sendable, Equatable {
  public var released: Int
  public var suppressed: Int
}

/// The queue. Every change is a compare-and-set; `$1 …` are numbered in order of first use.
public struct Messages {
  let db: Database

  // MARK: Enqueue

  /// Stores a message and its body. Durable when the surrounding transaction is.
  ///
  /// - Parameter state: `.queued`, or `.held` / `.suppressed` when policy says so at once.
  public func insert(
    _ submission: Submission, account: Account.ID, state: MessageState, reason: String, now: Timestamp
  ) throws -> Insertion {
    let existing = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT m.id, b.hash FROM message m JOIN body b ON b.message_id = m.id
          WHERE m.source = $1 AND m.idempotency_key = $2
          """),
      arguments: [submission.source, submission.idempotencyKey])
    if let existing {
      let hash: [UInt8] = Array(existing[1] as Data)
      return hash == submission.bodyHash ? .duplicate(existing[0]) : .conflict(existing[0])
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO message (id, state, source, idempotency_key, account_id, envelope_sender, recipient, message_id,
          subject, size, enqueued_at, next_attempt_at, state_changed_at, state_reason, inbox_id, campaign)
        VALUES (\(Mark.nextMessageID), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        """
    ).execute(arguments: [
      state.rawValue, submission.source, submission.idempotencyKey, account, submission.envelopeSender,
      submission.recipient, submission.messageID, submission.subject, submission.body.count, now.microseconds,
      max(now, submission.notBefore ?? now).microseconds, now.microseconds, reason,
      try Inboxes(db: db).id(sending: submission.author, envelopeSender: submission.envelopeSender),
      submission.campaign,
    ])
    let id = db.lastInsertedRowID
    try db.cachedStatement(sql: "INSERT INTO body (message_id, hash, bytes) VALUES ($1, $2, $3)")
      .execute(arguments: [id, Data(submission.bodyHash), Data(submission.body)])
    return .inserted(id)
  }

  // MARK: One message

  public func get(_ id: Message.ID) throws -> Message? {
    try Row.fetchOne(db.cachedStatement(sql: "\(MessageRow.select) WHERE m.id = $1"), arguments: [id]).map(
      MessageRow.decode)
  }

  /// The canonical message, or its first `limit` bytes.
  public func body(of id: Message.ID, limit: Int = .max) throws -> [UInt8]? {
    let length = min(limit, 1 << 30)
    return try Data.fetchOne(
      db.cachedStatement(sql: "SELECT substr(bytes, 1, $1) FROM body WHERE message_id = $2"), arguments: [length, id]
    ).map(Array.init)
  }

  /// Messages with this Message-ID, one per recipient.
  public func find(messageID: String) throws -> [Message] {
    try Row.fetchAll(
      db.cachedStatement(sql: "\(MessageRow.select) WHERE m.message_id = $1 ORDER BY m.id LIMIT 1000"),
      arguments: [messageID]
    ).map(MessageRow.decode)
  }

  /// The messages with these Message-IDs, oldest first, many ids a statement.
  /// - Returns: by Message-ID. An id that is left out has to be asked for by itself: it has more messages than are read
  ///   at once.
  public func find(messageIDs ids: [String]) throws -> [String: [Message]] {
    var found: [String: [Message]] = [:]
    found.reserveCapacity(ids.count)
    for chunk in Rows.chunks(of: ids) {
      let sql = chunk.count == Rows.chunk ? Messages.byChunk : Messages.byOne
      let messages = try RowRead.all(
        sql, in: db, constants: { for id in chunk { $0.add(id) } }, decode: { MessageRow.decode($0) })
      guard messages.count < 1_000 else { continue }
      let groups = Dictionary(grouping: messages, by: \.messageID)
      for id in chunk {
        let same = groups[id] ?? []
        // SQLite would take every message through a sorter.
        found[id] = same.count > 1 ? same.sorted { $0.id < $1.id } : same
      }
    }
    return found
  }

  private static let byChunk = byMessageIDs(Rows.chunk)
  private static let byOne = byMessageIDs(1)

  private static func byMessageIDs(_ count: Int) -> String {
    "\(MessageRow.select) WHERE m.message_id IN (\(Rows.placeholders(count))) LIMIT 1000"
  }

  /// The messages that a provider took under this id, as its reply to the final dot said (`250 Ok 0100…`).
  public func find(providerID: String) throws -> [Message] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          \(MessageRow.select) WHERE m.id IN
            (SELECT message_id FROM attempt WHERE substr(text, 1, 4) = 'Ok 0' AND substr(text, 4, 100) = $1
             AND outcome = 'accepted')
          ORDER BY m.id LIMIT 100
          """), arguments: [providerID]
    ).map(MessageRow.decode)
  }

  /// Attempted messages to this recipient, in any case, since `moment`, newest first, at most 20.
  public func find(recipient: String, sentAfter moment: Timestamp) throws -> [Message] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          \(MessageRow.select) WHERE lower(m.recipient) = lower($1) AND m.state IN ('armed', 'sent', 'uncertain', 'failed')
          AND m.state_changed_at >= $2 ORDER BY m.id DESC LIMIT 20
          """),
      arguments: [recipient, moment.microseconds]
    ).map(MessageRow.decode)
  }

  // MARK: Amounts

  /// When the next queued message is due.
  public func earliestNextAttempt() throws -> Timestamp? {
    try Int64.fetchOne(
      db.cachedStatement(
        sql: "SELECT next_attempt_at FROM message WHERE state = 'queued' ORDER BY next_attempt_at LIMIT 1")
    ).map(Timestamp.init(microseconds:))
  }

  /// When the message was armed that has waited longest for its final reply; `nil` when none is armed. Reads every message
  /// under a lease: ask it when there are few.
  public func earliestArmed() throws -> Timestamp? {
    try Int64.fetchOne(
      db.cachedStatement(
        sql: "SELECT min(state_changed_at) FROM message WHERE state IN ('leased', 'armed') AND state = 'armed'")
    ).map(Timestamp.init(microseconds:))
  }

  /// When the last of the queued messages is due, and what it waits for.
  public func lastDue() throws -> (at: Timestamp, scope: ShapingScope?)? {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT next_attempt_at, waits_for FROM message WHERE state = 'queued' ORDER BY next_attempt_at DESC LIMIT 1
          """))
    return row.map { (Timestamp(microseconds: $0[0]), ($0[1] as String?).flatMap { ShapingScope($0) }) }
  }

  /// How many messages are due, counted no further than `limit`.
  public func dueCount(_ mail: DueMail = .all, now: Timestamp, limit: Int) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT count(*) FROM
            (SELECT 1 FROM message m WHERE \(mail.condition) AND m.next_attempt_at <= $1 LIMIT $2) AS due
          """),
      arguments: [now.microseconds, limit]) ?? 0
  }

  /// An account's messages that wait or are held, counted no further than `limit`. Only for the states of a partial index:
  /// queued, leased, held.
  public func count(account: Account.ID, states: MessageState..., limit: Int = .max) throws -> Int {
    try states.reduce(0) { counted, state in
      let more = try Int.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT count(*) FROM
              (SELECT 1 FROM message WHERE account_id = $1 AND state = $2 AND \(MessageIndexes.accountWaiting) LIMIT $3)
            """),
        arguments: [account, state.rawValue, limit - counted])
      return counted + (more ?? 0)
    }
  }
}
