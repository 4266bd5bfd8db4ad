import Foundation
import MailModel
import MailPolicy
import Storage

/// Reads the numbers that rates and alerts are made of. Counters and tallies only: nothing is counted here.
struct VitalsReading {
  /// The window of every rate.
  static let window = Span.hours(24)

  /// The report mailboxes that are configured.
  var mailboxes: [String] = []
  /// The relays that are configured.
  var relays: [String] = []
  /// By how much the system's clock has left the workspace's time.
  var clockJump: Span?
  /// The `operators` file, where its seal is looked at.
  var operatorsPath: String?
  /// The file that engines hold locked, beside the store.
  var engineLockPath: String?
  /// When these numbers become alerts.
  var thresholds = AlertThresholds()

  /// - Throws: `StoreError`.
  func vitals(_ transaction: Transaction, now: Timestamp) throws -> Vitals {
    let counters = try transaction.counters.all()
    let since = now - VitalsReading.window
    let standings = try MailboxStanding.read(mailboxes, in: transaction)
    return Vitals(
      accepted: try transaction.tallies.sum("accepted", since: since),
      refused: try transaction.tallies.sum("refused", since: since),
      bounced: try transaction.tallies.sum("bounced", since: since),
      complained: try transaction.tallies.sum("complained", since: since),
      backlog: counters["message.queued"] ?? 0, uncertain: counters["message.uncertain"] ?? 0,
      unmatchedReports: counters["report.unmatched"] ?? 0, flaggedAccounts: counters["account.flagged"] ?? 0,
      restrictedAccounts: counters["account.restricted"] ?? 0, doneAlone: counters["approval.alone"] ?? 0,
      openGlasses: try transaction.breakGlasses.current(now: now).count,
      failedNotices: counters["notice.failed"] ?? 0,
      blocked: try transaction.tallies.sum("blocked", since: since),
      withheldRestrictions: try transaction.tallies.sum("restriction withheld", since: since),
      unhealthyInboxes: counters["inbox.unhealthy"] ?? 0, clockJump: clockJump,
      areRolesAltered: try operatorsPath.map { try RolesSeal.isBroken($0, transaction) } ?? false,
      mailboxesFailing: standings.compactMap { $0.last?.failingSince }.map { now - $0 },
      unreadableMails: standings.reduce(0) { $0 + $1.unreadable.count },
      relaysFailing: try RelayStanding.failing(relays, now: now, in: transaction).count,
      unattended: try unattended(transaction, now: now),
      diskUsed: engineLockPath.flatMap { DiskRoom(of: URL(filePath: $0).deletingLastPathComponent().path)?.used })
  }

  /// How long mail has been due while no engine runs.
  private func unattended(_ transaction: Transaction, now: Timestamp) throws -> Span? {
    guard let engineLockPath, !EngineLock.isHeld(path: engineLockPath) else { return nil }
    return try transaction.messages.earliestNextAttempt().flatMap { $0 < now ? now - $0 : nil }
  }
}
