import Logging
import MailModel
public import Storage

/// One scan of the report mailbox: fetch by UID, store the raw bytes, commit, only then flag (DESIGN §6).
public struct MailboxScan: Sendable {
  /// What a scan did.
  public struct Summary: Sendable, Equatable {
    public var fetched = 0
    public var intake = IntakeSummary()
  }

  /// Mails held in memory before they are committed: by count and by bytes.
  static let batchCount = 500
  static let batchBytes = 8 << 20

  let store: Store
  let mailbox: any ReportMailbox
  let intake: ReportIntake
  let clock: any Clock
  /// Leaves fetched mails unread on the server (`--keep-unseen`).
  let keepsUnseen: Bool

  public init(store: Store, mailbox: any ReportMailbox, intake: ReportIntake, clock: any Clock, keepsUnseen: Bool) {
    self.store = store
    self.mailbox = mailbox
    self.intake = intake
    self.clock = clock
    self.keepsUnseen = keepsUnseen
  }

  /// Blocking. Safe to repeat at any point: what was stored is not stored or counted again.
  ///
  /// - Parameter progress: called with the number fetched so far and the last UID to come.
  /// - Throws: `MailboxUnavailable`, `StoreError`. What was committed stays; the scan's error is recorded.
  public func run(progress: (_ fetched: Int, _ uid: UInt32, _ last: UInt32) -> Void = { _, _, _ in }) throws -> Summary
  {
    do {
      var summary = Summary()
      summary.fetched = try fetchAll(progress: progress)
      summary.intake = try intake.processStored()
      try store.write { try $0.mailboxes.noteScan(mailbox.name, at: clock.now(), fetched: summary.fetched, error: nil) }
      return summary
    } catch {
      try? store.write { try $0.mailboxes.noteScan(mailbox.name, at: clock.now(), fetched: 0, error: "\(error)") }
      throw error
    }
  }

  private func fetchAll(progress: (Int, UInt32, UInt32) -> Void) throws -> Int {
    let session = try mailbox.open()
    defer { session.close() }
    try flagStored(session)
    let checkpoint = try store.read { try $0.mailboxes.checkpoint(mailbox.name) }
    // Another UIDVALIDITY means that every UID is new (RFC 9051 §2.3.1.1); what was counted already is found again
    // by its bytes when it is stored.
    var next = checkpoint.flatMap { $0.uidValidity == session.uidValidity ? $0.lastUID : nil }.map { $0 &+ 1 } ?? 1
    guard let end = session.uidNext else {
      throw MailboxUnavailable(reason: "\(mailbox.name): the server does not tell UIDNEXT; reports cannot be found")
    }
    guard end > next else { return 0 }
    var fetched = 0
    while next < end {
      let count = UInt32(MailboxScan.batchCount)
      let last = end - next > count ? next + count - 1 : end - 1
      fetched += try fetchBatch(next...last, session)
      progress(fetched, last, end - 1)
      next = last &+ 1
    }
    return fetched
  }

  private func fetchBatch(_ uids: ClosedRange<UInt32>, _ session: any ReportMailboxSession) throws -> Int {
    var pending: [FetchedReport] = []
    var bytes = 0
    var stored = 0
    try session.fetch(uids) { mail in
      // A server may send what was not asked for; only the window may move the checkpoint.
      guard uids.contains(mail.uid) else { return }
      pending.append(mail)
      bytes += mail.raw.count
      if bytes >= MailboxScan.batchBytes {
        stored += try commit(pending, upTo: nil, session)
        pending.removeAll()
        bytes = 0
      }
    }
    stored += try commit(pending, upTo: uids.upperBound, session)
    try flagStored(session)
    return stored
  }

  /// - Parameter uid: up to here everything is stored then; `nil` in the middle of a window, whose order is the server's.
  private func commit(_ mails: [FetchedReport], upTo uid: UInt32?, _ session: any ReportMailboxSession) throws -> Int {
    let now = clock.now()
    return try store.write { transaction in
      var stored = 0
      for mail in mails {
        let location = MailboxLocation(mailbox: mailbox.name, uidValidity: session.uidValidity, uid: mail.uid)
        if try transaction.reports.store(location, raw: mail.raw, receivedAt: now) != nil { stored += 1 }
      }
      if let uid {
        try transaction.mailboxes.advance(mailbox.name, uidValidity: session.uidValidity, lastUID: uid, now: now)
      }
      return stored
    }
  }

  /// Flags what is stored and not flagged yet, also after a crash between commit and flag.
  private func flagStored(_ session: any ReportMailboxSession) throws {
    guard !keepsUnseen else { return }
    while true {
      let uids = try store.read {
        try $0.reports.unflagged(mailbox: mailbox.name, uidValidity: session.uidValidity, limit: MailboxScan.batchCount)
      }
      guard !uids.isEmpty else { return }
      try session.markSeen(uids)
      try store.write {
        try $0.reports.markFlagged(mailbox: mailbox.name, uidValidity: session.uidValidity, uids: uids)
      }
    }
  }
}
