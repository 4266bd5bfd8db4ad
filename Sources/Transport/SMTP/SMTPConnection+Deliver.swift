import MailFormats
public import MailModel

extension SMTPConnection {
  /// Delivers one message to one recipient, as far as the gate lets it.
  ///
  /// - Parameters:
  ///   - mail: prepared by this connection since it was opened.
  ///   - gate: asked before every piece of the body; the final dot follows only its arm.
  ///   - next: asked once at most, right before the final dot, for the message that is to follow. Where the relay offers
  ///     PIPELINING, its MAIL, RCPT and DATA go out along with the dot (RFC 2920 §3.1): a round trip less for each
  ///     message. Nothing of its body goes out before it is delivered itself.
  ///   - now: read for the times in the result.
  /// - Returns: never a guess: see ``DeliveryOutcome``. Afterwards ``isReusable(for:)`` says whether the connection is
  ///   still good.
  public func deliver(
    _ mail: PreparedMail, gate: any DotGate, announcing next: () -> PreparedMail? = { nil }, now: () -> Timestamp
  ) -> DeliveryResult {
    guard let connection else {
      return DeliveryResult(outcome: .interrupted(reason: "the connection is not open", stage: .connect))
    }
    let isAnnounced = announced === mail
    guard isAnnounced || announced == nil else {
      abort()
      return DeliveryResult(outcome: .interrupted(reason: "another message was announced", stage: .connect))
    }
    announced = nil
    let envelope: Envelope
    switch mail.envelope {
    case .success(let good): envelope = good
    case .failure(let refusal): return DeliveryResult(outcome: .refused(refusal.reply, stage: .mail))
    }
    let renderedAt = now()
    let transaction = Transaction(connection: connection, envelope: envelope, gate: gate, isAnnounced: isAnnounced)
    let end = transact(transaction, mail.body, next)
    var result = DeliveryResult(outcome: end.outcome, renderedAt: renderedAt, peer: peer)
    switch end.outcome {
    case .accepted, .refused, .deferred: result.repliedAt = now()
    default: break
    }
    settle(end.fate, on: connection)
    return result
  }

  private func transact(
    _ transaction: Transaction, _ body: [UInt8], _ next: () -> PreparedMail?
  ) -> TransactionEnd {
    do throws(TransactionEnd) {
      guard transaction.gate.mayContinue(), !interrupter.isInterrupted else {
        throw TransactionEnd(.withdrawn, transaction.isAnnounced ? .cut : .keep)
      }
      try offerEnvelope(transaction)
      try sendBody(body, transaction)
      try passGate(transaction)
      return try sendDot(transaction, announcing: capabilities.pipelining ? next() : nil)
    } catch {
      return error
    }
  }

  private func settle(_ fate: ConnectionFate, on connection: CurlConnection) {
    switch fate {
    case .keep: break
    case .cut: abort()
    case .reset:
      let patience = Patience(deadline: Monotonic.now + min(settings.commandTimeout, .seconds(10)))
      do {
        try send("RSET\r\n", on: connection, patience)
        let reply = try readReply(on: connection, patience)
        if reply.code != 250 { abort() }
      } catch {
        abort()
      }
    }
  }
}

/// One message on its way over one connection.
struct Transaction {
  var connection: CurlConnection
  var envelope: Envelope
  var gate: any DotGate
  /// Its envelope went out along with the dot of the message before it.
  var isAnnounced = false

  /// Patience for one step before the dot.
  func patience(_ span: Span) -> Patience { Patience(deadline: Monotonic.now + span, gate: gate) }
}
