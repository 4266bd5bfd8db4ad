public import MailModel

/// How to reach and use a mailbox server.
public struct IMAPSettings: Sendable, Equatable {
  public var endpoint: Endpoint
  public var security: MailServer.Security
  public var username: String
  public var password: Secret
  /// PEM file of the only authorities to trust; `nil` for the system's.
  public var caFile: String?
  public var connectTimeout: Span
  /// For one complete response, however slowly it arrives.
  public var commandTimeout: Span

  public init(
    host: String, port: Int, security: MailServer.Security = .tls, username: String, password: Secret,
    caFile: String? = nil, connectTimeout: Span = .seconds(15), commandTimeout: Span = .seconds(60)
  ) {
    self.endpoint = Endpoint(host: host, port: port)
    self.security = security
    self.username = username
    self.password = password
    self.caFile = caFile
    self.connectTimeout = connectTimeout
    self.commandTimeout = commandTimeout
  }

  var plan: ConnectionPlan {
    ConnectionPlan(
      service: .imap, endpoint: endpoint, security: security, username: username, password: password, caFile: caFile,
      connectTimeout: connectTimeout, commandTimeout: commandTimeout)
  }
}
