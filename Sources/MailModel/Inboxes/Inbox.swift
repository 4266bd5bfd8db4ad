/// A sending identity: an address with its own SMTP and IMAP login, its warm-up and its health.
///
/// The password is not here: it is a file of its own in the workspace (`SecretFolder`).
public struct Inbox: Sendable, Equatable, Identifiable {
  public typealias ID = Int64

  public var id: ID
  /// Grows with every decision about the inbox, not with its counters.
  public var version: Int64
  /// Lower case.
  public var address: String
  public var displayName: String
  /// Where its mail goes out.
  public var smtp: MailServer
  /// Where replies to it arrive; `nil` when nobody reads them here.
  public var imap: MailServer?
  /// When its warm-up began.
  public var startedAt: Timestamp
  /// An operator's number of messages a day, instead of the warm-up schedule's; `nil` for the schedule.
  public var dailyLimit: Int?
  /// 0–100 as last evaluated; `nil` before the first time.
  public var health: Int?
  public var evaluatedAt: Timestamp?
  /// `nil` while it may send.
  public var pause: InboxPause?
  /// When the last pause that the program imposed was over: only what came in later imposes another.
  public var probationSince: Timestamp?
  /// Messages of it that are queued, leased or held.
  public var waiting: Int

  public init(
    id: ID, version: Int64, address: String, displayName: String, smtp: MailServer, imap: MailServer?,
    startedAt: Timestamp, dailyLimit: Int? = nil, health: Int? = nil, evaluatedAt: Timestamp? = nil,
    pause: InboxPause? = nil, probationSince: Timestamp? = nil, waiting: Int = 0
  ) {
    self.id = id
    self.version = version
    self.address = address
    self.displayName = displayName
    self.smtp = smtp
    self.imap = imap
    self.startedAt = startedAt
    self.dailyLimit = dailyLimit
    self.health = health
    self.evaluatedAt = evaluatedAt
    self.pause = pause
    self.probationSince = probationSince
    self.waiting = waiting
  }
}

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

/// Why an inbox sends nothing now.
public struct InboxPause: Sendable, Equatable {
  public var since: Timestamp
  /// `nil` until somebody resumes it.
  public var until: Timestamp?
  public var reason: String
  /// The person, or `postroom` when its health did it.
  public var by: String
  /// Whether the program imposed it.
  public var isAutomatic: Bool

  public init(since: Timestamp, until: Timestamp?, reason: String, by: String, isAutomatic: Bool) {
    self.since = since
    self.until = until
    self.reason = reason
    self.by = by
    self.isAutomatic = isAutomatic
  }

  /// Whether it is over at `now`.
  public func isOver(at now: Timestamp) -> Bool { until.map { $0 <= now } ?? false }
}

/// What happened to an inbox's mail in some length of time.
public struct InboxTally: Sendable, Equatable {
  /// Passed the last gate, less those that came back without a final dot or with a soft reply: what a limit counts.
  public var armed: Int
  /// Accepted by the server.
  public var sent: Int
  /// Refused at once, for good.
  public var refused: Int
  /// Bounced after they were accepted, proven to be ours; each message once.
  public var bounced: Int
  /// Complaints proven to be ours that were not dismissed.
  public var complained: Int
  public var replied: Int

  public init(
    armed: Int = 0, sent: Int = 0, refused: Int = 0, bounced: Int = 0, complained: Int = 0, replied: Int = 0
  ) {
    self.armed = armed
    self.sent = sent
    self.refused = refused
    self.bounced = bounced
    self.complained = complained
    self.replied = replied
  }

  /// Messages with a definite end: the base of the bounce rate.
  public var concluded: Int { sent + refused }

  public static func += (sum: inout InboxTally, part: InboxTally) {
    sum.armed += part.armed
    sum.sent += part.sent
    sum.refused += part.refused
    sum.bounced += part.bounced
    sum.complained += part.complained
    sum.replied += part.replied
  }
}
