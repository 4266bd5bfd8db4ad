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
