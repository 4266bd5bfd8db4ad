import Glibc
import MailFormats
import MailModel

/// The steps of one transaction, in the order in which they happen.
extension SMTPConnection {
  private static let chunk = 32_768

  /// MAIL, RCPT and DATA: out already when the message was announced, else in one write when the relay takes it, else
  /// one by one.
  func offerEnvelope(_ transaction: Transaction) throws(TransactionEnd) {
    if transaction.isAnnounced { return try readPipelined(transaction) }
    if let end = unaskedWords(on: transaction.connection, at: .mail) { throw end }
    let envelope = transaction.envelope
    if capabilities.pipelining {
      try say(envelope.commands, transaction, at: .mail)
      try readPipelined(transaction)
    } else {
      try exchange(envelope.mail, transaction, at: .mail)
      try exchange(envelope.rcpt, transaction, at: .rcpt)
      try exchange("DATA\r\n", transaction, at: .data)
    }
  }

  private func say(_ text: String, _ transaction: Transaction, at stage: DeliveryStage) throws(TransactionEnd) {
    do throws(StreamFault) {
      try send(text, on: transaction.connection, transaction.patience(settings.commandTimeout))
    } catch {
      throw Self.end(.stream(error), at: stage)
    }
  }

  private func answer(_ transaction: Transaction, at stage: DeliveryStage) throws(TransactionEnd) -> ServerReply {
    do throws(ReplyFault) {
      return try readReply(on: transaction.connection, transaction.patience(settings.commandTimeout))
    } catch {
      throw Self.end(error, at: stage)
    }
  }

  private func exchange(_ command: String, _ transaction: Transaction, at stage: DeliveryStage) throws(TransactionEnd) {
    guard transaction.gate.mayContinue() else { throw TransactionEnd(.withdrawn, stage == .mail ? .keep : .reset) }
    try say(command, transaction, at: stage)
    let reply = try answer(transaction, at: stage)
    if let end = SMTPOutcome.of(reply, at: stage, declaresSize: transaction.envelope.declaresSize) { throw end }
  }

  /// The first refusal decides; the replies to the commands after it are read so that the stream stays in step.
  private func readPipelined(_ transaction: Transaction) throws(TransactionEnd) {
    var refusal: TransactionEnd?
    for stage in [DeliveryStage.mail, .rcpt, .data] {
      let reply: ServerReply
      do throws(TransactionEnd) {
        reply = try answer(transaction, at: stage)
      } catch {
        throw refusal.map { TransactionEnd($0.outcome, .cut) } ?? error
      }
      let end = SMTPOutcome.of(reply, at: stage, declaresSize: transaction.envelope.declaresSize)
      if let refusal, end == nil {
        // The relay takes a body without a recipient; only a dot or a cut ends that, and we send no dot unarmed.
        if stage == .data { throw TransactionEnd(refusal.outcome, .cut) }
      } else if refusal == nil, let end {
        refusal = end
        if end.fate == .cut { throw end }
      }
    }
    if let refusal { throw refusal }
  }

  func sendBody(_ body: [UInt8], _ transaction: Transaction) throws(TransactionEnd) {
    var stuffer = DotStuffer()
    // When the dot follows at once, the end of the body leaves the host together with it, in one packet. The dot is
    // still a write of its own; and a wait for the arm would have shown a relay that hangs up before it.
    if transaction.gate.isArmedAhead { transaction.connection.holdBack(true) }
    let piece = UnsafeMutableRawBufferPointer(rebasing: output[..<Self.chunk])
    while true {
      let count = body.withUnsafeBytes { stuffer.fill(piece, from: $0) }
      guard count > 0 else { return }
      guard transaction.gate.mayContinue(), !interrupter.isInterrupted else { throw TransactionEnd(.withdrawn, .cut) }
      do throws(StreamFault) {
        let bytes = UnsafeRawBufferPointer(rebasing: output[..<count])
        try transaction.connection.writeAll(bytes, transaction.patience(settings.commandTimeout))
      } catch {
        // A relay that gives up in the middle says why before it hangs up.
        if case .closed = error, let end = unaskedWords(on: transaction.connection, at: .body) { throw end }
        throw Self.end(.stream(error), at: .body)
      }
    }
  }

  /// The last moment at which nothing has happened yet.
  func passGate(_ transaction: Transaction) throws(TransactionEnd) {
    guard transaction.gate.awaitArm() else { throw TransactionEnd(.withdrawn, .cut) }
    if let end = unaskedWords(on: transaction.connection, at: .body) { throw end }
  }

  /// The final dot, with it the envelope of the message that follows, and the reply to the dot and to nothing else.
  func sendDot(_ transaction: Transaction, announcing next: PreparedMail?) throws(TransactionEnd) -> TransactionEnd {
    let commands = next?.commands ?? []
    try writeDot(transaction, commands)
    deliveries += 1
    if !commands.isEmpty { announced = next }
    let patience = Patience(deadline: Monotonic.now + settings.dotTimeout, isInterruptible: false)
    do throws(ReplyFault) {
      let reply = try readReply(on: transaction.connection, patience)
      return SMTPOutcome.of(reply, at: .dot) ?? TransactionEnd(.uncertain(reason: "no outcome"), .cut)
    } catch {
      return TransactionEnd(.uncertain(reason: "no complete reply to the final dot: \(error.reason)"), .cut)
    }
  }

  /// From the first byte of the dot that may have left, doubt is possible; before it, there is none.
  ///
  /// - Parameter commands: what goes out in the same write, behind the dot.
  private func writeDot(_ transaction: Transaction, _ commands: [UInt8]) throws(TransactionEnd) {
    let dot = ".\r\n".utf8
    let length = dot.count + commands.count
    output.copyBytes(from: dot)
    UnsafeMutableRawBufferPointer(rebasing: output[dot.count...]).copyBytes(from: commands)
    let connection = transaction.connection
    var sent = 0
    var isUnsent = true
    let deadline = Monotonic.now + settings.commandTimeout
    guard transaction.gate.beginDot() else { throw TransactionEnd(.withdrawn, .cut) }
    while sent < length {
      if isUnsent, !transaction.gate.mayContinue() || interrupter.isInterrupted {
        throw TransactionEnd(.withdrawn, .cut)
      }
      let step = connection.write(UnsafeRawBufferPointer(rebasing: output[sent..<length]))
      // A plain write that failed or would block took nothing. A TLS record may have left in part.
      if case .wrote = step { isUnsent = false } else if connection.isEncrypted { isUnsent = false }
      do throws(StreamFault) {
        switch step {
        case .wrote(let count): sent += count
        case .wouldBlock:
          let gate = isUnsent ? transaction.gate : nil
          try connection.waitUntilWritable(
            Patience(deadline: deadline, gate: gate, isInterruptible: isUnsent))
        case .failed(let reason): throw .closed(reason)
        }
      } catch {
        if isUnsent { throw Self.end(.stream(error), at: .body) }
        let reason = "the final dot may have left in part: \(ReplyFault.stream(error).reason)"
        throw TransactionEnd(.uncertain(reason: reason), .cut)
      }
    }
    if transaction.gate.isArmedAhead { connection.holdBack(false) }
  }
}
