import MailModel

/// What becomes of the connection after a transaction.
enum ConnectionFate: Equatable {
  case keep
  /// The relay still holds the envelope: RSET first.
  case reset
  /// No meaning is left in the stream, or the relay wants us gone.
  case cut
}

/// How a transaction ended.
struct TransactionEnd: Error, Equatable {
  var outcome: DeliveryOutcome
  var fate: ConnectionFate

  init(_ outcome: DeliveryOutcome, _ fate: ConnectionFate) {
    self.outcome = outcome
    self.fate = fate
  }
}

/// What a reply means, by the step it answers. The one place where replies become outcomes.
enum SMTPOutcome {
  /// - Parameter declaresSize: whether MAIL carried SIZE, so that 552 is about this message and not about the relay.
  /// - Returns: `nil` when the dialogue goes on.
  static func of(_ reply: ServerReply, at stage: DeliveryStage, declaresSize: Bool = false) -> TransactionEnd? {
    if stage == .dot { return ofDot(reply) }
    let expected = stage == .data ? 3 : 2
    switch (reply.code, reply.code / 100) {
    case (421, _):
      return TransactionEnd(
        .relayUnavailable(reason: "the relay closes: \(reply.text)", reply: reply, stage: stage), .cut)
    case (_, expected): return nil
    case (_, 4): return TransactionEnd(.deferred(reply, stage: stage), .reset)
    case (552, _) where stage == .mail && declaresSize: return TransactionEnd(.refused(reply, stage: .mail), .reset)
    // The relay wants another login (RFC 4954 §6): it takes mail of nobody.
    case (530...539, _) where stage == .mail:
      return TransactionEnd(
        .relayUnavailable(reason: "the relay refuses to take mail: \(reply.text)", reply: reply, stage: .mail), .reset)
    // This sender's mail waits and counts its attempts, and that of others goes on: the sender, or what the relay is told
    // about it, can be put right.
    case (_, 5) where stage == .mail: return TransactionEnd(.deferred(reply, stage: .mail), .reset)
    case (_, 5): return TransactionEnd(.refused(reply, stage: stage), .reset)
    default:
      return TransactionEnd(
        .interrupted(reason: "the relay answered \(reply.code), which is no answer here", stage: stage), .cut)
    }
  }

  private static func ofDot(_ reply: ServerReply) -> TransactionEnd {
    switch reply.code / 100 {
    case 2: TransactionEnd(.accepted(reply), .keep)
    case 4: TransactionEnd(.deferred(reply, stage: .dot), reply.code == 421 ? .cut : .keep)
    case 5: TransactionEnd(.refused(reply, stage: .dot), .keep)
    default: TransactionEnd(.uncertain(reason: "the relay answered the final dot with \(reply.code)"), .cut)
    }
  }
}
