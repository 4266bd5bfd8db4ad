import MailFormats
import MailModel

/// Reaching a server and logging in. libcurl connects and secures; what is said for the login is said here, so that it
/// can go out in one breath with what comes after it.
extension IMAPConnection {
  /// A login on its way.
  struct PendingLogin {
    var tag: String
    /// When greeting and login have to be over.
    var end: Timestamp
    /// Said when the server asks for it; `nil` when all was said.
    var response: String?
  }

  /// When greeting and login that begin now have to be over.
  var endOfLogin: Timestamp { Monotonic.now + settings.connectTimeout + settings.commandTimeout }

  /// - Returns: what the server says it can do, over the connection as it is secured now.
  func connect(until end: Timestamp) throws(IMAPFailure) -> IMAPCapabilities {
    abort()
    parser = IMAPResponseParser()
    guard !settings.username.isEmpty else { throw failure(.connection(.settings), "the user name is empty") }
    guard let attempt = CurlConnection(settings.plan, interrupter: interrupter) else {
      throw failure(.connection(.settings), "libcurl does not start")
    }
    do throws(ConnectionFailure) { try attempt.open() } catch {
      throw failure(.connection(error.kind), error.detail + lastRefusal(in: attempt.lines.bytes))
    }
    connection = attempt
    // Before STARTTLS libcurl hears the greeting, and after it the capabilities.
    let told = settings.security == .startTLS ? capabilities(in: attempt.lines.bytes) : try readGreeting(until: end)
    if let told { return told }
    return try askCapabilities(until: end)
  }

  /// Connects, secures with TLS and logs in. A greeting that claims a login already done (PREAUTH) is refused.
  public func open() throws(IMAPFailure) {
    let end = endOfLogin
    try perform(try login(by: try connect(until: end)), until: end)
  }

  func perform(_ login: IMAPLogin, until end: Timestamp) throws(IMAPFailure) {
    switch login {
    case .command(let command): try finish(PendingLogin(tag: try begin(command), end: end))
    case .dialogue(let command, let response):
      try finish(PendingLogin(tag: try begin(command), end: end, response: response))
    }
  }

  func login(by capabilities: IMAPCapabilities) throws(IMAPFailure) -> IMAPLogin {
    if let login = IMAPLogin(username: settings.username, password: settings.password, capabilities) { return login }
    let offered = capabilities.authMechanisms.sorted().prefix(20).joined(separator: ", ")
    throw close(
      failure(
        .connection(.login),
        "the server takes neither LOGIN nor AUTHENTICATE PLAIN for these"
          + (offered.isEmpty ? "" : "; it offers \(offered)")))
  }

  /// Reads up to the answer to the login.
  func finish(_ login: PendingLogin) throws(IMAPFailure) {
    var response = login.response
    while true {
      switch try readWhileConnecting(.dialogue, until: login.end) {
      case .tagged(login.tag, let status) where status.condition == .ok: return
      case .tagged(login.tag, let status): throw refusal(.login, status)
      case .untagged(let status) where status.condition == .bye: throw refusal(.dialogue, status)
      case .tagged(let other, _): throw unasked(other)
      case .continuation:
        guard let said = response else {
          throw close(failure(.connection(.login), "the server asks for more than a user name and a password"))
        }
        response = nil
        try write(Array("\(said)\r\n".utf8))
      default: continue
      }
    }
  }

  /// - Returns: `nil` when the greeting does not tell the capabilities.
  private func readGreeting(until end: Timestamp) throws(IMAPFailure) -> IMAPCapabilities? {
    switch try readWhileConnecting(.greeting, until: end) {
    case .untagged(let status) where status.condition == .ok: return status.capabilities
    case .untagged(let status) where status.condition == .preauth:
      throw close(failure(.connection(.greeting), "the server claims a login (PREAUTH) that was not made"))
    case .untagged(let status):
      throw close(failure(.connection(.greeting), "\(status.condition.rawValue) \(status.text)"))
    default: throw close(failure(.connection(.greeting), "this is no greeting of a mailbox server"))
    }
  }

  private func askCapabilities(until end: Timestamp) throws(IMAPFailure) -> IMAPCapabilities {
    let tag = try begin("CAPABILITY")
    var told = IMAPCapabilities()
    while true {
      switch try readWhileConnecting(.dialogue, until: end) {
      case .capability(let capabilities): told = capabilities
      case .tagged(tag, let status) where status.condition == .ok: return told
      case .tagged(_, let status): throw close(failure(.connection(.dialogue), status.text))
      case .untagged(let status) where status.condition == .bye: throw refusal(.dialogue, status)
      default: continue
      }
    }
  }

  /// The next response, with failures that say that no connection was set up.
  private func readWhileConnecting(
    _ stage: ConnectionFailureKind, until end: Timestamp
  ) throws(IMAPFailure) -> IMAPResponse {
    do throws(IMAPFailure) { return try readResponse(until: end) } catch {
      switch error.kind {
      case .timeout: throw failure(.connection(.timeout), "the server did not finish its greeting and login in time")
      case .interrupted: throw failure(.connection(.interrupted), error.detail)
      default: throw failure(.connection(stage), error.detail)
      }
    }
  }

  private func refusal(_ kind: ConnectionFailureKind, _ status: IMAPStatus) -> IMAPFailure {
    close(failure(.connection(kind), "\(status.condition.rawValue) \(status.text)"))
  }

  /// The last that libcurl heard.
  private func capabilities(in lines: [UInt8]) -> IMAPCapabilities? {
    let told = lines.split(separator: 0x0A).map {
      String(decoding: $0.prefix(4_096).filter { $0 != 0x0D }, as: UTF8.self)
    }
    return told.last { $0.uppercased().hasPrefix("* CAPABILITY ") }.map { IMAPCapabilities($0.dropFirst(13)) }
  }

  /// What the server said when it refused, for a failure while libcurl spoke with it.
  private func lastRefusal(in lines: [UInt8]) -> String {
    let texts = lines.split(separator: 0x0A).suffix(20).map { String(decoding: $0.prefix(300), as: UTF8.self) }
    let refusal = texts.last { $0.contains(" NO ") || $0.contains(" BAD ") || $0.contains("BYE") }
    return refusal.map { " (the server said: \($0.filter { $0 != "\r" && $0 != "\r\n" }))" } ?? ""
  }
}
