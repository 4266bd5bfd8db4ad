/// One key of `.env`: the table that parsing, `.env.example`, `postroom check` and `docs/configuration.md` are made from.
public struct ConfigurationKey: Sendable {
  /// What a value must look like.
  public enum Form: Sendable, Equatable {
    case text
    /// The name or address of a machine.
    case host
    case secret
    case integer(ClosedRange<Int>)
    case choice([String])
    case boolean
    /// Beyond which a number is a warning, and critical.
    case limits(ClosedRange<Double>)
    case path
    /// One address; with a display name where `withName` says so.
    case address(withName: Bool)

    /// In words, for errors.
    public var expectation: String {
      switch self {
      case .text: "text"
      case .host: "a host's name or address alone; its port has a key of its own"
      case .secret: "a secret"
      case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
      case .choice(let words): "one of \(words.joined(separator: ", "))"
      case .boolean: "true or false"
      case .limits(let range):
        "two numbers from \(Int(range.lowerBound)) to \(Int(range.upperBound)), warning and critical, the second not smaller"
      case .path: "a path"
      case .address(let withName): withName ? "an address, with a name or without" : "an address"
      }
    }
  }

  public var name: String
  /// Other spellings that runbooks use; `name` wins when both say something.
  public var aliases: [String]
  public var form: Form
  /// Used when the key is absent; `nil` for a key without which the workspace cannot work.
  public var fallback: String?
  public var group: String
  public var help: String

  init(
    _ name: String, aliases: [String] = [], _ form: Form, fallback: String?, group: String, _ help: String
  ) {
    self.name = name
    self.aliases = aliases
    self.form = form
    self.fallback = fallback
    self.group = group
    self.help = help
  }

  /// Every key, in the order of `.env.example`.
  public static let all: [ConfigurationKey] =
    relay + fallbackRelays + mailbox + moreMailboxes + sending + exchangers + inboxes + policy + reports + alerts
    + notices
    + program

  private static let relay: [ConfigurationKey] = [
    .init(
      "EMAIL_SMTP_HOST", aliases: ["SMTP_HOST"], .host, fallback: nil, group: "Relay", "The relay that takes our mail."),
    .init(
      "EMAIL_SMTP_PORT", aliases: ["SMTP_PORT"], .integer(1...65535), fallback: "587", group: "Relay",
      "Usually 587 (starttls) or 465 (tls)."),
    .init(
      "EMAIL_SMTP_TLS", aliases: ["SMTP_TLS"], .choice(["starttls", "tls", "none"]), fallback: "starttls",
      group: "Relay",
      "How the connection is secured; `none` only towards loopback."),
    .init(
      "EMAIL_USERNAME", aliases: ["SMTP_USERNAME", "EMAIL_SMTP_USERNAME"], .text, fallback: "", group: "Relay",
      "The relay's login; also the mailbox's when IMAP_USERNAME is absent."),
    .init(
      "EMAIL_PASSWORD", aliases: ["SMTP_PASSWORD", "EMAIL_SMTP_PASSWORD"], .secret, fallback: "", group: "Relay",
      "Its password. Empty: no AUTH."),
    .init(
      "EMAIL_CA_FILE", .path, fallback: "", group: "Relay",
      "A PEM file of authorities to trust, for relay and mailbox. Empty: the system's."),
    .init("EMAIL_HELO_NAME", .text, fallback: "", group: "Relay", "The name we say in EHLO. Empty: the host's name."),
  ]

  private static let mailbox: [ConfigurationKey] = [
    .init(
      "IMAP_HOST", aliases: ["EMAIL_IMAP_HOST"], .host, fallback: "", group: "Report mailbox",
      "Where bounces and complaints arrive. Empty: no scanning."),
    .init(
      "IMAP_PORT", aliases: ["EMAIL_IMAP_PORT"], .integer(1...65535), fallback: "993", group: "Report mailbox",
      "Usually 993."),
    .init(
      "IMAP_USERNAME", aliases: ["EMAIL_IMAP_USERNAME"], .text, fallback: "", group: "Report mailbox",
      "Its login. Empty: EMAIL_USERNAME."),
    .init(
      "IMAP_PASSWORD", aliases: ["EMAIL_IMAP_PASSWORD"], .secret, fallback: "", group: "Report mailbox",
      "Its password. Empty: EMAIL_PASSWORD."),
    .init(
      "IMAP_MAILBOX", aliases: ["EMAIL_IMAP_MAILBOX"], .text, fallback: "INBOX", group: "Report mailbox",
      "The folder to scan."),
    .init(
      "IMAP_USE_SSL", aliases: ["EMAIL_IMAP_USE_SSL"], .choice(["true", "starttls", "false"]), fallback: "true",
      group: "Report mailbox", "TLS from the first byte, STARTTLS, or none (only towards loopback)."),
    .init(
      "SCAN_SECONDS", .integer(1...86_400), fallback: "60", group: "Report mailbox",
      "Seconds between scans while the engine runs."),
  ]

  private static let sending: [ConfigurationKey] = [
    .init("WORKERS", .integer(1...256), fallback: "4", group: "Sending", "Connections to the relay."),
    .init(
      "LEASE_SECONDS", .integer(1...3600), fallback: "60", group: "Sending",
      "After this long without a sign of life an engine's messages are taken back."),
    .init(
      "BOUNCE_ADDRESS", .address(withName: false), fallback: "", group: "Sending",
      "Envelope sender of our mail, such as bounces@example.org; a signed token is added after a '+', so at most 31 characters may stand before the '@'. Empty: the sender given at enqueue."
    ),
    .init(
      "FROM_ADDRESS", aliases: ["EMAIL_FROM"], .address(withName: false), fallback: "", group: "Sending",
      "From of the daily send when the roster names no account."),
    .init(
      "RETRY_FIRST_SECONDS", .integer(1...86_400), fallback: "300", group: "Sending",
      "Delay before the first retry; it doubles."),
    .init(
      "RETRY_LONGEST_SECONDS", .integer(1...604_800), fallback: "14400", group: "Sending",
      "The longest delay between two tries."),
    .init(
      "MAXIMUM_AGE_HOURS", .integer(1...8760), fallback: "120", group: "Sending",
      "A message older than this is given up."),
    .init(
      "MAX_EMAILS_PER_RUN", .integer(0...10_000_000), fallback: "0", group: "Sending",
      "Messages that one run of an engine sends at most; the rest waits untouched. 0: no limit. 'run.limit' changes it while it runs."
    ),
    .init(
      "RESUME_RUNG_MINUTES", .integer(0...1440), fallback: "0", group: "Sending",
      "How long each rung after a resume lasts at least, so that bounces and complaints can come in."),
    .init(
      "PARTICIPANTS_CSV_PATH", aliases: ["ROSTER_CSV_PATH"], .path, fallback: "data/roster.csv", group: "Sending",
      "The roster of the daily send."),
    .init("TEMPLATE_PATH", .path, fallback: "data/templates/daily.eml.mustache", group: "Sending", "Its template."),
  ]

  private static let inboxes: [ConfigurationKey] = [
    .init(
      "TIME_ZONE", .text, fallback: "", group: "Inboxes",
      "Where daily limits begin again at midnight, such as Europe/Berlin. Empty: this machine's."),
    .init(
      "WARMUP_SCHEDULE", .text, fallback: "5,10,15,20,25,30,35,40", group: "Inboxes",
      "Messages a day in week 1, 2, … of an inbox; the last number stays."),
    .init(
      "INBOX_PAUSE_BELOW", .integer(0...100), fallback: "50", group: "Inboxes",
      "Health below which an inbox pauses itself."),
    .init(
      "INBOX_LOWER_BELOW", .integer(0...100), fallback: "80", group: "Inboxes",
      "Health below which its daily limit is lowered."),
    .init(
      "INBOX_PAUSE_DAYS", .integer(1...90), fallback: "7", group: "Inboxes", "How long it pauses then."),
  ]

  private static let policy: [ConfigurationKey] = [
    .init(
      "COMPLAINTS_TO_FLAG", .integer(1...10_000), fallback: "3", group: "Policy",
      "Complaints in the window that flag an account."),
    .init(
      "COMPLAINTS_TO_RESTRICT", .integer(1...10_000), fallback: "5", group: "Policy",
      "Complaints in the window that restrict it."),
    .init("COMPLAINT_WINDOW_DAYS", .integer(1...3650), fallback: "30", group: "Policy", "The window in days."),
    .init(
      "LEAST_RESTRICTION_DAYS", .integer(0...3650), fallback: "30", group: "Policy",
      "Days that a restriction lasts at least; before, a lift needs a second person."),
    .init(
      "WATCH_DAYS", .integer(1...365), fallback: "30", group: "Policy",
      "Days until a restriction is reviewed, and for which an account is watched after a warning or a lift."),
    .init(
      "APPROVAL_HOURS", .integer(1...720), fallback: "24", group: "Policy",
      "Hours after which a request for a second person expires."),
    .init(
      "BREAK_GLASS_MINUTES", .integer(1...240), fallback: "15", group: "Policy",
      "How long one person may act alone after break-glass."),
    .init(
      "BREAK_GLASS_ROLE", .choice(["operator", "reviewer", "lead"]), fallback: "lead", group: "Policy",
      "The least role that may break the glass."),
    .init(
      "SECOND_PERSON_MESSAGES", .integer(0...1_000_000), fallback: "10", group: "Policy",
      "More uncertain messages than this in 24 hours are sent again only by two people."),
  ]

  private static let notices: [ConfigurationKey] = [
    .init(
      "NOTICE_FROM", .address(withName: true), fallback: "", group: "Notices",
      "From of notices by e-mail. Empty: FROM_ADDRESS; both empty: no notices by e-mail."),
    .init(
      "NOTICE_WEBHOOK_URL", .secret, fallback: "", group: "Notices",
      "Where notices are posted as JSON (docs/notices.md); may hold a token. Empty: nowhere."),
    .init(
      "NOTICE_WEBHOOK_SECRET", .secret, fallback: "", group: "Notices",
      "Signs what is posted. Empty: no signature."),
  ]

  private static let program: [ConfigurationKey] = [
    .init(
      "STATE_DIR", .path, fallback: ".", group: "Program",
      "Where the store and the latch file live, relative to the workspace."),
    .init(
      "LOG_LEVEL", .choice(["DEBUG", "INFO", "WARNING", "ERROR"]), fallback: "INFO", group: "Program",
      "How much is logged."),
  ]
}
