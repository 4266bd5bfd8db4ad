/// A server's reply to one SMTP command (RFC 5321 §4.2).
public struct ServerReply: Sendable, Equatable {
  /// Reply code, 200–599.
  public var code: Int
  public var enhancedStatus: EnhancedStatus?
  /// The text of all lines joined with a newline, without codes. Text from outside, bounded by the parser.
  public var text: String

  public init(code: Int, enhancedStatus: EnhancedStatus? = nil, text: String) {
    self.code = code
    self.enhancedStatus = enhancedStatus
    self.text = text
  }
}

/// The step of the SMTP dialogue in which something happened.
public enum DeliveryStage: String, Sendable, CaseIterable, Codable {
  case connect, greeting, hello, startTLS, auth, mail, rcpt, data, body, dot
}

/// How one attempt ended, decided only by definite evidence.
public enum DeliveryOutcome: Sendable, Equatable {
  /// 2xx to the final dot.
  case accepted(ServerReply)
  /// 5xx to RCPT, DATA or the final dot: never again.
  case refused(ServerReply, stage: DeliveryStage)
  /// A 4xx to RCPT, DATA or the final dot: this message waits.
  case deferred(ServerReply, stage: DeliveryStage)
  /// The connection failed before the final dot (no dot was sent): this message waits.
  case interrupted(reason: String, stage: DeliveryStage)
  /// The relay as a whole cannot be used (connect, TLS, AUTH, 421, 5xx at MAIL): back to the queue untouched, relay pauses.
  case relayUnavailable(reason: String, reply: ServerReply?, stage: DeliveryStage)
  /// Cut before the final dot because sending stopped or the arm was denied: back to the queue untouched.
  case withdrawn
  /// The final dot was (or may have been) sent and no complete final reply came back.
  case uncertain(reason: String)
}

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
