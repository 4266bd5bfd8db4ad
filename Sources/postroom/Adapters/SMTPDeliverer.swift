import Engine
import MailModel
import Transport

/// The relay of the configuration, as the engine sees it.
struct SMTPDeliverer: Deliverer {
  let settings: SMTPSettings
  let clock: any Clock

  init(_ configuration: Configuration, clock: any Clock) {
    let relay = configuration.relay
    settings = SMTPSettings(
      host: relay.host, port: relay.port, security: ConnectionSecurity(relay.security), username: relay.username,
      password: relay.password, caFile: configuration.caFile.isEmpty ? nil : configuration.caFile,
      helloName: relay.helloName.isEmpty ? nil : relay.helloName)
    self.clock = clock
  }

  var relay: String { "\(settings.endpoint.host):\(settings.endpoint.port)" }

  func openSession() throws(RelayUnavailable) -> any DeliverySession {
    let connection = SMTPConnection(settings)
    do throws(SMTPFailure) {
      try connection.open()
    } catch {
      throw RelayUnavailable(reason: error.description, stage: error.stage)
    }
    return SMTPSession(connection: connection, clock: clock)
  }
}

/// One connection to the relay.
final class SMTPSession: DeliverySession {
  /// How long, after a stop, the reply to a final dot that is out already may take before the message is uncertain.
  static let dotPatience = Span.seconds(30)

  private let connection: SMTPConnection
  private let clock: any Clock

  init(connection: SMTPConnection, clock: any Clock) {
    self.connection = connection
    self.clock = clock
  }

  var isReusable: Bool { connection.isReusable }

  func deliver(_ message: LeasedMessage, gate: any DotGate) -> DeliveryResult {
    connection.deliver(
      envelopeSender: message.envelopeSender, recipient: message.recipient, body: message.body,
      dsn: message.envelopeID.map { DSNRequest(envelopeID: $0, originalRecipient: message.recipient) }, gate: gate,
      now: { [clock] in clock.now() })
  }

  func close() { connection.close() }

  var interrupt: @Sendable () -> Void {
    let interrupter = connection.interrupter
    return { interrupter.interrupt(dotReplyWithin: SMTPSession.dotPatience) }
  }
}

extension ConnectionSecurity {
  init(_ security: Configuration.Security) {
    switch security {
    case .startTLS: self = .startTLS
    case .tls: self = .tls
    case .none: self = .none
    }
  }
}
