public import MailModel

/// Why a connection could not be set up, told apart because each asks for something else to be done.
public enum ConnectionFailureKind: String, Sendable, CaseIterable {
  /// The settings cannot be used (plain text to another machine, a control character in a name …).
  case settings
  case resolve
  case connect
  case timeout
  /// The server greeted with a refusal, or not as the protocol says.
  case greeting
  /// STARTTLS is required and not offered, or was refused.
  case startTLS
  /// The TLS handshake or the verification of the certificate failed.
  case tls
  /// The server refused the login, or offers none that can be used.
  case login
  /// The server broke the protocol, or closed the connection while it was set up.
  case dialogue
  /// Another thread asked to stop.
  case interrupted

  /// The stage of the SMTP dialogue to record.
  public var stage: DeliveryStage {
    switch self {
    case .settings, .resolve, .connect, .timeout, .interrupted: .connect
    case .greeting: .greeting
    case .dialogue: .hello
    case .startTLS, .tls: .startTLS
    case .login: .auth
    }
  }
}

/// What failed while libcurl set up a connection. Never holds a secret.
struct ConnectionFailure: Error, Equatable {
  var kind: ConnectionFailureKind
  /// What libcurl or the server said.
  var detail: String
}
