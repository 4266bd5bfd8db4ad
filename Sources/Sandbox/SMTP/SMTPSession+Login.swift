internal import Foundation

/// AUTH PLAIN and LOGIN (RFC 4954).
extension SMTPSession {
  enum LoginStep: Equatable {
    case plain
    case user
    case password(user: String)
  }

  mutating func authenticate(_ argument: Substring) -> [SMTPAction] {
    guard settings.smtpLogin != nil else { return strike("502 5.5.1 AUTH not offered") }
    guard hasGreeted, !isLoggedIn, envelope == nil else { return strike("503 5.5.1 AUTH not allowed now") }
    let words = argument.split(separator: " ")
    let initial = words.count > 1 ? String(words[1]) : nil
    switch words.first?.uppercased() {
    case "PLAIN":
      if let initial { return continueLogin(.plain, initial) }
      phase = .login(.plain)
      return [.reply(334, "")]
    case "LOGIN":
      if let initial { return continueLogin(.user, initial) }
      phase = .login(.user)
      return [.reply(334, "VXNlcm5hbWU6")]
    default: return strike("504 5.5.4 Mechanism not supported")
    }
  }

  mutating func continueLogin(_ step: LoginStep, _ text: String) -> [SMTPAction] {
    phase = .command
    if text == "*" { return [.reply(501, "5.7.0 Cancelled")] }
    guard let decoded = Data(base64Encoded: text) else { return strike("501 5.5.2 Not base64") }
    switch step {
    case .plain:
      return check(SandboxLogin(saslPlain: decoded))
    case .user:
      phase = .login(.password(user: String(decoding: decoded, as: UTF8.self)))
      return [.reply(334, "UGFzc3dvcmQ6")]
    case .password(let user):
      return check(SandboxLogin(user: user, password: String(decoding: decoded, as: UTF8.self)))
    }
  }

  private mutating func check(_ login: SandboxLogin?) -> [SMTPAction] {
    guard let login, login == settings.smtpLogin else { return strike("535 5.7.8 Credentials invalid") }
    isLoggedIn = true
    return [.reply(235, "2.7.0 Accepted")]
  }
}

extension SandboxLogin {
  /// Reads the message of SASL PLAIN: authorization identity, user and password between NULs (RFC 4616).
  init?(saslPlain message: some Collection<UInt8>) {
    let parts = message.split(separator: 0, omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    self.init(user: String(decoding: parts[1], as: UTF8.self), password: String(decoding: parts[2], as: UTF8.self))
  }
}
