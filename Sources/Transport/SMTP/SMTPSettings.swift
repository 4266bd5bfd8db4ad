public import MailModel

/// How to reach and use a relay.
public struct SMTPSettings: Sendable, Equatable {
  public var endpoint: Endpoint
  public var security: MailServer.Security
  /// `nil` or empty: no AUTH. Otherwise the login is required; a relay that offers none is refused.
  public var username: String?
  public var password: Secret?
  /// PEM file of the only authorities to trust; `nil` for the system's.
  public var caFile: String?
  /// The name said in EHLO; `nil` for this machine's.
  public var helloName: String?
  public var connectTimeout: Span
  /// For one complete reply, and for the dialogue before MAIL as a whole.
  public var commandTimeout: Span
  /// For the reply to the final dot, which may take minutes (RFC 5321 §4.5.3.2.6).
  public var dotTimeout: Span

  public init(
    host: String, port: Int, security: MailServer.Security = .startTLS, username: String? = nil,
    password: Secret? = nil, caFile: String? = nil, helloName: String? = nil, connectTimeout: Span = .seconds(15),
    commandTimeout: Span = .seconds(60), dotTimeout: Span = .seconds(600)
  ) {
    self.endpoint = Endpoint(host: host, port: port)
    self.security = security
    self.username = username.flatMap { $0.isEmpty ? nil : $0 }
    self.password = password
    self.caFile = caFile
    self.helloName = helloName
    self.connectTimeout = connectTimeout
    self.commandTimeout = commandTimeout
    self.dotTimeout = dotTimeout
  }

  var plan: ConnectionPlan {
    ConnectionPlan(
      service: .smtp, endpoint: endpoint, security: security, username: username, password: password, caFile: caFile,
      path: helloName ?? "", connectTimeout: connectTimeout, commandTimeout: commandTimeout)
  }
}
