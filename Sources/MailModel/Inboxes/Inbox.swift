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
