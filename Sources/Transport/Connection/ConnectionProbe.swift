import MailModel

/// One step of a connection tried out, for `postroom check`.
public struct ProbeStep: Sendable, Equatable {
  public enum Name: String, Sendable, CaseIterable { case settings, tcp, tls, login, mailbox }
  public enum Verdict: String, Sendable, CaseIterable {
    case passed, failed
    /// Not asked for, or not reached because an earlier step failed.
    case skipped
  }

  public var name: Name
  public var verdict: Verdict
  /// What was seen: the certificate and its expiry, the reply of the server, what to do. Never a secret.
  public var detail: String

  public init(_ name: Name, _ verdict: Verdict, _ detail: String) {
    self.name = name
    self.verdict = verdict
    self.detail = detail
  }
}

/// Tries a relay or a mailbox server step by step. Sends no message and changes nothing. Blocks.
public enum ConnectionProbe {
  /// - Returns: settings, tcp, tls and login, in this order.
  public static func smtp(_ settings: SMTPSettings) -> [ProbeStep] {
    let connection = SMTPConnection(settings)
    let hasLogin = settings.username != nil
    do throws(SMTPFailure) {
      try connection.open()
    } catch {
      return steps(failedAt: error.kind, error.description, settings.plan, hasLogin: hasLogin)
    }
    defer { connection.close() }
    return passed(settings.plan, connection.connection?.certificate, hasLogin: hasLogin)
  }

  /// - Parameter mailbox: opened for reading only, when given.
  /// - Returns: settings, tcp, tls, login and, when asked for, mailbox, in this order.
  public static func imap(_ settings: IMAPSettings, mailbox: String? = nil) -> [ProbeStep] {
    let connection = IMAPConnection(settings)
    do throws(IMAPFailure) {
      try connection.open()
    } catch {
      var kind = ConnectionFailureKind.dialogue
      if case .connection(let known) = error.kind { kind = known }
      let failed = steps(failedAt: kind, error.description, settings.plan, hasLogin: true)
      return mailbox == nil ? failed : failed + [ProbeStep(.mailbox, .skipped, "not reached")]
    }
    defer { connection.logout() }
    let steps = passed(settings.plan, connection.connection?.certificate, hasLogin: true)
    guard let mailbox else { return steps }
    do throws(IMAPFailure) {
      let status = try connection.examine(mailbox)
      let seen = "\(mailbox): \(status.exists) mails, UIDVALIDITY \(status.uidValidity)"
      return steps + [ProbeStep(.mailbox, .passed, seen)]
    } catch {
      return steps + [ProbeStep(.mailbox, .failed, error.description)]
    }
  }

  private static func passed(
    _ plan: ConnectionPlan, _ certificate: ServerCertificate?, hasLogin: Bool
  ) -> [ProbeStep] {
    let shown = certificate.map { "certificate \($0.subject), expires \($0.expires)" } ?? "verified"
    return [
      ProbeStep(.settings, .passed, "\(plan.endpoint)"),
      ProbeStep(.tcp, .passed, "connected to \(plan.endpoint)"),
      plan.security == .none
        ? ProbeStep(.tls, .skipped, "not used: loopback only") : ProbeStep(.tls, .passed, shown),
      hasLogin
        ? ProbeStep(.login, .passed, "accepted as \(plan.username ?? "")")
        : ProbeStep(.login, .skipped, "no user name is set"),
    ]
  }

  private static func steps(
    failedAt kind: ConnectionFailureKind, _ detail: String, _ plan: ConnectionPlan, hasLogin: Bool
  ) -> [ProbeStep] {
    let names: [ProbeStep.Name] = [.settings, .tcp, .tls, .login]
    let failed: ProbeStep.Name =
      switch kind {
      case .settings: .settings
      case .resolve, .connect, .timeout, .greeting, .dialogue, .interrupted: .tcp
      case .startTLS, .tls: .tls
      case .login: .login
      }
    let position = names.firstIndex(of: failed) ?? 0
    return names.enumerated().map { index, name in
      if index == position { return ProbeStep(name, .failed, detail) }
      if index > position { return ProbeStep(name, .skipped, "not reached") }
      return name == .tls && plan.security == .none
        ? ProbeStep(name, .skipped, "not used: loopback only") : ProbeStep(name, .passed, "\(plan.endpoint)")
    }
  }
}
