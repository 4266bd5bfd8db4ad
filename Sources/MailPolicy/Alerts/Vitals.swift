public import MailModel

/// The numbers that alerts are made of, each with its window.
public struct Vitals: Sendable, Equatable {
  /// Definite replies, bounces and complaints of the last 24 hours.
  public var accepted: Int
  public var refused: Int
  public var bounced: Int
  public var complained: Int
  /// Messages in the queue, due or deferred.
  public var backlog: Int
  public var uncertain: Int
  public var unmatchedReports: Int
  public var flaggedAccounts: Int
  public var restrictedAccounts: Int
  /// Bounces of the last 24 hours that refused us for policy or reputation.
  public var blocked: Int
  /// Complaints of the last 24 hours whose restriction was withheld by the cap of an hour (fault 30).
  public var withheldRestrictions: Int
  /// Things done alone with break-glass that no second person has looked at.
  public var doneAlone: Int
  /// People who may act alone now.
  public var openGlasses: Int
  public var failedNotices: Int
  /// Inboxes that their health has paused.
  public var unhealthyInboxes: Int
  /// How far the machine's clock has jumped ahead, negative for behind; `nil` when it is trusted.
  public var clockJump: Span?
  /// Whether the file of roles is not what was last set through the program.
  public var areRolesAltered: Bool
  /// For how long each report mailbox has failed that cannot be read now.
  public var mailboxesFailing: [Span]
  /// Mails in report mailboxes that their servers list and do not hand out.
  public var unreadableMails: Int
  /// Relays that have failed again and again, and lately.
  public var relaysFailing: Int
  /// For how long the message that is due longest has waited while no engine runs; `nil` while one does, or nothing is due.
  public var unattended: Span?
  /// Share of the store's disk that is in use; `nil` when it cannot be asked.
  public var diskUsed: Double?

  public init(
    accepted: Int = 0, refused: Int = 0, bounced: Int = 0, complained: Int = 0, backlog: Int = 0, uncertain: Int = 0,
    unmatchedReports: Int = 0, flaggedAccounts: Int = 0, restrictedAccounts: Int = 0, doneAlone: Int = 0,
    openGlasses: Int = 0, failedNotices: Int = 0, blocked: Int = 0, withheldRestrictions: Int = 0,
    unhealthyInboxes: Int = 0, clockJump: Span? = nil, areRolesAltered: Bool = false, mailboxesFailing: [Span] = [],
    unreadableMails: Int = 0, relaysFailing: Int = 0, unattended: Span? = nil, diskUsed: Double? = nil
  ) {
    self.unattended = unattended
    self.diskUsed = diskUsed
    self.clockJump = clockJump
    self.areRolesAltered = areRolesAltered
    self.mailboxesFailing = mailboxesFailing
    self.unreadableMails = unreadableMails
    self.relaysFailing = relaysFailing
    self.accepted = accepted
    self.refused = refused
    self.bounced = bounced
    self.complained = complained
    self.backlog = backlog
    self.uncertain = uncertain
    self.unmatchedReports = unmatchedReports
    self.flaggedAccounts = flaggedAccounts
    self.restrictedAccounts = restrictedAccounts
    self.blocked = blocked
    self.withheldRestrictions = withheldRestrictions
    self.doneAlone = doneAlone
    self.openGlasses = openGlasses
    self.failedNotices = failedNotices
    self.unhealthyInboxes = unhealthyInboxes
  }

  /// Messages with a definite reply: the base of every rate.
  public var concluded: Int { accepted + refused }

  /// Refused at once or bounced later, as a share of what was concluded; `nil` without a base.
  public var bounceRate: Double? { concluded == 0 ? nil : Double(refused + bounced) / Double(concluded) }

  /// Complaints as a share of what was accepted; `nil` without a base.
  public var complaintRate: Double? { accepted == 0 ? nil : Double(complained) / Double(accepted) }

  /// Accepted and not bounced, as a share of what was concluded; `nil` without a base.
  public var deliveryRate: Double? { bounceRate.map { Swift.max(0, 1 - $0) } }
}
