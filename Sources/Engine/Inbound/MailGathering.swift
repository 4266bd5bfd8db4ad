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
  private var pending: [ReadMail] = []
  private var bytes = 0
  /// UIDs of windows that have not ended: servers send mails of several windows by turns.
  private var arrived: [UInt32] = []
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
    pending.append(pipeline.read(mail))
    bytes += mail.raw.count
    arrived.append(mail.uid)
    if isEnough { try submit(ended: nil) }
  }

  /// Everything of a window has been taken.
  func end(_ window: ClosedRange<UInt32>) throws {
    try submit(ended: window)
    let others = arrived.filter { !window.contains($0) }
    windows.adapt(arrived: arrived.count - others.count)
    arrived = others
  }

  /// Whether there are enough for a transaction: while the store is busy with others, more of them.
  private var isEnough: Bool {
    if bytes >= MailboxScan.batchBytes || pending.count >= MailboxScan.batchCount { return true }
    return pending.count >= MailboxScan.leastBatchCount && pipeline.isIdle
  }

  func noteFlagged(upTo uid: UInt32) { flaggedUpTo = uid }

  private func submit(ended window: ClosedRange<UInt32>?) throws {
    if !pending.isEmpty {
      // Of more than are enough, some were there before the store had nothing to do.
      starved = pending.count <= MailboxScan.leastBatchCount && pipeline.isIdle ? starved + pending.count : 0
    }
    let batch = FetchedBatch(
      mailbox: mailbox, uidValidity: uidValidity, isPersonal: isPersonal, mails: pending,
      flaggedUpTo: flaggedUpTo)
    (pending, bytes, flaggedUpTo) = ([], 0, nil)
    try pipeline.submit(batch, ended: window)
  }
}
