internal import MailModel

/// One SMTP dialogue (RFC 5321): bytes in, actions out, no I/O.
struct SMTPSession {
  enum Phase {
    case command
    case login(LoginStep)
    case data(DotDecoder, Envelope)
    /// Stalled or done: whatever comes is dropped.
    case deaf
  }

  let desk: RelayDesk
  var settings: SandboxSettings
  var phase = Phase.command
  var hasGreeted = false
  var isLoggedIn = false
  var envelope: Envelope?
  var now = Timestamp(microseconds: 0)
  private var lines = LineSplitter(limit: 4096)
  private var strikes = 0

  init(desk: RelayDesk) {
    self.desk = desk
    settings = desk.settings
  }

  /// What the relay says first.
  mutating func greet() -> [SMTPAction] {
    switch settings.greeting {
    case .normal: return [.reply(220, "\(settings.hostName) ESMTP sandbox")]
    case .busy: return end([.reply(421, "4.3.2 \(settings.hostName) too busy, try again later"), .close])
    case .silent: return end([])
    case .garbage: return end([.write(Gibberish.bytes)])
    case .endless: return end([.flood(Array("220-\(settings.hostName) still not done\r\n".utf8))])
    case .closes: return end([.close])
    }
  }

  /// Takes what the client sent; several pipelined commands give the actions of all of them.
  mutating func receive(_ bytes: [UInt8], now: Timestamp) -> [SMTPAction] {
    self.now = now
    settings = desk.settings
    var rest = bytes[...]
    var actions: [SMTPAction] = []
    while !rest.isEmpty {
      switch phase {
      case .deaf:
        return actions
      case .data(var decoder, let envelope):
        if envelope.dataBehaviour == .dropInData { return actions + end([.note("closes within the body"), .close]) }
        // Leave the phase first, so that the decoder's bytes are not copied on every write.
        phase = .command
        if decoder.read(from: &rest) {
          actions += finish(decoder, envelope)
        } else {
          phase = .data(decoder, envelope)
        }
      case .command, .login:
        guard let line = lines.next(from: &rest) else { return actions }
        actions += answer(line)
      }
    }
    return actions
  }

  /// Nothing is heard after `actions`.
  mutating func end(_ actions: [SMTPAction]) -> [SMTPAction] {
    phase = .deaf
    return actions
  }

  private mutating func answer(_ line: LineSplitter.Line) -> [SMTPAction] {
    guard case .whole(let bytes) = line else { return strike("500 5.5.2 Line too long") }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      return strike("500 5.5.2 Not valid UTF-8")
    }
    if case .login(let step) = phase { return [.note("< (credentials)")] + continueLogin(step, text) }
    let verb = text.prefix { $0 != " " }.uppercased()
    let argument = text.dropFirst(verb.count).drop { $0 == " " }
    return [.note("< \(verb == "AUTH" ? "AUTH (credentials)" : text)")] + perform(verb, argument)
  }

  private mutating func perform(_ verb: String, _ argument: Substring) -> [SMTPAction] {
    switch verb {
    case "EHLO", "HELO": return hello(verb, argument)
    case "MAIL": return mail(argument)
    case "RCPT": return recipient(argument)
    case "DATA": return data(argument)
    case "AUTH": return authenticate(argument)
    case "RSET":
      envelope = nil
      return [.reply(250, "2.0.0 Ok")]
    case "NOOP": return [.reply(250, "2.0.0 Ok")]
    case "VRFY": return [.reply(252, "2.5.0 Cannot tell; try to send")]
    case "QUIT": return end([.reply(221, "2.0.0 Bye"), .close])
    default: return strike("500 5.5.2 Command not recognized")
    }
  }

  /// A mistake of the client; after twenty the relay hangs up.
  mutating func strike(_ reply: String) -> [SMTPAction] {
    strikes += 1
    if strikes > 20 { return end([.reply(421, "4.7.0 Too many errors"), .close]) }
    return [.write(Array((reply + "\r\n").utf8))]
  }

  private mutating func hello(_ verb: String, _ argument: Substring) -> [SMTPAction] {
    guard !argument.isEmpty else { return strike("501 5.5.4 Name needed") }
    hasGreeted = true
    envelope = nil
    guard verb == "EHLO" else { return [.reply(250, settings.hostName)] }
    var lines = [settings.hostName] + settings.extensions + ["SIZE \(settings.maxMessageSize)"]
    if settings.smtpLogin != nil { lines.append("AUTH PLAIN LOGIN") }
    let last = lines.removeLast()
    let text = lines.map { "250-\($0)\r\n" }.joined() + "250 \(last)\r\n"
    return [.write(Array(text.utf8))]
  }
}
