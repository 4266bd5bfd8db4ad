/// One arrow in a message's life that somebody has to know of afterwards: put off, held, released, expired, settled …
/// The common way (claimed, armed, sent) leaves none.
public struct MessageTrace: Sendable, Equatable, Identifiable {
  public var id: Int64
  public var messageID: Message.ID
  public var at: Timestamp
  public var epoch: Int64
  public var source: MessageState
  public var target: MessageState
  /// Who or what, and why; replies in it are text from outside.
  public var reason: String
  /// When it was due next, where it leads back to the queue.
  public var nextAttemptAt: Timestamp

  public init(
    id: Int64, messageID: Message.ID, at: Timestamp, epoch: Int64, source: MessageState, target: MessageState,
    reason: String, nextAttemptAt: Timestamp
  ) {
    self.id = id
    self.messageID = messageID
    self.at = at
    self.epoch = epoch
    self.source = source
    self.target = target
    self.reason = reason
    self.nextAttemptAt = nextAttemptAt
  }
}
