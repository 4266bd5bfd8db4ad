import MailModel
import Storage

/// One reading of a mailbox: mails gather, are handed over to be committed, and only then flagged. Used by one thread.
final class ScanReading {
  /// What is left to note once nothing more is read.
  struct End {
    var uidValidity: UInt32
    /// Mails that were new.
    var stored = 0
    /// Flagged on the server.
    var flagged: [UInt32] = []
  }

  private let scan: MailboxScan
  private let session: any ReportMailboxSession
  private let pipeline: IntakePipeline
  var windows: UIDWindows
  private(set) var progress: ScanProgress
  private var pending: [FetchedReport] = []
  private var bytes = 0
  private var arrived = 0
  private var hasSubmitted = false
  /// Flagged on the server; noted with the next commit.
  private var flagged: [UInt32] = []

  init(
    _ scan: MailboxScan, _ session: any ReportMailboxSession, _ pipeline: IntakePipeline, _ progress: ScanProgress
  ) {
    self.scan = scan
    self.session = session
    self.pipeline = pipeline
    self.progress = progress
    windows = UIDWindows(from: progress.first, through: progress.last, width: MailboxScan.batchCount)
  }

  func take(_ mail: FetchedReport) throws {
    // A server may send what was not asked for; only the window may move the checkpoint.
    guard progress.first <= mail.uid, mail.uid <= progress.last else { return }
    pending.append(mail)
    bytes += mail.raw.count
    arrived += 1
    let limit = hasSubmitted ? MailboxScan.batchCount : MailboxScan.firstBatchCount
    if bytes >= MailboxScan.batchBytes || pending.count >= limit { try submit(upTo: nil) }
  }

  /// - Returns: the UIDs that are committed now and not flagged yet: mostly those of earlier windows.
  func end(_ window: ClosedRange<UInt32>) throws -> [UInt32] {
    try submit(upTo: window.upperBound)
    windows.adapt(arrived: arrived)
    arrived = 0
    return try takeCommitted()
  }

  func noteFlagged(_ uids: [UInt32]) throws { flagged += uids }

  /// Waits until everything is committed, flags the rest of it, and leaves the mailbox.
  func finish() throws -> End {
    pipeline.end()
    let uids = try takeCommitted()
    try session.close(flagging: uids)
    return End(uidValidity: session.uidValidity, stored: progress.stored, flagged: flagged + uids)
  }

  /// - Parameter uid: up to here everything is committed then; `nil` in the middle of a window, whose order is the
  ///   server's.
  private func submit(upTo uid: UInt32?) throws {
    let batch = FetchedBatch(
      mailbox: scan.mailbox.name, uidValidity: session.uidValidity, mails: pending, upTo: uid, flagged: flagged)
    (pending, bytes, flagged, hasSubmitted) = ([], 0, [], true)
    try pipeline.submit(batch)
  }

  private func takeCommitted() throws -> [UInt32] {
    let committed = try pipeline.committed()
    progress.stored = committed.stored
    progress.note(upTo: committed.upTo, at: scan.clock.now())
    return scan.keepsUnseen ? [] : committed.uids
  }
}
