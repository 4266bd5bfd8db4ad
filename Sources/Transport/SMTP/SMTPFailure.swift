public import MailModel

/// Why no message can be handed to a relay: what happened, where, and what to do. Never holds a secret.
public struct SMTPFailure: Error, Sendable, Equatable, CustomStringConvertible {
  public var kind: ConnectionFailureKind
  public var endpoint: Endpoint
  /// What libcurl or the system said.
  public var detail: String
  /// The last reply of the server, if it got that far.
  public var reply: ServerReply?

  public init(kind: ConnectionFailureKind, endpoint: Endpoint, detail: String, reply: ServerReply? = nil) {
    self.kind = kind
    self.endpoint = endpoint
    self.detail = detail
    self.reply = reply
  }

  public var stage: DeliveryStage { kind.stage }

  /// What this means for a message that waited for the connection.
  public var outcome: DeliveryOutcome {
    kind == .interrupted ? .withdrawn : .relayUnavailable(reason: description, reply: reply, stage: stage)
  }

  public var description: String {
    let said = reply.map { " (the relay said: \($0.code) \($0.text.replacing("\n", with: " / ")))" } ?? ""
    return "relay \(endpoint): \(what): \(detail)\(said). \(advice)"
  }

  private var what: String {
    switch kind {
    case .settings: "the settings cannot be used"
    case .resolve: "its name does not resolve"
    case .connect: "cannot connect"
    case .timeout: "timed out"
    case .greeting: "did not greet"
    case .startTLS: "TLS is required and the relay does not do STARTTLS"
    case .tls: "no trusted TLS connection"
    case .login: "the login failed"
    case .dialogue: "the dialogue broke off"
    case .interrupted: "stopped"
    }
  }

  private var advice: String {
    switch kind {
    case .settings, .resolve: "Check host, port and TLS mode of the relay."
    case .connect, .timeout: "Check that the relay runs and that no firewall is between."
    case .greeting, .dialogue: "Check that this port speaks SMTP; the relay's log says more."
    case .startTLS: "Use a port with TLS; nothing secret was sent."
    case .tls:
      "Check the relay's certificate and the file of trusted authorities, and whether this port speaks TLS from the first "
        + "byte or after STARTTLS; nothing secret was sent."
    case .login: "Check user name and password of the relay."
    case .interrupted: "Nothing was sent."
    }
  }
}
