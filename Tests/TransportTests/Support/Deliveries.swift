import MailModel
import TestSupport
import Transport

let smallBody = Array("Subject: test\r\n\r\nHello\r\n".utf8)

extension SMTPMischiefServer {
  func settings(commandTimeout: Span = .seconds(30), dotTimeout: Span = .seconds(30)) -> SMTPSettings {
    SMTPSettings(
      host: "127.0.0.1", port: port, security: .none, connectTimeout: .seconds(30), commandTimeout: commandTimeout,
      dotTimeout: dotTimeout)
  }

  func connect(
    commandTimeout: Span = .seconds(30), dotTimeout: Span = .seconds(30), interrupter: Interrupter = Interrupter()
  ) throws -> SMTPConnection {
    let connection = SMTPConnection(
      settings(commandTimeout: commandTimeout, dotTimeout: dotTimeout), interrupter: interrupter)
    try connection.open()
    return connection
  }
}

extension SMTPConnection {
  func deliver(_ body: [UInt8] = smallBody, to recipient: String = "r@dest.example", gate: any DotGate = ScriptedGate())
    -> DeliveryOutcome
  {
    let mail = prepare(envelopeSender: "s@from.example", recipient: recipient, body: body)
    return deliver(mail, gate: gate, now: { Timestamp(seconds: 1) }).outcome
  }
}

extension DeliveryOutcome {
  /// The case and what decides it, without texts.
  var summary: String {
    switch self {
    case .accepted(let reply): "accepted \(reply.code)"
    case .refused(let reply, let stage): "refused \(reply.code) \(stage)"
    case .deferred(let reply, let stage): "deferred \(reply.code) \(stage)"
    case .interrupted(_, let stage): "interrupted \(stage)"
    case .relayUnavailable(_, let reply, let stage): "unavailable \(reply?.code ?? 0) \(stage)"
    case .withdrawn: "withdrawn"
    case .uncertain: "uncertain"
    }
  }
}
