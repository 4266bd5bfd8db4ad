/// Why a mailbox cannot be read: what happened, where, and what to do. Never holds a secret.
public struct IMAPFailure: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// The connection could not be set up.
    case connection(ConnectionFailureKind)
    /// The server answered NO or BAD to a command.
    case refused(command: String)
    /// The server closed the connection or said BYE.
    case closed
    /// No complete response in time.
    case timeout
    /// What the server sent is not IMAP, or exceeds a bound.
    case protocolViolation
    /// The name of a mailbox holds a control character or is too long.
    case mailboxName
    /// Another thread asked to stop.
    case interrupted
  }

  public var kind: Kind
  public var endpoint: Endpoint
  public var detail: String

  public init(kind: Kind, endpoint: Endpoint, detail: String) {
    self.kind = kind
    self.endpoint = endpoint
    self.detail = detail
  }

  public var description: String {
    "mailbox server \(endpoint): \(what): \(detail)\(detail.hasSuffix(".") ? "" : ".") \(advice)"
  }

  private var what: String {
    switch kind {
    case .connection(.login): "the login failed"
    case .connection(.tls): "no trusted TLS connection"
    case .connection(.startTLS): "TLS is required and the server does not do STARTTLS"
    case .connection(.settings): "the settings cannot be used"
    case .connection(.timeout), .timeout: "timed out"
    case .connection(.interrupted), .interrupted: "stopped"
    case .connection: "cannot connect"
    case .refused(let command): "refused \(command)"
    case .closed: "closed the connection"
    case .protocolViolation: "broke the protocol"
    case .mailboxName: "this cannot be the name of a mailbox"
    }
  }

  private var advice: String {
    switch kind {
    case .connection(.login): "Check IMAP_USERNAME and IMAP_PASSWORD \(others)."
    case .connection(.tls):
      "Check the server's certificate and EMAIL_CA_FILE, and by IMAP_PORT and IMAP_USE_SSL whether it speaks TLS there; "
        + "nothing secret was sent."
    case .connection(.startTLS): "Use a port with TLS; nothing secret was sent."
    case .connection(.settings): "Check IMAP_HOST, IMAP_PORT, IMAP_USE_SSL and IMAP_USERNAME \(others)."
    case .connection, .timeout: "Check IMAP_HOST, IMAP_PORT and IMAP_USE_SSL \(others), and that the server runs."
    case .refused, .mailboxName: "Check IMAP_MAILBOX \(others), and the rights on it."
    case .closed, .protocolViolation: "The next scan starts where this one was committed."
    case .interrupted: "Nothing was changed on the server."
    }
  }

  private var others: String { "(of a further mailbox the same with REPORT_MAILBOX_ and its number)" }
}
