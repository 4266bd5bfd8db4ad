import MailModel
import MailPolicy
import Testing

/// Rates against the thresholds of the runbook "Key Thresholds".
@Suite struct AlertTests {
  private static let open = SendPermit(
    state: .open, generation: 1, changedAt: Timestamp(seconds: 0), changedBy: "tess", reason: "")

  struct Row: Sendable, CustomTestStringConvertible {
    var vitals: Vitals
    var expected: [String: Alert.Severity]
    var testDescription: String { "\(vitals)" }
  }

  @Test(arguments: [
    Row(vitals: Vitals(), expected: [:]),
    // 3 % and 5 % are limits: only what lies above is an alert.
    Row(vitals: Vitals(accepted: 970, refused: 30), expected: [:]),
    Row(vitals: Vitals(accepted: 969, refused: 31), expected: ["bounce-rate": .warning]),
    Row(vitals: Vitals(accepted: 950, refused: 50), expected: ["bounce-rate": .warning]),
    Row(vitals: Vitals(accepted: 949, refused: 51), expected: ["bounce-rate": .critical]),
    Row(vitals: Vitals(accepted: 1_000, bounced: 51), expected: ["bounce-rate": .critical]),
    // Too few to judge.
    Row(vitals: Vitals(accepted: 0, refused: 19), expected: [:]),
    Row(vitals: Vitals(accepted: 0, refused: 20), expected: ["bounce-rate": .critical]),
    Row(vitals: Vitals(accepted: 10_000, complained: 5), expected: [:]),
    Row(vitals: Vitals(accepted: 10_000, complained: 6), expected: ["complaint-rate": .warning]),
    Row(vitals: Vitals(accepted: 10_000, complained: 10), expected: ["complaint-rate": .warning]),
    Row(vitals: Vitals(accepted: 10_000, complained: 11), expected: ["complaint-rate": .critical]),
    Row(vitals: Vitals(backlog: 100), expected: [:]),
    Row(vitals: Vitals(backlog: 101), expected: ["backlog": .warning]),
    Row(vitals: Vitals(backlog: 500), expected: ["backlog": .warning]),
    Row(vitals: Vitals(backlog: 501), expected: ["backlog": .critical]),
    Row(vitals: Vitals(uncertain: 1), expected: ["uncertain": .high]),
    Row(vitals: Vitals(unmatchedReports: 1), expected: ["unmatched-reports": .warning]),
    Row(vitals: Vitals(flaggedAccounts: 1), expected: ["flagged-accounts": .warning]),
    Row(vitals: Vitals(restrictedAccounts: 1), expected: ["restricted-accounts": .high]),
    Row(vitals: Vitals(mailboxesFailing: [.seconds(1_799), .seconds(0)]), expected: [:]),
    Row(vitals: Vitals(mailboxesFailing: [.minutes(30), .seconds(0)]), expected: ["unread-mailboxes": .high]),
    Row(vitals: Vitals(unreadableMails: 1), expected: ["unreadable-mails": .warning]),
    Row(vitals: Vitals(relaysFailing: 1), expected: ["failing-relays": .high]),
    Row(vitals: Vitals(unattended: .seconds(899)), expected: [:]),
    Row(vitals: Vitals(unattended: .minutes(15)), expected: ["no-engine": .high]),
    Row(vitals: Vitals(diskUsed: 0.85), expected: [:]),
    Row(vitals: Vitals(diskUsed: 0.86), expected: ["disk-space": .warning]),
    Row(vitals: Vitals(diskUsed: 0.96), expected: ["disk-space": .critical]),
  ])
  func `alerts begin above their thresholds`(row: Row) {
    let alerts = AlertRules.alerts(row.vitals, permit: AlertTests.open, thresholds: AlertThresholds())
    #expect(Dictionary(alerts.map { ($0.id, $0.severity) }, uniquingKeysWith: { first, _ in first }) == row.expected)
    for alert in alerts {
      #expect(!alert.title.isEmpty && !alert.explanation.isEmpty)
      #expect(alert.respondWithin > .seconds(0))
    }
  }

  @Test func `a stop and an unreadable permit are critical`() {
    var stopped = AlertTests.open
    stopped.state = .stopped
    let thresholds = AlertThresholds()
    #expect(AlertRules.alerts(Vitals(), permit: stopped, thresholds: thresholds).map(\.id) == ["emergency-stop"])
    // What nobody sends is no news while sending is stopped.
    let waiting = Vitals(unattended: .hours(1))
    #expect(AlertRules.alerts(waiting, permit: stopped, thresholds: thresholds).map(\.id) == ["emergency-stop"])
    let latched = AlertRules.alerts(waiting, permit: AlertTests.open, isLatched: true, thresholds: thresholds)
    #expect(latched.map(\.id) == ["emergency-stop"] && latched[0].explanation == "The latch file is there.")
    #expect(AlertRules.alerts(Vitals(), permit: nil, thresholds: thresholds).map(\.id) == ["permit"])
    #expect(AlertRules.alerts(Vitals(), permit: nil, thresholds: thresholds)[0].severity == .critical)
  }

  @Test func `the worst comes first, of equals the one to be answered first`() {
    let alerts = AlertRules.alerts(
      Vitals(backlog: 501, uncertain: 1, unmatchedReports: 1, restrictedAccounts: 1), permit: nil,
      thresholds: AlertThresholds())
    #expect(alerts.map(\.id) == ["permit", "backlog", "restricted-accounts", "uncertain", "unmatched-reports"])
  }

  @Test func `rates have no value without a base and never leave their range`() {
    #expect(Vitals().bounceRate == nil && Vitals().complaintRate == nil && Vitals().deliveryRate == nil)
    #expect(Vitals(refused: 5).complaintRate == nil)
    #expect(Vitals(accepted: 1, bounced: 5).deliveryRate == 0)
    #expect(Vitals(accepted: 9, refused: 1).deliveryRate == 0.9)
  }

  @Test(arguments: [
    (0.0, "0 %"), (0.0123, "1.23 %"), (0.01, "1 %"), (0.015, "1.5 %"), (0.00001, "0 %"), (0.0999999, "10 %"),
    (0.1, "10 %"), (0.1234, "12.3 %"), (1.0, "100 %"), (.nan, "–"), (.infinity, "–"),
  ])
  func `shares as people read them`(share: Double, text: String) {
    #expect(Percent.text(share) == text)
  }
}
