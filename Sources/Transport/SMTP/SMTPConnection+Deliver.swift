public import MailModel

extension SMTPConnection {
  /// Delivers one message to one recipient, as far as the gate lets it.
  ///
  /// - Parameters:
  ///   - envelopeSender: empty for the null reverse-path.
  ///   - body: header and body. Line ends are made CRLF and dots are doubled on the way.
  ///   - gate: asked before every piece of the body; the final dot follows only its arm.
  ///   - now: read for the times in the result.
  /// - Returns: never a guess: see ``DeliveryOutcome``. Afterwards ``isReusable`` says whether the connection is still
  ///   good.
  public func deliver(
    envelopeSender: String, recipient: String, body: [UInt8], dsn: DSNRequest? = nil, gate: any DotGate,
    now: () -> Timestamp
  ) -> DeliveryResult {
    guard let connection else {
      return DeliveryResult(outcome: .interrupted(reason: "the connection is not open", stage: .connect))
    }
    let envelope: Envelope
    do throws(LocalRefusal) {
      envelope = try Envelope(
        sender: envelopeSender, recipient: recipient, body: body, dsn: dsn, capabilities: capabilities)
    } catch {
      return DeliveryResult(outcome: .refused(error.reply, stage: .mail))
    }
    let renderedAt = now()
    let end = transact(Transaction(connection: connection, envelope: envelope, gate: gate), body)
    var result = DeliveryResult(outcome: end.outcome, renderedAt: renderedAt, peer: peer)
    switch end.outcome {
    case .accepted, .refused, .deferred: result.repliedAt = now()
    default: break
    }
    settle(end.fate, on: connection)
    return result
  }

  private func transact(_ transaction: Transaction, _ body: [UInt8]) -> TransactionEnd {
    do throws(TransactionEnd) {
      guard transaction.gate.mayContinue(), !interrupter.isInterrupted else { throw TransactionEnd(.withdrawn, .keep) }
      if let end = unaskedWords(on: transaction.connection, at: .mail) { throw end }
      try offerEnvelope(transaction)
      try sendBody(body, transaction)
      try passGate(transaction)
      return try sendDot(transaction)
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

  /// Patience for one step before the dot.
  func patience(_ span: Span) -> Patience { Patience(deadline: Monotonic.now + span, gate: gate) }
}
