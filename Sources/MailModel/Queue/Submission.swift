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
