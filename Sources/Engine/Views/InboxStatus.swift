public import MailModel
import MailPolicy
public import Storage

/// Everything that is shown about an inbox, read in one snapshot.
public struct InboxStatus: Sendable, Equatable {
  /// Days of the sparkline.
  public static let dayCount = 14

  public var inbox: Inbox
  public var allowance: DailyAllowance
  /// Of the health window.
  public var report: HealthReport
  /// Where health begins to matter.
  public var policy: Limits
  /// The last 14 local days, the oldest first, today last.
  public var days: [InboxTally]
  /// When its own mailbox was read; `nil` when nobody reads that here.
  public var replies: MailboxStanding?
  /// What keeps its mail back besides its day and its own pause: a pause of its scope or server, or a server that failed.
  /// In words, as far as it quotes the server from outside.
  public var obstacle: String?

  /// Healths below which the limit is lowered, and below which the inbox pauses itself.
  public struct Limits: Sendable, Equatable {
    public var lowerBelow: Int
    public var pauseBelow: Int
  }

  /// - Throws: `StoreError`.
  static func read(
    _ inbox: Inbox, _ transaction: Transaction, settings: InboxSettings, now: Timestamp
  ) throws -> InboxStatus {
    let day = LocalDay(at: now, in: settings.timeZone)
    let boundaries = day.boundaries(ofLast: dayCount, in: settings.timeZone)
    let days = try transaction.inboxes.series(inbox.id, boundaries: boundaries)
    let reading = try InboxReading.read(inbox, transaction, settings: settings, now: now)
    return InboxStatus(
      inbox: inbox,
      allowance: InboxLimits.allowance(
        inbox, used: days.last?.armed ?? 0, day: day, settings: settings, now: now),
      report: reading.report,
      policy: Limits(lowerBelow: settings.health.lowerBelow, pauseBelow: settings.health.pauseBelow), days: days,
      replies: try inbox.mailboxName.map { try MailboxStanding.read($0, in: transaction) },
      obstacle: try obstacle(inbox, transaction, now: now))
  }

  private static func obstacle(_ inbox: Inbox, _ transaction: Transaction, now: Timestamp) throws -> String? {
    if let pause = try transaction.throttles.pause(of: ShapingScope(.inbox, inbox.address)), pause.isActive(now: now) {
      return "paused by \(pause.by)\(pause.until.map { " until \(Clockface.text($0))" } ?? ""): \(pause.reason)"
    }
    let server = try RelayStanding.read(own: inbox, now: now, in: transaction)
    return server.condition == .ready ? nil : "\(server.relay) \(server.words(now: now))"
  }

  /// `active`, `paused`, or why it sends nothing more today.
  public var standing: String {
    if let pause = allowance.pause {
      return "paused" + (pause.until.map { " until \(Clockface.text($0))" } ?? "") + ": \(pause.reason)"
    }
    return obstacle ?? (allowance.left == 0 ? "limit reached" : "active")
  }

  /// When its own mailbox was read last. Text from outside, as far as it quotes the server.
  public func repliesWords(now: Timestamp) -> String {
    replies?.words(now: now) ?? "not read here: they count where they come to a report mailbox"
  }

  /// Every number with where it comes from, for people.
  public func words(now: Timestamp) -> [(name: String, value: String)] {
    var words = [
      ("Inbox", inbox.displayName.isEmpty ? inbox.address : "\(inbox.displayName) <\(inbox.address)>"),
      ("Standing", standing),
      ("Today", "\(allowance.used) of \(allowance.limit), next at \(Clockface.text(allowance.resetsAt))"),
      ("Limit", allowance.explanation), ("Waiting", "\(inbox.waiting)"), ("Health", "\(report.score) of 100"),
    ]
    words += report.factors.map { ("  \($0.name)", $0.explanation) }
    words += [
      ("Last \(days.count) days", days.map { "\($0.sent)" }.joined(separator: " ")),
      ("Started", Clockface.text(inbox.startedAt)),
      ("SMTP", "\(inbox.smtp.endpoint) \(inbox.smtp.security.rawValue) as \(inbox.smtp.username)"),
      ("IMAP", inbox.imap.map { "\($0.endpoint) \($0.security.rawValue) as \($0.username)" } ?? "none"),
      ("Replies", repliesWords(now: now)),
    ]
    return words
  }
}

extension OpenWorkspace {
  /// - Throws: `OperationRefusal.badTarget` without such an inbox; `StoreError`.
  public func inboxStatus(_ address: String) throws -> InboxStatus {
    try store.read { transaction in
      guard let inbox = try transaction.inboxes.get(address: address) else {
        throw OperationRefusal.badTarget(
          address, expected: "an inbox of this workspace; 'postroom inbox list' shows them")
      }
      return try InboxStatus.read(
        inbox, transaction, settings: workspace.configuration.inboxes, now: clock.now())
    }
  }

  /// One window of the list, those that need attention first.
  /// - Throws: `StoreError`.
  public func inboxPage(
    _ transaction: Transaction, text: String, _ position: PagePosition, limit: Int
  ) throws -> Page<InboxStatus> {
    let now = clock.now()
    return try transaction.inboxes.page(InboxQuery(text: text, position: position, limit: limit)).map {
      try InboxStatus.read($0, transaction, settings: workspace.configuration.inboxes, now: now)
    }
  }
}
