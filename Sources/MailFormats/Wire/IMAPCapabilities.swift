/// What a mailbox server says it can do (RFC 3501 §7.2.1), as far as a login depends on it.
public struct IMAPCapabilities: Sendable, Equatable {
  /// SASL mechanisms, upper case.
  public var authMechanisms: Set<String> = []
  /// SASL-IR: the first response of a mechanism may stand beside its name (RFC 4959).
  public var initialResponse = false
  /// The command LOGIN is not to be used, because the connection is not secured.
  public var loginDisabled = false

  public init() {}

  /// Reads the words after CAPABILITY; unknown ones are ignored.
  public init(_ words: some StringProtocol) {
    for word in words.split(separator: " ").map({ $0.uppercased() }) {
      switch word {
      case "SASL-IR": initialResponse = true
      case "LOGINDISABLED": loginDisabled = true
      default: if word.hasPrefix("AUTH=") { authMechanisms.insert(String(word.dropFirst(5))) }
      }
    }
  }
}

extension IMAPStatus {
  /// The capabilities in the response code; `nil` when it does not hold any.
  public var capabilities: IMAPCapabilities? {
    guard let code, code.prefix(11).uppercased() == "CAPABILITY " else { return nil }
    return IMAPCapabilities(code.dropFirst(11))
  }
}
