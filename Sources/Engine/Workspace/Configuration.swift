public import MailModel
public import MailPolicy

/// The workspace's settings, typed. Environment variables override `.env`.
public struct Configuration: Sendable, Equatable {
  public struct Relay: Sendable, Equatable {
    public var host: String
    public var port: Int
    public var security: MailServer.Security
    public var username: String
    public var password: Secret
    public var helloName: String

    /// `host:port`, its name in attempts and pauses.
    public var name: String { "\(host):\(port)" }
  }

  public struct Mailbox: Sendable, Equatable {
    public var host: String
    public var port: Int
    public var security: MailServer.Security
    public var username: String
    public var password: Secret
    public var mailbox: String

    /// `user@host/mailbox`, the first part of every report's location.
    public var name: String { "\(username)@\(host)/\(mailbox)" }
  }

  public var relay: Relay
  /// Tried in this order when the relay cannot be used.
  public var fallbackRelays: [Relay]
  /// Every report mailbox: that of the IMAP keys first, then REPORT_MAILBOX_2 and so on. Empty when none is configured.
  public var mailboxes: [Mailbox]
  /// Between two scans while the engine runs.
  public var scanInterval: Span
  /// What follows from reports.
  public var reports: ReportPolicySettings
  /// PEM file of authorities to trust; empty for the system's.
  public var caFile: String
  public var workers: Int
  public var lease: Span
  /// The bounce address whose local part takes a token; empty for none.
  public var bounceAddress: String
  public var fromAddress: String
  public var retry: RetrySchedule
  /// Messages that one run of an engine sends at most; 0 for no limit.
  public var mostPerRun: Int
  /// The way back after an emergency stop.
  public var ladder: ResumeLadder
  public var restriction: RestrictionPolicy
  /// When the numbers of the header become alerts.
  public var alerts: AlertThresholds
  public var approvals: ApprovalPolicy
  public var notices: NoticeSettings
  public var inboxes: InboxSettings
  public var exchangers: ExchangerSettings
  public var rosterPath: String
  public var templatePath: String
  public var stateDirectory: String
  public var logLevel: String
}

extension Configuration {
  /// - Parameters:
  ///   - values: what was found, by `ConfigurationValues`.
  /// - Throws: `ConfigurationError` for rules that span several keys.
  init(_ values: ConfigurationValues) throws(ConfigurationError) {
    relay = try Configuration.relay(values)
    fallbackRelays = try Configuration.fallbackRelays(values)
    mailboxes = try Configuration.mailboxes(values, relay: relay)
    scanInterval = .seconds(Int64(try values.integer("SCAN_SECONDS")))
    reports = try Configuration.reports(values)
    caFile = try values.text("EMAIL_CA_FILE")
    workers = try values.integer("WORKERS")
    lease = .seconds(Int64(try values.integer("LEASE_SECONDS")))
    bounceAddress = try values.text("BOUNCE_ADDRESS")
    if !bounceAddress.isEmpty, ReturnPath.base(bounceAddress) == nil {
      throw values.error("BOUNCE_ADDRESS", problem: ReturnPath.noRoom, expected: ReturnPath.expectation)
    }
    fromAddress = try values.text("FROM_ADDRESS")
    retry = try Configuration.retry(values)
    mostPerRun = try values.integer("MAX_EMAILS_PER_RUN")
    ladder = ResumeLadder(leastTime: .minutes(Int64(try values.integer("RESUME_RUNG_MINUTES"))))
    restriction = RestrictionPolicy(
      complaintsToFlag: try values.integer("COMPLAINTS_TO_FLAG"),
      complaintsToRestrict: try values.integer("COMPLAINTS_TO_RESTRICT"),
      window: .days(Int64(try values.integer("COMPLAINT_WINDOW_DAYS"))),
      lifting: LiftPolicy(
        leastRestriction: .days(Int64(try values.integer("LEAST_RESTRICTION_DAYS"))),
        watchDays: try values.integer("WATCH_DAYS")))
    if restriction.complaintsToRestrict < restriction.complaintsToFlag {
      throw values.error(
        "COMPLAINTS_TO_RESTRICT", problem: "smaller than COMPLAINTS_TO_FLAG",
        expected: "at least \(restriction.complaintsToFlag)")
    }
    alerts = try AlertThresholds(values)
    approvals = ApprovalPolicy(
      lifetime: .hours(Int64(try values.integer("APPROVAL_HOURS"))),
      breakGlassLength: .minutes(Int64(try values.integer("BREAK_GLASS_MINUTES"))),
      breakGlassRole: Role(name: try values.text("BREAK_GLASS_ROLE")) ?? .lead,
      sendAgainAlone: try values.integer("SECOND_PERSON_MESSAGES"))
    notices = try Configuration.notices(values)
    inboxes = try InboxSettings(values)
    exchangers = try ExchangerSettings(values)
    rosterPath = try values.text("PARTICIPANTS_CSV_PATH")
    templatePath = try values.text("TEMPLATE_PATH")
    stateDirectory = try values.text("STATE_DIR")
    logLevel = try values.text("LOG_LEVEL")
  }

  private static func retry(_ values: ConfigurationValues) throws(ConfigurationError) -> RetrySchedule {
    let first = try values.integer("RETRY_FIRST_SECONDS")
    let longest = try values.integer("RETRY_LONGEST_SECONDS")
    if longest < first {
      throw values.error(
        "RETRY_LONGEST_SECONDS", problem: "smaller than RETRY_FIRST_SECONDS", expected: "at least \(first)")
    }
    return RetrySchedule(
      firstDelay: .seconds(Int64(first)), longestDelay: .seconds(Int64(longest)),
      maximumAge: .hours(Int64(try values.integer("MAXIMUM_AGE_HOURS"))))
  }

  private static func notices(_ values: ConfigurationValues) throws(ConfigurationError) -> NoticeSettings {
    let own = try values.text("NOTICE_FROM")
    let settings = NoticeSettings(
      from: own.isEmpty ? try values.text("FROM_ADDRESS") : own,
      webHookURL: Secret(try values.text("NOTICE_WEBHOOK_URL")),
      webHookSecret: Secret(try values.text("NOTICE_WEBHOOK_SECRET")))
    if let problem = WebHookURL.problem(settings.webHookURL.reveal()) {
      throw values.error("NOTICE_WEBHOOK_URL", problem: problem, expected: "https://HOST/…; http only towards loopback")
    }
    return settings
  }
}
