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
  /// A 4xx, or a 5xx to MAIL, which is about its sender: this message waits.
  case deferred(ServerReply, stage: DeliveryStage)
  /// The connection failed before the final dot (no dot was sent): this message waits.
  case interrupted(reason: String, stage: DeliveryStage)
  /// The relay as a whole cannot be used (connect, TLS, AUTH, 421, 53x at MAIL): back to the queue untouched, relay pauses.
  case relayUnavailable(reason: String, reply: ServerReply?, stage: DeliveryStage)
  /// Cut before the final dot because sending stopped or the arm was denied: back to the queue untouched.
  case withdrawn
  /// The final dot was (or may have been) sent and no complete final reply came back.
  case uncertain(reason: String)

  /// Whether the server would not have whoever logged in.
  public var isLoginRefused: Bool {
    if case .relayUnavailable(_, _, .auth) = self { true } else { false }
  }
}

/// How one transfer ended and when its steps happened.
public struct DeliveryResult: Sendable, Equatable {
  public var outcome: DeliveryOutcome
  /// When the bytes for the wire were ready.
  public var renderedAt: Timestamp?
  /// When the complete final reply was read.
  public var repliedAt: Timestamp?
  /// The address of the server that answered; empty when there was none.
  public var peer: String

  public init(
    outcome: DeliveryOutcome, renderedAt: Timestamp? = nil, repliedAt: Timestamp? = nil, peer: String = ""
  ) {
    self.peer = peer
    self.outcome = outcome
    self.renderedAt = renderedAt
    self.repliedAt = repliedAt
  }
}
