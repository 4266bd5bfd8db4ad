import GRDB
import MailModel

/// The columns of a message as listed, and their reading. STRICT tables keep the types.
enum MessageRow {
  static let columns = """
    m.id, m.version, m.state, m.epoch, m.source, m.idempotency_key, m.account_id, a.address, m.envelope_sender,
    m.recipient, m.message_id, m.subject, m.size, m.enqueued_at, m.next_attempt_at, m.attempt_count, m.lease_owner,
    m.lease_expires_at, m.state_changed_at, m.state_reason, m.campaign, m.relay
    """
  static let select = "SELECT \(columns) FROM message m JOIN account a ON a.id = m.account_id"

  static func decode(_ row: Row) -> Message {
    Message(
      id: row[0], version: row[1], state: MessageState(rawValue: row[2]) ?? .uncertain, epoch: row[3], source: row[4],
      idempotencyKey: row[5], accountID: row[6], accountAddress: row[7], envelopeSender: row[8], recipient: row[9],
      messageID: row[10], subject: row[11], size: row[12], enqueuedAt: Timestamp(microseconds: row[13]),
      nextAttemptAt: Timestamp(microseconds: row[14]), attemptCount: row[15], leaseOwner: row[16],
      leaseExpiresAt: (row[17] as Int64?).map(Timestamp.init(microseconds:)),
      stateChangedAt: Timestamp(microseconds: row[18]), stateReason: row[19],
      campaign: row[20], relay: row[21])
  }

  /// The same without a box for each value, for the queries of an intake.
  static func decode(_ row: ReturnedRow) -> Message {
    Message(
      id: row.integer(0), version: row.integer(1), state: MessageState(rawValue: row.text(2)) ?? .uncertain,
      epoch: row.integer(3), source: row.text(4), idempotencyKey: row.text(5), accountID: row.integer(6),
      accountAddress: row.text(7), envelopeSender: row.text(8), recipient: row.text(9), messageID: row.text(10),
      subject: row.text(11), size: Int(row.integer(12)), enqueuedAt: Timestamp(microseconds: row.integer(13)),
      nextAttemptAt: Timestamp(microseconds: row.integer(14)), attemptCount: Int(row.integer(15)),
      leaseOwner: row.optionalText(16),
      leaseExpiresAt: row.optionalInteger(17).map(Timestamp.init(microseconds:)),
      stateChangedAt: Timestamp(microseconds: row.integer(18)), stateReason: row.text(19),
      campaign: row.text(20), relay: row.optionalText(21))
  }
}

extension MessageTransition {
  /// `'queued', 'held'`: the states this arrow leaves from, for SQL. Raw values, never text from outside.
  var sourceList: String { sources.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ") }
}
