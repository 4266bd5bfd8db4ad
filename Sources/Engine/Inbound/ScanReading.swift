import MailModel
import Storage

/// One reading of a mailbox: mails gather, are committed, handed on, and only then flagged. Used by one thread.
final class ScanReading {
  private let scan: MailboxScan
  private let session: any ReportMailboxSession
  private let pipeline: IntakePipeline
  var windows: UIDWindows
  private(set) var progress: ScanProgress
  private var pending: [FetchedReport] = []
  private var bytes = 0
  /// Stored in this window, to be flagged with it.
  private var storedUIDs: [UInt32] = []
  private var arrived = 0
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
    if bytes >= MailboxScan.batchBytes || pending.count >= MailboxScan.batchCount { try commit(upTo: nil) }
  }

  /// - Returns: the UIDs that are committed now and not flagged yet.
  func end(_ window: ClosedRange<UInt32>) throws -> [UInt32] {
    try commit(upTo: window.upperBound)
    windows.adapt(arrived: arrived)
    arrived = 0
    progress.note(upTo: window.upperBound, at: scan.clock.now())
    defer { storedUIDs = [] }
    return scan.keepsUnseen ? [] : storedUIDs
  }

  func noteFlagged(_ uids: [UInt32]) throws { flagged += uids }

  func finish() throws {
    guard !flagged.isEmpty else { return }
    try scan.store.write { try noteFlags(in: $0) }
  }

  /// - Parameter uid: up to here everything is stored then; `nil` in the middle of a window, whose order is the server's.
  private func commit(upTo uid: UInt32?) throws {
    let now = scan.clock.now()
    let mailbox = scan.mailbox.name
    let stored = try scan.store.write { transaction in
      var stored: [StoredReport] = []
      for mail in pending {
        let location = MailboxLocation(mailbox: mailbox, uidValidity: session.uidValidity, uid: mail.uid)
        if let id = try transaction.reports.store(location, raw: mail.raw, receivedAt: now) {
          stored.append(StoredReport(id: id, raw: mail.raw))
        }
      }
      try noteFlags(in: transaction)
      if let uid {
        try transaction.mailboxes.advance(mailbox, uidValidity: session.uidValidity, lastUID: uid, now: now)
      }
      return stored
    }
    storedUIDs += pending.map(\.uid)
    progress.stored += stored.count
    pending.removeAll(keepingCapacity: true)
    bytes = 0
    try pipeline.submit(stored)
  }

  private func noteFlags(in transaction: Transaction) throws {
    guard !flagged.isEmpty else { return }
    try transaction.reports.markFlagged(
      mailbox: scan.mailbox.name, uidValidity: session.uidValidity, uids: flagged)
    flagged = []
  }
}
