/// One login of an inbox, without its password.
public struct MailServer: Sendable, Equatable {
  /// How a connection is secured. Certificates and host names are always verified.
  public enum Security: String, Sendable, CaseIterable, Codable {
    /// Plain greeting, then STARTTLS, which is required: a server that does not offer it is refused.
    case startTLS = "starttls"
    /// TLS from the first byte.
    case tls
    /// No protection. Only towards loopback; anything else is refused before a packet leaves.
    case none
  }

  public var host: String
  public var port: Int
  public var security: Security
  public var username: String

  public init(host: String, port: Int, security: Security, username: String) {
    self.host = host
    self.port = port
    self.security = security
    self.username = username
  }

  /// `host:port`.
  public var endpoint: String { "\(host):\(port)" }
}
