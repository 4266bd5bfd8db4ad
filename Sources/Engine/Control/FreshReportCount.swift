import MailModel
import MailPolicy
import Storage

/// Proven bounces and complaints since a rung was entered, and doubt. Counted row by row and not by tallies: a tally's bucket is
/// ten minutes wide, and what came before the stop must not latch it again.
enum FreshReportCount {
  static func read(since moment: Timestamp, in transaction: Transaction) throws -> ResumeLadder.FreshReports {
    ResumeLadder.FreshReports(
      bounces: try transaction.bounces.provenCount(after: moment),
      complaints: try transaction.complaints.provenCount(after: moment),
      doubted: try transaction.messages.doubted(since: moment))
  }
}
