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

/// What a way in hands to the queue: everything about a message that is frozen at enqueue.
public struct Submission: Sendable, Equatable {
  public var source: String
  public var idempotencyKey: String
  public var accountAddress: String
  public var envelopeSender: String
  public var recipient: String
  public var messageID: String
  public var subject: String
  /// The canonical message: CRLF line ends, no dot-stuffing.
  public var body: [UInt8]
  /// SHA-256 of `body`; the same idempotency key with another hash is refused.
  public var bodyHash: [UInt8]
  /// Not before this moment; `nil` for at once.
  public var notBefore: Timestamp?
  /// The address in From: with the envelope sender it tells which inbox the message goes out from.
  public var author: String
  /// The campaign it belongs to; empty for none.
  public var campaign: String

  public init(
    source: String, idempotencyKey: String, accountAddress: String, envelopeSender: String, recipient: String,
    messageID: String, subject: String, body: [UInt8], bodyHash: [UInt8], notBefore: Timestamp? = nil,
    author: String = "", campaign: String = ""
  ) {
    self.campaign = campaign
    self.source = source
    self.idempotencyKey = idempotencyKey
    self.accountAddress = accountAddress
    self.envelopeSender = envelopeSender
    self.recipient = recipient
    self.messageID = messageID
    self.subject = subject
    self.body = body
    self.bodyHash = bodyHash
    self.notBefore = notBefore
    self.author = author
  }
}

/// A message under lease together with its body: what a connection needs to send it.
public struct LeasedMessage: Sendable, Equatable {
  public var id: Message.ID
  public var epoch: Int64
  public var accountID: Account.ID
  /// The inbox it goes out from; `nil` for none of ours.
  public var inboxID: Inbox.ID?
  public var envelopeSender: String
  public var recipient: String
  /// The relay an operator chose for it; `nil` for whichever takes mail.
  public var relay: String?
  public var attemptCount: Int
  public var enqueuedAt: Timestamp
  public var body: [UInt8]
  /// ENVID for relays that offer DSN (RFC 3461 §4.4): comes back in reports as Original-Envelope-Id.
  public var envelopeID: String?

  public init(
    id: Message.ID, epoch: Int64, accountID: Account.ID, inboxID: Inbox.ID?, envelopeSender: String, recipient: String,
    attemptCount: Int, enqueuedAt: Timestamp, body: [UInt8], relay: String? = nil
  ) {
    self.relay = relay
    self.id = id
    self.epoch = epoch
    self.accountID = accountID
    self.inboxID = inboxID
    self.envelopeSender = envelopeSender
    self.recipient = recipient
    self.attemptCount = attemptCount
    self.enqueuedAt = enqueuedAt
    self.body = body
  }
}
