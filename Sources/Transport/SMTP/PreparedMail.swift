/// A message made ready for one connection: its envelope's commands, or why it must not be sent there.
public final class PreparedMail {
  let body: [UInt8]
  let envelope: Result<Envelope, LocalRefusal>
  /// MAIL, RCPT and DATA, as they go out in one write; empty when it must not be sent.
  let commands: [UInt8]

  init(body: [UInt8], envelope: Result<Envelope, LocalRefusal>) {
    self.body = body
    self.envelope = envelope
    commands = if case .success(let good) = envelope { Array(good.commands.utf8) } else { [] }
  }
}

extension SMTPConnection {
  /// - Parameters:
  ///   - envelopeSender: empty for the null reverse-path.
  ///   - body: header and body. Line ends are made CRLF and dots are doubled on the way.
  ///   - envelopeID: to come back in delivery reports along with the recipient, over relays that offer DSN (RFC 3461).
  /// - Returns: the message for this connection, as long as it stays open: what the relay offers decides the commands.
  public func prepare(
    envelopeSender: String, recipient: String, body: [UInt8], envelopeID: String? = nil
  ) -> PreparedMail {
    let envelope = Result { () throws(LocalRefusal) in
      try Envelope(
        sender: envelopeSender, recipient: recipient, body: body, envelopeID: envelopeID, capabilities: capabilities)
    }
    return PreparedMail(body: body, envelope: envelope)
  }
}
