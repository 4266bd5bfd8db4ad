import Foundation
import MailModel
import MailPolicy
import Testing

/// The guide to alerts names each of them, and the time in which it is answered.
@Suite struct AlertGuideTests {
  /// Every number beyond its limits; only just, or far.
  private func alerts(isFar: Bool, _ state: SendPermit.State? = .stopped) -> [Alert] {
    let vitals = Vitals(
      accepted: 10_000, refused: isFar ? 1_000 : 400, complained: isFar ? 100 : 6, backlog: isFar ? 501 : 101,
      uncertain: 1, unmatchedReports: 1, flaggedAccounts: 1, restrictedAccounts: 1, doneAlone: 1, openGlasses: 1,
      failedNotices: 1, blocked: isFar ? 10 : 1, withheldRestrictions: 1, unhealthyInboxes: 1, clockJump: .hours(2),
      areRolesAltered: true, mailboxesFailing: [.hours(1)], unreadableMails: 1, relaysFailing: 1, unattended: .hours(1),
      diskUsed: isFar ? 0.99 : 0.9)
    let permit = state.map {
      SendPermit(state: $0, generation: 1, changedAt: Timestamp(seconds: 0), changedBy: "tess", reason: "")
    }
    return AlertRules.alerts(vitals, permit: permit, thresholds: AlertThresholds())
  }

  @Test func `the guide has a row for every alert, and no other`() throws {
    var folder = URL(filePath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    let guide = try String(contentsOf: folder.appending(path: "docs/alerts.md"), encoding: .utf8)
    var rows: [String: String] = [:]
    for line in guide.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      rows[cells[0].replacing("`", with: "")] = cells[2]
    }
    let all = alerts(isFar: false) + alerts(isFar: true, nil) + alerts(isFar: true, .open)
    #expect(Set(all.map(\.id)) == Set(rows.keys))
    for alert in all {
      #expect(rows[alert.id]?.contains(alert.respondWithin.words) == true, "\(alert.id): \(alert.respondWithin.words)")
    }
  }
}
