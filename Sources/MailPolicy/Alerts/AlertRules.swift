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

  public init(
    accepted: Int = 0, refused: Int = 0, bounced: Int = 0, complained: Int = 0, backlog: Int = 0, uncertain: Int = 0,
    unmatchedReports: Int = 0, flaggedAccounts: Int = 0, restrictedAccounts: Int = 0, doneAlone: Int = 0,
    openGlasses: Int = 0, failedNotices: Int = 0, blocked: Int = 0, withheldRestrictions: Int = 0,
    unhealthyInboxes: Int = 0, clockJump: Span? = nil, areRolesAltered: Bool = false, mailboxesFailing: [Span] = []
  ) {
    self.clockJump = clockJump
    self.areRolesAltered = areRolesAltered
    self.mailboxesFailing = mailboxesFailing
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

/// A value with its two thresholds (runbook "Key Thresholds" and "Alert Response Times").
public struct Threshold: Sendable, Equatable {
  public var warning: Double
  public var critical: Double

  public init(warning: Double, critical: Double) {
    self.warning = warning
    self.critical = critical
  }

  /// The severity of `value`, which is bad when it lies above a threshold.
  public func severity(_ value: Double) -> Alert.Severity? {
    value > critical ? .critical : value > warning ? .warning : nil
  }
}

public struct AlertThresholds: Sendable, Equatable {
  public var bounceRate = Threshold(warning: 0.03, critical: 0.05)
  public var complaintRate = Threshold(warning: 0.0005, critical: 0.001)
  public var backlog = Threshold(warning: 100, critical: 500)
  /// Block bounces in 24 hours.
  public var blocked = Threshold(warning: 0, critical: 9)
  /// For how long a report mailbox may fail before anybody is asked to look: servers restart, passwords do not come back.
  public var mailboxFailure = Span.minutes(30)
  /// Fewer concluded messages than this make no rate alert: two messages are no statistics.
  public var smallestSample = 20

  public init() {}
}

/// From numbers to alerts, worst first.
public enum AlertRules {
  /// - Parameter isLatched: the latch file is there, which no row may say yet.
  public static func alerts(
    _ vitals: Vitals, permit: SendPermit?, isLatched: Bool = false, thresholds: AlertThresholds
  ) -> [Alert] {
    var alerts: [Alert] = []
    alerts += permitAlerts(permit, isLatched: isLatched)
    alerts += clockAlerts(vitals)
    alerts += roleAlerts(vitals)
    alerts += aloneAlerts(vitals)
    alerts += rateAlerts(vitals, thresholds)
    alerts += countAlerts(vitals, thresholds)
    alerts += reportAlerts(vitals, thresholds)
    alerts += inboxAlerts(vitals)
    return alerts.sorted { ($1.severity, $0.id) < ($0.severity, $1.id) }
  }

  private static func permitAlerts(_ permit: SendPermit?, isLatched: Bool) -> [Alert] {
    guard let permit else {
      return [
        Alert(
          id: "permit", severity: .critical, title: "Send permit unreadable",
          explanation: "Nothing is sent until the store can be read.", respondWithin: .minutes(15))
      ]
    }
    guard isLatched || permit.state == .stopped else { return [] }
    let who = permit.state == .stopped ? "By \(permit.changedBy): \(permit.reason)" : "The latch file is there."
    return [
      Alert(
        id: "emergency-stop", severity: .critical, title: "Emergency stop latched",
        explanation: who, respondWithin: .minutes(15))
    ]
  }

  /// Loud, and there until a second person has looked at everything.
  private static func aloneAlerts(_ vitals: Vitals) -> [Alert] {
    var alerts: [Alert] = []
    if vitals.openGlasses > 0 {
      alerts.append(
        Alert(
          id: "break-glass", severity: .critical, title: "BREAK-GLASS open",
          explanation: "\(vitals.openGlasses) may do alone what needs two people, until it expires.",
          respondWithin: .minutes(15)))
    }
    if vitals.doneAlone > 0 {
      alerts.append(
        Alert(
          id: "done-alone", severity: .critical, title: "\(vitals.doneAlone) done alone",
          explanation: "Done with break-glass; a second person has to review each of them.", respondWithin: .hours(1)))
    }
    return alerts
  }

  private static func rateAlerts(_ vitals: Vitals, _ thresholds: AlertThresholds) -> [Alert] {
    var alerts: [Alert] = []
    guard vitals.concluded >= thresholds.smallestSample else { return alerts }
    if let rate = vitals.complaintRate, let severity = thresholds.complaintRate.severity(rate) {
      alerts.append(
        Alert(
          id: "complaint-rate", severity: severity, title: "Complaint rate \(Percent.text(rate))",
          explanation:
            "\(Amount.words(vitals.complained, "complaint")) on \(Amount.words(vitals.accepted, "accepted message")) in 24 h; "
            + "limits \(Percent.text(thresholds.complaintRate.warning)) and \(Percent.text(thresholds.complaintRate.critical))",
          respondWithin: severity == .critical ? .minutes(15) : .hours(4)))
    }
    if let rate = vitals.bounceRate, let severity = thresholds.bounceRate.severity(rate) {
      alerts.append(
        Alert(
          id: "bounce-rate", severity: severity, title: "Bounce rate \(Percent.text(rate))",
          explanation: "\(vitals.refused) refused and \(vitals.bounced) bounced of \(vitals.concluded) in 24 h; "
            + "limits \(Percent.text(thresholds.bounceRate.warning)) and \(Percent.text(thresholds.bounceRate.critical))",
          respondWithin: severity == .critical ? .minutes(30) : .hours(4)))
    }
    return alerts
  }

  private static func inboxAlerts(_ vitals: Vitals) -> [Alert] {
    guard vitals.unhealthyInboxes > 0 else { return [] }
    return [
      Alert(
        id: "unhealthy-inboxes", severity: .high,
        title: Amount.words(vitals.unhealthyInboxes, "unhealthy inbox", many: "unhealthy inboxes"),
        explanation: "Paused because their health fell too low; look at their factors in the Inboxes pane.",
        respondWithin: .hours(1))
    ]
  }

  private static func countAlerts(_ vitals: Vitals, _ thresholds: AlertThresholds) -> [Alert] {
    var alerts: [Alert] = []
    if let severity = thresholds.backlog.severity(Double(vitals.backlog)) {
      alerts.append(
        Alert(
          id: "backlog", severity: severity, title: "Queue backlog \(vitals.backlog)",
          explanation: "Messages waiting in the queue; limits \(Int(thresholds.backlog.warning)) and "
            + "\(Int(thresholds.backlog.critical))", respondWithin: .hours(1)))
    }
    if vitals.restrictedAccounts > 0 {
      alerts.append(
        Alert(
          id: "restricted-accounts", severity: .high, title: "\(vitals.restrictedAccounts) restricted",
          explanation: "Accounts that may not send; review and document.", respondWithin: .hours(1)))
    }
    if vitals.uncertain > 0 {
      alerts.append(
        Alert(
          id: "uncertain", severity: .high, title: "\(vitals.uncertain) uncertain",
          explanation: "Messages whose final reply never came; a report or a person settles them.",
          respondWithin: .hours(1)))
    }
    if vitals.flaggedAccounts > 0 {
      alerts.append(
        Alert(
          id: "flagged-accounts", severity: .warning, title: "\(vitals.flaggedAccounts) flagged",
          explanation: "Accounts with enough complaints for a review.", respondWithin: .hours(4)))
    }
    if vitals.failedNotices > 0 {
      alerts.append(
        Alert(
          id: "failed-notices", severity: .warning, title: "\(Amount.words(vitals.failedNotices, "notice")) failed",
          explanation: "Somebody was not told; look at the notice and try again or tell them otherwise.",
          respondWithin: .hours(4)))
    }
    if vitals.unmatchedReports > 0 {
      alerts.append(
        Alert(
          id: "unmatched-reports", severity: .warning, title: "\(vitals.unmatchedReports) unmatched",
          explanation: "Reports that could not be tied to a message of ours.", respondWithin: .hours(4)))
    }
    return alerts
  }
}
