public import MailModel

/// From numbers to alerts, worst first: by severity, then by how soon somebody has to answer.
public enum AlertRules {
  /// - Parameter isLatched: the latch file is there, which no row may say yet.
  public static func alerts(
    _ vitals: Vitals, permit: SendPermit?, isLatched: Bool = false, thresholds: AlertThresholds
  ) -> [Alert] {
    var alerts = permitAlerts(permit, isLatched: isLatched)
    if let permit, permit.allowsSending, !isLatched { alerts += engineAlerts(vitals) }
    alerts += diskAlerts(vitals) + clockAlerts(vitals) + roleAlerts(vitals) + aloneAlerts(vitals)
    alerts += rateAlerts(vitals, thresholds) + backlogAlerts(vitals, thresholds) + reportAlerts(vitals, thresholds)
    alerts += senderAlerts(vitals) + openAlerts(vitals)
    return alerts.sorted { ($1.severity, $0.respondWithin, $0.id) < ($0.severity, $1.respondWithin, $1.id) }
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

  /// Sending is allowed and mail is due, but nobody sends.
  private static func engineAlerts(_ vitals: Vitals) -> [Alert] {
    guard let waited = vitals.unattended, waited >= AlertThresholds.engineAbsence else { return [] }
    return [
      Alert(
        id: "no-engine", severity: .high, title: "No engine runs",
        explanation:
          "Mail has been due for \(waited.words) and nobody sends it: 'postroom engine', or 'postroom console "
          + "--engine'.", respondWithin: .hours(1))
    ]
  }

  private static func diskAlerts(_ vitals: Vitals) -> [Alert] {
    guard let used = vitals.diskUsed, let severity = AlertThresholds.disk.severity(used) else { return [] }
    return [
      Alert(
        id: "disk-space", severity: severity, title: "Disk \(Percent.text(used)) full",
        explanation: "On a full disk nothing can be queued or recorded, and the engine stops; limits "
          + "\(Percent.text(AlertThresholds.disk.warning)) and \(Percent.text(AlertThresholds.disk.critical)).",
        respondWithin: severity == .critical ? .minutes(30) : .hours(4))
    ]
  }

  /// Loud, and there until a second person has looked at everything.
  private static func aloneAlerts(_ vitals: Vitals) -> [Alert] {
    present([
      (
        vitals.openGlasses,
        Alert(
          id: "break-glass", severity: .critical, title: "BREAK-GLASS open",
          explanation:
            "\(Amount.words(vitals.openGlasses, "person", many: "people")) may do alone what needs two, until it expires.",
          respondWithin: .minutes(15))
      ),
      (
        vitals.doneAlone,
        Alert(
          id: "done-alone", severity: .critical, title: "\(vitals.doneAlone) done alone",
          explanation: "Done with break-glass; a second person has to review each of them.", respondWithin: .hours(1))
      ),
    ])
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

  private static func backlogAlerts(_ vitals: Vitals, _ thresholds: AlertThresholds) -> [Alert] {
    guard let severity = thresholds.backlog.severity(Double(vitals.backlog)) else { return [] }
    return [
      Alert(
        id: "backlog", severity: severity, title: "Queue backlog \(vitals.backlog)",
        explanation: "Messages waiting in the queue; limits \(Int(thresholds.backlog.warning)) and "
          + "\(Int(thresholds.backlog.critical))", respondWithin: .hours(1))
    ]
  }

  private static func senderAlerts(_ vitals: Vitals) -> [Alert] {
    present([
      (
        vitals.restrictedAccounts,
        Alert(
          id: "restricted-accounts", severity: .high,
          title: "\(Amount.words(vitals.restrictedAccounts, "account")) restricted",
          explanation: "Accounts that may not send; review and document.", respondWithin: .hours(1))
      ),
      (
        vitals.flaggedAccounts,
        Alert(
          id: "flagged-accounts", severity: .warning,
          title: "\(Amount.words(vitals.flaggedAccounts, "account")) flagged",
          explanation: "Accounts with enough complaints for a review.", respondWithin: .hours(4))
      ),
      (
        vitals.unhealthyInboxes,
        Alert(
          id: "unhealthy-inboxes", severity: .high,
          title: Amount.words(vitals.unhealthyInboxes, "unhealthy inbox", many: "unhealthy inboxes"),
          explanation: "Paused because their health fell too low; look at their factors in the Inboxes pane.",
          respondWithin: .hours(1))
      ),
    ])
  }

  /// What waits for a person.
  private static func openAlerts(_ vitals: Vitals) -> [Alert] {
    present([
      (
        vitals.relaysFailing,
        Alert(
          id: "failing-relays", severity: .high, title: "\(Amount.words(vitals.relaysFailing, "relay")) failing",
          explanation:
            "It does not take mail, try after try: what is to go over it waits, or takes a fallback. 'w' says "
            + "which and why, 'postroom check' tries it now.", respondWithin: .hours(1))
      ),
      (
        vitals.uncertain,
        Alert(
          id: "uncertain", severity: .high, title: Amount.inDoubt(vitals.uncertain),
          explanation: "Messages whose final reply never came; a report or a person settles them.",
          respondWithin: .hours(1))
      ),
      (
        vitals.failedNotices,
        Alert(
          id: "failed-notices", severity: .warning, title: "\(Amount.words(vitals.failedNotices, "notice")) failed",
          explanation: "Somebody was not told; look at the notice and try again or tell them otherwise.",
          respondWithin: .hours(4))
      ),
      (
        vitals.unmatchedReports,
        Alert(
          id: "unmatched-reports", severity: .warning,
          title: "\(Amount.words(vitals.unmatchedReports, "report")) unmatched",
          explanation: "Reports that could not be tied to a message of ours.", respondWithin: .hours(4))
      ),
    ])
  }

  /// Of these alerts those that there is a reason for.
  private static func present(_ alerts: [(count: Int, alert: Alert)]) -> [Alert] {
    alerts.filter { $0.count > 0 }.map(\.alert)
  }
}
