import Foundation
import GRDB
public import MailModel

/// Claim, arm, finish, recover: the arrows that engines take.
extension Messages {
  /// Takes up to `limit` due messages under a lease with a new epoch, oldest due first, with their bodies.
  public func claim(limit: Int, owner: String, now: Timestamp, leaseUntil: Timestamp) throws -> [LeasedMessage] {
    // The WHERE of the inner query is the claimable index's own: written otherwise SQLite would not use it.
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT m.id, m.epoch, m.envelope_sender, m.recipient, m.attempt_count, m.enqueued_at, b.bytes
          FROM message m JOIN body b ON b.message_id = m.id
          WHERE m.state = 'queued' AND m.next_attempt_at <= $1
          ORDER BY m.next_attempt_at, m.id LIMIT $2
          """),
      arguments: [now.microseconds, limit])
    let take = try db.cachedStatement(
      sql: """
        UPDATE message SET state = 'leased', epoch = epoch + 1, version = version + 1, lease_owner = $1,
          lease_expires_at = $2, state_changed_at = $3, state_reason = 'claimed'
        WHERE id = $4 AND state = 'queued'
        """)
    return try rows.map { row in
      let id: Int64 = row[0]
      try take.execute(arguments: [owner, leaseUntil.microseconds, now.microseconds, id])
      return LeasedMessage(
        id: id, epoch: (row[1] as Int64) + 1, envelopeSender: row[2], recipient: row[3], attemptCount: row[4],
        enqueuedAt: Timestamp(microseconds: row[5]), body: Array(row[6] as Data))
    }
  }

  /// The last gate for a group (DESIGN §4 "Arm"). The permit is the caller's to check, in the same transaction.
  public func arm(
    _ leases: [Lease], owner: String, now: Timestamp, leaseUntil: Timestamp
  ) throws -> [Message.ID: ArmVerdict] {
    let look = try db.cachedStatement(
      sql: """
        SELECT a.standing, EXISTS (SELECT 1 FROM suppression s WHERE s.address = lower(m.recipient))
        FROM message m JOIN account a ON a.id = m.account_id
        WHERE m.id = $1 AND m.epoch = $2 AND m.lease_owner = $3 AND m.state = 'leased'
        """)
    let take = try db.cachedStatement(
      sql: """
        UPDATE message SET state = 'armed', version = version + 1, lease_expires_at = $1, state_changed_at = $2,
          state_reason = 'armed'
        WHERE id = $3 AND epoch = $4 AND lease_owner = $5 AND state = 'leased'
        """)
    var verdicts: [Message.ID: ArmVerdict] = [:]
    for lease in leases {
      guard let row = try Row.fetchOne(look, arguments: [lease.id, lease.epoch, owner]) else {
        verdicts[lease.id] = .lost
        continue
      }
      if row[1] as Bool {
        _ = try move(lease, .suppress, reason: "recipient is suppressed", now: now)
        verdicts[lease.id] = .suppressed
      } else if (row[0] as String) == AccountStanding.restricted.rawValue {
        _ = try move(lease, .hold, reason: "account restricted", now: now)
        verdicts[lease.id] = .restricted
      } else {
        try take.execute(arguments: [leaseUntil.microseconds, now.microseconds, lease.id, lease.epoch, owner])
        verdicts[lease.id] = db.changesCount == 1 ? .armed : .lost
      }
    }
    return verdicts
  }

  /// Ends a lease by `transition`.
  ///
  /// - Parameters:
  ///   - nextAttemptAt: for arrows back to the queue; `nil` for at once.
  ///   - countsAttempt: whether the retry schedule counts it.
  /// - Returns: `false` when the row has moved on: other epoch or other state.
  public func finish(
    _ lease: Lease, transition: MessageTransition, reason: String, now: Timestamp, nextAttemptAt: Timestamp?,
    countsAttempt: Bool
  ) throws -> Bool {
    try move(
      lease, transition, reason: reason, now: now, nextAttemptAt: nextAttemptAt ?? now, countsAttempt: countsAttempt)
  }

  private func move(
    _ lease: Lease, _ transition: MessageTransition, reason: String, now: Timestamp, nextAttemptAt: Timestamp? = nil,
    countsAttempt: Bool = false
  ) throws -> Bool {
    try db.cachedStatement(
      sql: """
        UPDATE message SET state = '\(transition.target.rawValue)', version = version + 1, lease_owner = NULL,
          lease_expires_at = NULL, state_changed_at = $1, state_reason = $2,
          next_attempt_at = coalesce($3, next_attempt_at), attempt_count = attempt_count + $4
        WHERE id = $5 AND epoch = $6 AND state IN (\(transition.sourceList))
        """
    ).execute(arguments: [
      now.microseconds, String(reason.prefix(2_000)), nextAttemptAt?.microseconds, countsAttempt ? 1 : 0, lease.id,
      lease.epoch,
    ])
    return db.changesCount == 1
  }

  /// Expired `leased` rows go back to the queue: no final dot was possible. Expired `armed` rows become uncertain.
  public func recoverExpired(now: Timestamp) throws -> Recovery {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT id, epoch, state FROM message
          WHERE state IN ('leased', 'armed') AND lease_expires_at < $1 ORDER BY lease_expires_at LIMIT 10000
          """),
      arguments: [now.microseconds])
    var recovery = Recovery(requeued: 0, uncertain: [])
    for row in rows {
      let lease = Lease(id: row[0], epoch: row[1])
      if (row[2] as String) == MessageState.armed.rawValue {
        if try move(lease, .doubt, reason: "its engine vanished between arm and reply", now: now, countsAttempt: true) {
          recovery.uncertain.append(lease.id)
        }
      } else if try move(lease, .giveBack, reason: "its engine vanished before the final dot", now: now) {
        recovery.requeued += 1
      }
    }
    return recovery
  }

  /// A sign of life: all leases of `owner` run until `moment`.
  public func renewLeases(owner: String, until moment: Timestamp) throws {
    try db.cachedStatement(
      sql: "UPDATE message SET lease_expires_at = $1 WHERE state IN ('leased', 'armed') AND lease_owner = $2"
    ).execute(arguments: [moment.microseconds, owner])
  }

  /// Gives back what `owner` has leased and not armed.
  public func giveBackAll(owner: String, now: Timestamp) throws -> Int {
    try db.cachedStatement(
      sql: """
        UPDATE message SET state = 'queued', version = version + 1, lease_owner = NULL, lease_expires_at = NULL,
          state_changed_at = $1, state_reason = 'given back before the final dot'
        WHERE state IN ('leased', 'armed') AND state = 'leased' AND lease_owner = $2
        """
    ).execute(arguments: [now.microseconds, owner])
    return db.changesCount
  }

  /// Gives up queued messages that are too old, at most `limit`.
  public func expireQueued(enqueuedBefore moment: Timestamp, now: Timestamp, limit: Int) throws -> Int {
    try db.cachedStatement(
      sql: """
        UPDATE message SET state = 'expired', version = version + 1, state_changed_at = $1,
          state_reason = 'older than the maximum age'
        WHERE id IN (SELECT id FROM message WHERE state = 'queued' AND enqueued_at < $2 LIMIT $3) AND state = 'queued'
        """
    ).execute(arguments: [now.microseconds, moment.microseconds, limit])
    return db.changesCount
  }
}
