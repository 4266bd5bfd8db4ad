/// One message to one recipient, without its body: the row that changes state.
public struct Message: Sendable, Equatable, Identifiable {
  public typealias ID = Int64

  public var id: ID
  /// Grows with every change; an operation on an older version is refused.
  public var version: Int64
  public var state: MessageState
  /// Grows with every claim; a worker with an older epoch can neither arm nor finish.
  public var epoch: Int64
  /// The way in, such as `enqueue`, `sendmail`, `daily`. Unique together with `idempotencyKey`.
  public var source: String
  public var idempotencyKey: String
  /// The sending account, the address that complaints count against.
  public var accountID: Account.ID
  public var accountAddress: String
  /// Envelope sender (RFC 5321 MAIL FROM); empty for the null sender.
  public var envelopeSender: String
  /// The one envelope recipient (RFC 5321 RCPT TO).
  public var recipient: String
  /// The Message-ID with its angle brackets, frozen at enqueue.
  public var messageID: String
  /// The decoded Subject, for people. Text from outside.
  public var subject: String
  /// Bytes of the canonical message, before dot-stuffing.
  public var size: Int
  public var enqueuedAt: Timestamp
  /// Not attempted before this moment.
  public var nextAttemptAt: Timestamp
  /// Attempts that ended in a deferral or a definite reply; what the retry schedule counts.
  public var attemptCount: Int
  /// While leased or armed: who holds it and until when.
  public var leaseOwner: String?
  public var leaseExpiresAt: Timestamp?
  /// When the current state was entered.
  public var stateChangedAt: Timestamp
  /// Why it is in this state, in words: the last reply, the hold's reason. May quote text from outside.
  public var stateReason: String
  /// The campaign it belongs to; empty for none.
  public var campaign: String
  /// The relay an operator chose for it, `host:port`; `nil` for whichever takes mail.
  public var relay: String?

  public init(
    id: ID, version: Int64, state: MessageState, epoch: Int64, source: String, idempotencyKey: String,
    accountID: Account.ID, accountAddress: String, envelopeSender: String, recipient: String, messageID: String,
    subject: String, size: Int, enqueuedAt: Timestamp, nextAttemptAt: Timestamp, attemptCount: Int,
    leaseOwner: String?, leaseExpiresAt: Timestamp?, stateChangedAt: Timestamp, stateReason: String,
    campaign: String = "", relay: String? = nil
  ) {
    self.campaign = campaign
    self.relay = relay
    self.id = id
    self.version = version
    self.state = state
    self.epoch = epoch
    self.source = source
    self.idempotencyKey = idempotencyKey
    self.accountID = accountID
    self.accountAddress = accountAddress
    self.envelopeSender = envelopeSender
    self.recipient = recipient
    self.messageID = messageID
    self.subject = subject
    self.size = size
    self.enqueuedAt = enqueuedAt
    self.nextAttemptAt = nextAttemptAt
    self.attemptCount = attemptCount
    self.leaseOwner = leaseOwner
    self.leaseExpiresAt = leaseExpiresAt
    self.stateChangedAt = stateChangedAt
    self.stateReason = stateReason
  }
}
