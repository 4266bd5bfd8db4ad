import Foundation
public import MailModel
public import MailPolicy
import Storage

/// What probes need to know besides the store.
public struct ProbeSources: Sendable {
  public var relay: String
  public var mailboxes: [String]
  public var scanInterval: Span
  /// A path on the disk that the store lives on.
  public var storeFolder: String
  /// `nil` where nobody asks whether an engine runs.
  public var engineLockPath: String?
  public var thresholds: AlertThresholds

  public init(
    relay: String, mailboxes: [String], scanInterval: Span, storeFolder: String,
    engineLockPath: String? = nil, thresholds: AlertThresholds = AlertThresholds()
  ) {
    self.relay = relay
    self.mailboxes = mailboxes
    self.scanInterval = scanInterval
    self.storeFolder = storeFolder
    self.engineLockPath = engineLockPath
    self.thresholds = thresholds
  }
}

/// Takes one automated value of a checklist step. Reads only: the store, the latch file, the disk.
enum Probe {
  static func read(_ name: ProbeName, _ transaction: Transaction, _ context: OperationContext) throws -> ProbeReading {
    let now = context.now
    let (verdict, value) = try measure(name, transaction, context, now: now)
    return ProbeReading(verdict: verdict, value: value, measuredAt: now)
  }

  private static func measure(
    _ name: ProbeName, _ transaction: Transaction, _ context: OperationContext, now: Timestamp
  ) throws -> (ProbeReading.Verdict, String) {
    let vitals = try VitalsReading(
      mailboxes: context.probes.mailboxes, relays: context.relays, clockJump: context.clock.steady?.jump?.by,
      operatorsPath: context.operatorsPath, engineLockPath: context.probes.engineLockPath
    ).vitals(transaction, now: now)
    let thresholds = context.probes.thresholds
    switch name {
    case .emergencyStop: return stop(try? transaction.permit.read(), isLatched: context.stop.latch.isPresent())
    case .relay: return try relay(transaction, context, now: now)
    case .mailbox, .lastScan: return try lastScan(transaction, context, now: now)
    case .bounceRate:
      return rate(
        vitals.bounceRate, thresholds.bounceRate, "\(vitals.refused + vitals.bounced) of \(vitals.concluded) in 24 h")
    case .complaintRate:
      return rate(vitals.complaintRate, thresholds.complaintRate, "\(vitals.complained) of \(vitals.accepted) in 24 h")
    case .deliveryRate: return deliveryRate(vitals)
    case .flaggedAccounts: return count(vitals.flaggedAccounts, "flagged account")
    case .restrictedAccounts: return try restrictions(vitals, transaction, now: now)
    case .queueHealth: return try queue(vitals, thresholds, transaction, now: now)
    case .deadLetters:
      return count(try transaction.counters.all()["message.failed"] ?? 0, "dead letter")
    case .uncertain: return count(vitals.uncertain, "uncertain message")
    case .unmatchedReports: return count(vitals.unmatchedReports, "unmatched report")
    case .alerts:
      return alerts(
        AlertRules.alerts(
          vitals, permit: try? transaction.permit.read(), isLatched: context.stop.latch.isPresent(),
          thresholds: thresholds))
    case .diskSpace: return disk(context.probes.storeFolder)
    case .followUps: return try followUps(transaction, now: now)
    case .none: return (.unknown, "for a person to look at")
    }
  }

  private static func stop(_ permit: SendPermit?, isLatched: Bool) -> (ProbeReading.Verdict, String) {
    guard let permit, !isLatched else { return (.critical, "latched") }
    switch permit.state {
    case .open: return (.ok, "sending allowed since \(Clockface.text(permit.changedAt))")
    case .ramping: return (.warning, permit.reason)
    case .ready: return (.warning, "reset, not resumed")
    case .stopped: return (.critical, "latched by \(permit.changedBy): \(permit.reason)")
    }
  }

  /// The relay that takes the mail now, and why not the first.
  private static func relay(
    _ transaction: Transaction, _ context: OperationContext, now: Timestamp
  ) throws -> (ProbeReading.Verdict, String) {
    let relays = try RelayStanding.read(
      context.relays.isEmpty ? [context.probes.relay] : context.relays, now: now, in: transaction)
    guard let first = relays.first, first.condition != .ready else {
      let last = (try? transaction.permit.read())?.lastAcceptedAt
      let words = last.map { "last acceptance \(Clockface.text($0))" } ?? "nothing accepted yet"
      // What was not tried has not failed either.
      guard let last, now - last < VitalsReading.window else {
        return (.unknown, "\(context.probes.relay) was not tried lately, \(words); 'postroom check' tries it")
      }
      return (.ok, "\(context.probes.relay) takes mail, \(words)")
    }
    let why = "\(first.relay) \(first.words(now: now))"
    if let fallback = relays.first(where: { $0.condition == .ready }) {
      return (.warning, "mail goes over \(fallback.relay); \(why)")
    }
    if case .tried = first.condition { return (.warning, why) }
    return (.critical, why)
  }

  /// The worst of all mailboxes.
  private static func lastScan(
    _ transaction: Transaction, _ context: OperationContext, now: Timestamp
  ) throws -> (ProbeReading.Verdict, String) {
    let interval = context.probes.scanInterval.microseconds
    let mailboxes = try MailboxStanding.read(context.probes.mailboxes, in: transaction)
    guard let first = mailboxes.first else { return (.warning, "no report mailbox is configured") }
    let failed = mailboxes.filter { $0.last?.error != nil }
    let late = mailboxes.filter { mailbox in
      if !mailbox.unreadable.isEmpty { return true }
      return mailbox.last.map { (now - $0.at).microseconds > max(interval * 5, Span.minutes(10).microseconds) } ?? true
    }
    guard let worst = failed.first ?? late.first else {
      let others = mailboxes.count == 1 ? "" : "; the others in time, too"
      return (.ok, first.words(now: now) + others)
    }
    let which =
      mailboxes.count == 1 ? "" : "\((failed.isEmpty ? late : failed).count) of \(mailboxes.count), \(worst.name): "
    return (failed.isEmpty ? .warning : .critical, which + worst.words(now: now))
  }

  private static func queue(
    _ vitals: Vitals, _ thresholds: AlertThresholds, _ transaction: Transaction, now: Timestamp
  ) throws -> (ProbeReading.Verdict, String) {
    let severity = thresholds.backlog.severity(Double(vitals.backlog))
    let next = try transaction.messages.earliestNextAttempt()
    let oldest =
      next.map {
        $0 < now ? ", oldest due \((now - $0).words) ago" : ", next due in \(($0 - now).words)"
      } ?? ""
    let verdict: ProbeReading.Verdict = severity == .critical ? .critical : severity == nil ? .ok : .warning
    return (
      verdict,
      "\(vitals.backlog) queued\(oldest); limits \(Int(thresholds.backlog.warning)) and \(Int(thresholds.backlog.critical))"
    )
  }

  private static func deliveryRate(_ vitals: Vitals) -> (ProbeReading.Verdict, String) {
    guard let delivery = vitals.deliveryRate else { return (.ok, "nothing sent in 24 h") }
    return (delivery < 0.95 ? .critical : .ok, "\(Percent.text(delivery)) of \(vitals.concluded) in 24 h, limit 95 %")
  }

  /// - Parameter alerts: the worst first.
  private static func alerts(_ alerts: [Alert]) -> (ProbeReading.Verdict, String) {
    guard let worst = alerts.first else { return (.ok, "no alerts") }
    return (
      worst.severity == .critical ? .critical : .warning,
      "\(alerts.count): \(alerts.map(\.title).joined(separator: ", "))"
    )
  }

  private static func disk(_ path: String) -> (ProbeReading.Verdict, String) {
    DiskRoom(of: path).map { ($0.verdict, $0.words) } ?? (.unknown, "the disk could not be asked")
  }

  private static func rate(_ rate: Double?, _ threshold: Threshold, _ parts: String) -> (ProbeReading.Verdict, String) {
    guard let rate else { return (.ok, "nothing sent in 24 h") }
    let severity = threshold.severity(rate)
    let verdict: ProbeReading.Verdict = severity == .critical ? .critical : severity == nil ? .ok : .warning
    return (
      verdict,
      "\(Percent.text(rate)) (\(parts)), limits \(Percent.text(threshold.warning)) and \(Percent.text(threshold.critical))"
    )
  }

  /// With the last pass over all of them: the runbook wants one a month.
  private static func restrictions(
    _ vitals: Vitals, _ transaction: Transaction, now: Timestamp
  ) throws -> (ProbeReading.Verdict, String) {
    guard vitals.restrictedAccounts > 0 else { return (.ok, "0 restricted accounts") }
    let words: String
    switch try transaction.restrictionAudits.last() {
    case nil: words = "never audited"
    case let audit? where audit.completedAt == nil: words = "audit under way, \(audit.decided) of \(audit.total)"
    case let audit?:
      let isDue = now - audit.startedAt > .days(31)
      words = "last audit \(Clockface.day(audit.startedAt))\(isDue ? ", another is due" : "")"
    }
    return (.warning, "\(Amount.words(vitals.restrictedAccounts, "restricted account")); \(words)")
  }

  private static func followUps(_ transaction: Transaction, now: Timestamp) throws -> (ProbeReading.Verdict, String) {
    let due = try transaction.followUps.due(now: now, limit: 1_000)
    guard let first = due.first else { return (.ok, "no follow-up is due") }
    let day = Clockface.day(first.dueAt)
    return (.warning, "\(due.count) due, the first since \(day): \(first.accountAddress)")
  }

  private static func count(_ count: Int, _ what: String) -> (ProbeReading.Verdict, String) {
    (count == 0 ? .ok : .warning, Amount.words(count, what))
  }
}
