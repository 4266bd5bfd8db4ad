internal import MailModel

extension AlertRules {
  /// What reports call for besides rates (runbook 2 "High Bounce Rate").
  static func reportAlerts(_ vitals: Vitals, _ thresholds: AlertThresholds) -> [Alert] {
    var alerts: [Alert] = []
    if let severity = thresholds.blocked.severity(Double(vitals.blocked)) {
      alerts.append(
        Alert(
          id: "block-bounces", severity: severity, title: Amount.words(vitals.blocked, "block bounce"),
          explanation: "Refused for policy or reputation in 24 h; no address is suppressed for it. If it goes on: stop "
            + "all sending, look at content and volume, wait a day (runbook High Bounce Rate).",
          respondWithin: severity == .critical ? .minutes(30) : .hours(4)))
    }
    if vitals.withheldRestrictions > 0 {
      alerts.append(
        Alert(
          id: "report-storm", severity: .critical, title: "Restrictions withheld",
          explanation:
            "\(Amount.words(vitals.withheldRestrictions, "restriction")) called for beyond what policy may make in an "
            + "hour: a storm of reports, or many accounts at once. Review the flagged accounts by hand.",
          respondWithin: .minutes(15)))
    }
    let unread = vitals.mailboxesFailing.filter { $0 >= AlertThresholds.mailboxFailure }.count
    if unread > 0 {
      alerts.append(
        Alert(
          id: "unread-mailboxes", severity: .high,
          title: "\(Amount.words(unread, "mailbox", many: "mailboxes")) unread",
          explanation:
            "No scan has worked for \(AlertThresholds.mailboxFailure.words) or more: what bounced or was complained about since then "
            + "is not known, and mail goes on to those addresses. 'w' says which and why.", respondWithin: .hours(1)))
    }
    if vitals.unreadableMails > 0 {
      alerts.append(
        Alert(
          id: "unreadable-mails", severity: .warning,
          title: "\(Amount.words(vitals.unreadableMails, "mail")) unreadable",
          explanation:
            "A mailbox server lists them and does not hand them out: what they report is not known. They are "
            + "tried again every hour. 'w' says where and why; read them with another program, or delete them there.",
          respondWithin: .hours(4)))
    }
    return alerts
  }
}
