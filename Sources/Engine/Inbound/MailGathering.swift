import MailModel
import Storage

/// Gathers what one connection reads, and hands it over in batches. Used by one thread.
final class MailGathering {
  private let mailbox: String
  private let uidValidity: UInt32
  private let isPersonal: Bool
  private let uids: ClosedRange<UInt32>
  private let windows: SharedWindows
  private let pipeline: IntakePipeline
  private var pending: [FetchedReport] = []
  private var bytes = 0
  /// UIDs of windows that have not ended: servers send mails of several windows by turns.
  private var arrived: [UInt32] = []
  /// Mails of the next batch. Batches grow: the first ones are small so that the store begins early, and each gives it
  /// work until the next one is there.
  private var limit = MailboxScan.firstBatchCount
  /// Up to here everything is flagged on the server; noted with the next commit.
  private var flaggedUpTo: UInt32?
  /// Mails that came in a row while the store was waiting for them.
  private(set) var starved = 0

  /// - Parameter uids: what is read by all connections together.
  init(
    mailbox: String, uidValidity: UInt32, isPersonal: Bool = false, uids: ClosedRange<UInt32>, windows: SharedWindows,
    pipeline: IntakePipeline
  ) {
    self.mailbox = mailbox
    self.uidValidity = uidValidity
    self.isPersonal = isPersonal
    self.uids = uids
    self.windows = windows
    self.pipeline = pipeline
  }

  func take(_ mail: FetchedReport) throws {
    // A server may send what was not asked for; only the windows may move the checkpoint.
    guard uids.contains(mail.uid) else { return }
    pending.append(mail)
    bytes += mail.raw.count
    arrived.append(mail.uid)
    if bytes >= MailboxScan.batchBytes || pending.count >= limit { try submit(ended: nil) }
  }

  /// Everything of a window has been taken.
  func end(_ window: ClosedRange<UInt32>) throws {
    try submit(ended: window)
    let others = arrived.filter { !window.contains($0) }
    windows.adapt(arrived: arrived.count - others.count)
    arrived = others
  }

  func noteFlagged(upTo uid: UInt32) { flaggedUpTo = uid }

  private func submit(ended window: ClosedRange<UInt32>?) throws {
    if !pending.isEmpty { starved = pipeline.isIdle ? starved + pending.count : 0 }
    let batch = FetchedBatch(
      mailbox: mailbox, uidValidity: uidValidity, isPersonal: isPersonal, mails: pending,
      flaggedUpTo: flaggedUpTo)
    (pending, bytes, flaggedUpTo) = ([], 0, nil)
    limit = min(limit * 2, MailboxScan.batchCount)
    try pipeline.submit(batch, ended: window)
  }
}
