/// One try to deliver one message, as recorded.
public struct Attempt: Sendable, Equatable, Identifiable {
  public var id: Int64
  public var messageID: Message.ID
  public var epoch: Int64
  /// `host:port` of the next server.
  public var relay: String
  /// The address that answered there; empty when it is not known.
  public var peer: String
  /// `accepted`, `refused`, `deferred`, `interrupted`, `relay unavailable`, `withdrawn` or `uncertain`.
  public var outcome: String
  public var stage: DeliveryStage?
  public var replyCode: Int?
  public var enhancedStatus: EnhancedStatus?
  public var text: String
  /// When the bytes for the wire were ready, the arm was committed, the reply was complete.
  public var renderedAt: Timestamp?
  public var armedAt: Timestamp?
  public var repliedAt: Timestamp?

  public init(
    id: Int64, messageID: Message.ID, epoch: Int64, relay: String, outcome: String, stage: DeliveryStage?,
    replyCode: Int?, enhancedStatus: EnhancedStatus?, text: String, renderedAt: Timestamp?, armedAt: Timestamp?,
    repliedAt: Timestamp?, peer: String = ""
  ) {
    self.peer = peer
    self.id = id
    self.messageID = messageID
    self.epoch = epoch
    self.relay = relay
    self.outcome = outcome
    self.stage = stage
    self.replyCode = replyCode
    self.enhancedStatus = enhancedStatus
    self.text = text
    self.renderedAt = renderedAt
    self.armedAt = armedAt
    self.repliedAt = repliedAt
  }
}
