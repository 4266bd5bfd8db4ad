public import MailModel

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
