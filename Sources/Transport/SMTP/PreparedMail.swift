/// A message made ready for one connection: its envelope's commands, or why it must not be sent there.
public final class PreparedMail {
  let body: [UInt8]
  let envelope: Result<Envelope, LocalRefusal>

  init(body: [UInt8], envelope: Result<Envelope, LocalRefusal>) {
    self.body = body
    self.envelope = envelope
  }

  /// MAIL, RCPT and DATA, as they go out in one write; `nil` when it must not be sent.
  var commands: String? {
    if case .success(let envelope) = envelope { envelope.mail + envelope.rcpt + "DATA\r\n" } else { nil }
  }
}

extension SMTPConnection {
  /// - Parameters:
  ///   - envelopeSender: empty for the null reverse-path.
  ///   - body: header and body. Line ends are made CRLF and dots are doubled on the way.
  /// - Returns: the message for this connection, as long as it stays open: what the relay offers decides the commands.
  public func prepare(
    envelopeSender: String, recipient: String, body: [UInt8], dsn: DSNRequest? = nil
  ) -> PreparedMail {
    let envelope = Result { () throws(LocalRefusal) in
      try Envelope(sender: envelopeSender, recipient: recipient, body: body, dsn: dsn, capabilities: capabilities)
    }
    return PreparedMail(body: body, envelope: envelope)
  }
}
