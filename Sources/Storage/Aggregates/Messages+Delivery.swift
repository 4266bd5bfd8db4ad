import Foundation
import GRDB
public import MailModel

/// Arm, finish, recover: the arrows that engines take once they hold a lease.
extension Messages {
  /// The last gate for a group (DESIGN §4 "Arm"). The permit is the caller's to check, in the same transaction.
  ///
  /// - Parameter hindrance: what came up since the claim, such as a pause: `.wait`, or `nil` for nothing.
  public func arm(
    _ leases: [Lease], owner: String, now: Timestamp, leaseUntil: Timestamp,
    hindrance: (DueMessage) throws -> ClaimDecision? = { _ in nil }
  ) throws -> [Message.ID: ArmVerdict] {
    let look = try db.cachedStatement(
      sql: """
        SELECT a.standing, EXISTS (SELECT 1 FROM suppression s WHERE \(Suppressions.applies(to: "m", now: "$1"))),
          m.account_id, a.address, m.campaign, m.inbox_id, m.envelope_sender, m.recipient, m.waits_for, m.relay,
          m.enqueued_at
        FROM message m JOIN account a ON a.id = m.account_id
        WHERE m.id = $2 AND m.epoch = $3 AND m.lease_owner = $4 AND m.state = 'leased'
        """)
    let take = try db.cachedStatement(
      sql: """
        UPDATE message SET state = 'armed', version = version + 1, lease_expires_at = $1, state_changed_at = $2,
          state_reason = 'armed'
        WHERE id = $3 AND epoch = $4 AND lease_owner = $5 AND state = 'leased'
        """)
    var verdicts: [Message.ID: ArmVerdict] = [:]
    for lease in leases {
      guard let row = try Row.fetchOne(look, arguments: [now.microseconds, lease.id, lease.epoch, owner]) else {
        verdicts[lease.id] = .lost
        continue
      }
      if let verdict = try keepBack(lease, Messages.due(lease.id, row), now: now, hindrance) {
        verdicts[lease.id] = verdict
        continue
      }
      try take.execute(arguments: [leaseUntil.microseconds, now.microseconds, lease.id, lease.epoch, owner])
      verdicts[lease.id] = db.changesCount == 1 ? .armed : .lost
    }
    return verdicts
  }

  /// - Returns: `nil` when the message may be armed; else it is where it belongs.
  private func keepBack(
    _ lease: Lease, _ message: DueMessage, now: Timestamp, _ hindrance: (DueMessage) throws -> ClaimDecision?
  ) throws -> ArmVerdict? {
    if message.isSuppressed {
      _ = try move(lease, .suppress, reason: "recipient is suppressed", now: now)
      return .suppressed
    }
    if message.standing == .restricted {
      _ = try move(lease, .hold, reason: "account restricted", now: now)
      return .restricted
    }
    guard case .wait(let until, let scope, let reason)? = try hindrance(message) else { return nil }
    _ = try move(lease, .giveBack, reason: reason, now: now, nextAttemptAt: until)
    try wait(lease.id, until, scope, reason)
    return .waits
  }

  /// The row that `arm` looks at.
  private static func due(_ id: Message.ID, _ row: Row) -> DueMessage {
    DueMessage(
      id: id, accountID: row[2], account: row[3], campaign: row[4], inboxID: row[5], envelopeSender: row[6],
      recipient: row[7], enqueuedAt: Timestamp(microseconds: row[10]),
      standing: AccountStanding(rawValue: row[0]) ?? .restricted, isSuppressed: row[1],
      waitsFor: row[8], relay: row[9])
  }

  /// Ends the leases of armed messages that were accepted, many at once: `finish` by `.accept` for each.
  ///
  /// - Returns: those that it was true of; the others have moved on.
  public func accept(_ accepted: [(lease: Lease, reason: String)], now: Timestamp) throws -> Set<Message.ID> {
    var taken: Set<Message.ID> = []
    var sent: [Account.ID: Int] = [:]
    guard !accepted.isEmpty else { return taken }
    try Messages.acceptedRows.write(
      accepted, in: db,
      constants: { values in values.add(now.microseconds) },
      returned: { row in
        taken.insert(row.integer(0))
        sent[row.integer(1), default: 0] += 1
      },
      bind: { done, values in
        values.add(done.lease.id)
        values.add(done.lease.epoch)
        values.add(done.reason.bounded(2_000))
      })
    try Counters(db: db).moved(.armed, to: .sent, count: taken.count)
    try countSent(sent, now: now)
    return taken
  }

  private static let acceptedRows = RowWrite(
    head: """
      UPDATE message SET state = '\(MessageTransition.accept.target.rawValue)', version = version + 1,
        lease_owner = NULL, lease_expires_at = NULL, state_changed_at = ?, state_reason = done.column3,
        attempt_count = attempt_count + 1
      FROM (
      """,
    columns: 3,
    tail: """
      ) AS done WHERE id = done.column1 AND epoch = done.column2 AND state IN (\(MessageTransition.accept.sourceList))
      RETURNING id, account_id
      """)

  private func countSent(_ sent: [Account.ID: Int], now: Timestamp) throws {
    for (account, count) in sent {
      try db.cachedStatement(sql: "UPDATE account SET sent_count = sent_count + $1 WHERE id = $2")
        .execute(arguments: [count, account])
      try db.cachedStatement(
        sql: """
          INSERT INTO account_day (account_id, day, sent) VALUES ($1, $2, $3)
          ON CONFLICT (account_id, day) DO UPDATE SET sent = sent + excluded.sent
          """
      ).execute(arguments: [account, now.microseconds / Accounts.day, count])
    }
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
    if transition == .accept { return try accept([(lease, reason)], now: now).contains(lease.id) }
    return try move(
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

  /// Expired `leased` rows go back to the queue: no final dot was possible. Expired `armed` rows become uncertain, but
  /// for those of which `hadNoDot` can tell that none went out: they go back as well.
  public func recoverExpired(
    now: Timestamp, hadNoDot: (ExpiredLease) throws -> Bool = { _ in false }
  ) throws -> Recovery {
    var recovery = Recovery(requeued: 0, uncertain: [])
    for expired in try expiredLeases(now: now) {
      let isUnsent = try expired.isArmed && hadNoDot(expired)
      let arrow = MessageTransition.recovery(isArmed: expired.isArmed, hadNoDot: isUnsent)
      let isDoubt = arrow == .doubt
      let moment = isDoubt ? "between arm and reply" : "before the final dot"
      guard
        try move(
          expired.lease, arrow, reason: "its engine vanished \(moment)", now: now, countsAttempt: isDoubt)
      else { continue }
      if isDoubt { recovery.uncertain.append(expired.lease.id) } else { recovery.requeued += 1 }
    }
    return recovery
  }

  /// Leases that ran out, the oldest first, at most 10,000.
  public func expiredLeases(now: Timestamp) throws -> [ExpiredLease] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT id, epoch, state, lease_owner, state_changed_at, account_id, envelope_sender, recipient, attempt_count,
            enqueued_at, inbox_id
          FROM message
          WHERE state IN ('leased', 'armed') AND lease_expires_at < $1 ORDER BY lease_expires_at LIMIT 10000
          """),
      arguments: [now.microseconds]
    ).map { row in
      ExpiredLease(
        message: LeasedMessage(
          id: row[0], epoch: row[1], accountID: row[5], inboxID: row[10], envelopeSender: row[6], recipient: row[7],
          attemptCount: row[8],
          enqueuedAt: Timestamp(microseconds: row[9]), body: []),
        isArmed: (row[2] as String) == MessageState.armed.rawValue, owner: row[3],
        since: Timestamp(microseconds: row[4]))
    }
  }

  /// Who holds leases now.
  public func leaseOwners() throws -> Set<String> {
    Set(
      try String.fetchAll(
        db.cachedStatement(sql: "SELECT DISTINCT lease_owner FROM message WHERE state IN ('leased', 'armed')")))
  }

  /// Messages in doubt that came to be so since `moment`, counted no further than 10,000.
  public func doubted(since moment: Timestamp) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT count(*) FROM (SELECT 1 FROM message m WHERE m.state = 'uncertain' AND \(MessageIndexes.exceptions)
            AND m.state_changed_at >= $1 LIMIT 10000) AS doubted
          """),
      arguments: [moment.microseconds]) ?? 0
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
        WHERE \(MessageIndexes.leased) AND lease_owner = $2
        """
    ).execute(arguments: [now.microseconds, owner])
    return db.changesCount
  }

  static let tooOld = "older than the maximum age"

  /// Gives up queued messages that are too old, at most `limit`.
  public func expireQueued(enqueuedBefore moment: Timestamp, now: Timestamp, limit: Int) throws -> Int {
    try db.cachedStatement(
      sql: """
        UPDATE message SET state = 'expired', version = version + 1, state_changed_at = $1,
          state_reason = '\(Messages.tooOld)'
        WHERE id IN (SELECT id FROM message WHERE state = 'queued' AND enqueued_at < $2 LIMIT $3) AND state = 'queued'
        """
    ).execute(arguments: [now.microseconds, moment.microseconds, limit])
    return db.changesCount
  }
}
