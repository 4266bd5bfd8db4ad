import MailModel
import MailPolicy
import Storage

/// Proven bounces and complaints since a rung was entered. Counted row by row and not by tallies: a tally's bucket is
/// ten minutes wide, and what came before the stop must not latch it again.
enum FreshReportCount {
  /// Rows looked at; more of them trip any ladder.
  private static let limit = 200

  static func read(since moment: Timestamp, in transaction: Transaction) throws -> ResumeLadder.FreshReports {
    let bounces = try transaction.bounces.page(BounceQuery(kinds: [.bounce], limit: limit)).rows
    let complaints = try transaction.complaints.page(ComplaintQuery(limit: limit)).rows
    return ResumeLadder.FreshReports(
      bounces: bounces.count { $0.occurredAt > moment && $0.correlation.isProof },
      complaints: complaints.count { $0.occurredAt > moment && $0.correlation.isProof })
  }
}
