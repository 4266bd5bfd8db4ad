import MailModel
import MailPolicy

extension Configuration {
  /// The first report mailbox; `nil` when none is configured.
  public var mailbox: Mailbox? { mailboxes.first }

  /// Numbers of mailboxes beside that of the IMAP keys.
  static let moreMailboxes = 2...5

  static func mailboxes(_ values: ConfigurationValues, relay: Relay) throws(ConfigurationError) -> [Mailbox] {
    var found: [Mailbox] = []
    if let first = try mailbox(values, relay: relay) { found.append(first) }
    for number in moreMailboxes {
      guard let mailbox = try mailbox(values, number: number) else { continue }
      if found.contains(where: { $0.name == mailbox.name }) {
        throw values.error(
          "REPORT_MAILBOX_\(number)_HOST", problem: "the mailbox \(mailbox.name) is named twice",
          expected: "another login, host or folder")
      }
      found.append(mailbox)
    }
    return found
  }

  private static func mailbox(_ values: ConfigurationValues, relay: Relay) throws(ConfigurationError) -> Mailbox? {
    let host = try values.text("IMAP_HOST")
    if host.isEmpty { return nil }
    let username = try values.text("IMAP_USERNAME")
    let password = try values.text("IMAP_PASSWORD")
    return Mailbox(
      host: host, port: try values.integer("IMAP_PORT"),
      security: try security(values, "IMAP_USE_SSL", towards: host),
      username: username.isEmpty ? relay.username : username,
      password: password.isEmpty ? relay.password : Secret(password), mailbox: try values.text("IMAP_MAILBOX"))
  }

  private static func mailbox(_ values: ConfigurationValues, number: Int) throws(ConfigurationError) -> Mailbox? {
    let prefix = "REPORT_MAILBOX_\(number)_"
    let host = try values.text(prefix + "HOST")
    if host.isEmpty { return nil }
    return Mailbox(
      host: host, port: try values.integer(prefix + "PORT"),
      security: try security(values, prefix + "USE_SSL", towards: host), username: try values.text(prefix + "USERNAME"),
      password: Secret(try values.text(prefix + "PASSWORD")), mailbox: try values.text(prefix + "FOLDER"))
  }

  private static func security(
    _ values: ConfigurationValues, _ key: String, towards host: String
  ) throws(ConfigurationError) -> MailServer.Security {
    switch try values.text(key) {
    case "true": return .tls
    case "starttls": return .startTLS
    default:
      if Loopback.contains(host) { return .none }
      throw values.error(
        key, problem: "'false' towards \(host)", expected: "true or starttls; false only towards loopback")
    }
  }

  static func reports(_ values: ConfigurationValues) throws(ConfigurationError) -> ReportPolicySettings {
    let days = Int64(try values.integer("SOFT_BOUNCE_SUPPRESSION_DAYS"))
    let hours = Int64(try values.integer("SOFT_BOUNCE_RETRY_HOURS"))
    return ReportPolicySettings(
      softBounces: try values.integer("SOFT_BOUNCES_TO_SUPPRESS"),
      softWindow: .days(Int64(try values.integer("SOFT_BOUNCE_WINDOW_DAYS"))),
      softLifetime: days == 0 ? nil : .days(days), softRetryDelay: hours == 0 ? nil : .hours(hours),
      maximumAge: .hours(Int64(try values.integer("MAXIMUM_AGE_HOURS"))),
      complaintScope: SuppressionScope(rawValue: try values.text("COMPLAINT_SUPPRESSES_FOR")) ?? .sender,
      restrictionsPerHour: try values.integer("RESTRICTIONS_PER_HOUR"))
  }
}
