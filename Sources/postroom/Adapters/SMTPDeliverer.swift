import Engine
import MailModel
import Transport

/// The relay of the configuration, as the engine sees it.
struct SMTPDeliverer: Deliverer {
  let settings: SMTPSettings
  let clock: any Clock
  let relay: String
  var login: String { settings.username ?? "" }

  /// The relay of the configuration.
  init(_ configuration: Configuration, clock: any Clock) {
    self.init(configuration.relay, configuration, clock: clock)
  }

  init(_ relay: Configuration.Relay, _ configuration: Configuration, clock: any Clock) {
    self.init(
      settings: SMTPSettings(
        host: relay.host, port: relay.port, security: relay.security, username: relay.username,
        password: relay.password, caFile: configuration.caFile.isEmpty ? nil : configuration.caFile,
        helloName: relay.helloName.isEmpty ? nil : relay.helloName), clock: clock)
  }

  init(settings: SMTPSettings, clock: any Clock) {
    self.settings = settings
    self.clock = clock
    relay = "\(settings.endpoint.host):\(settings.endpoint.port)"
  }

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
  /// The message whose envelope went out along with the last dot.
  private var announced: (id: Message.ID, epoch: Int64, mail: PreparedMail)?

  init(connection: SMTPConnection, clock: any Clock) {
    self.connection = connection
    self.clock = clock
  }

  func isReusable(for message: LeasedMessage?) -> Bool {
    connection.isReusable(for: message.flatMap(announcement(of:)))
  }

  func deliver(
    _ message: LeasedMessage, gate: any DotGate, announcing next: () -> LeasedMessage?
  ) -> DeliveryResult {
    let mail = announcement(of: message) ?? prepare(message)
    announced = nil
    return connection.deliver(
      mail, gate: gate,
      announcing: {
        announced = next().map { ($0.id, $0.epoch, prepare($0)) }
        return announced?.mail
      }, now: { [clock] in clock.now() })
  }

  private func announcement(of message: LeasedMessage) -> PreparedMail? {
    guard let announced, announced.id == message.id, announced.epoch == message.epoch else { return nil }
    return announced.mail
  }

  private func prepare(_ message: LeasedMessage) -> PreparedMail {
    connection.prepare(
      envelopeSender: message.envelopeSender, recipient: message.recipient, body: message.body,
      envelopeID: message.envelopeID)
  }

  func close() { connection.close() }

  var interrupt: @Sendable () -> Void {
    let interrupter = connection.interrupter
    return { interrupter.interrupt(dotReplyWithin: SMTPSession.dotPatience) }
  }
}

extension RelayDirectory {
  /// The relays of the configuration in their order, and each inbox's own server.
  init(_ open: OpenWorkspace) {
    let configuration = open.workspace.configuration
    let relays = ([configuration.relay] + configuration.fallbackRelays).map {
      SMTPDeliverer($0, configuration, clock: open.clock)
    }
    self.init(relays) { inbox in
      do {
        let login = try open.inboxLogin(for: inbox)
        return SMTPDeliverer(
          settings: SMTPSettings(login, caFile: configuration.caFile, helloName: configuration.relay.helloName),
          clock: open.clock)
      } catch {
        // Its mail does not go out over a relay that is not its own: it waits, and the reason is shown.
        return UnusableRelay(relay: Inbox.serverWithoutLogin(inbox), reason: "\(error)")
      }
    }
  }
}

/// A server whose login is not known.
struct UnusableRelay: Deliverer {
  var relay: String
  var reason: String
  var login: String { "" }

  func openSession() throws(RelayUnavailable) -> any DeliverySession {
    throw RelayUnavailable(reason: reason, stage: .auth)
  }
}
