import Logging
import MailModel
public import Storage

/// One scan of the report mailbox: fetch by UID, store the raw bytes, commit, only then flag (DESIGN §6).
public struct MailboxScan: Sendable {
  /// What a scan did.
  public struct Summary: Sendable, Equatable {
    public var fetched = 0
    public var intake = IntakeSummary()
    /// Mails that the server does not hand out, passed over by this scan.
    public var unreadable = 0

    public init(fetched: Int = 0, intake: IntakeSummary = IntakeSummary(), unreadable: Int = 0) {
      self.fetched = fetched
      self.intake = intake
      self.unreadable = unreadable
    }

    /// Adds what the scan of another mailbox did.
    public mutating func add(_ other: Summary) {
      fetched += other.fetched
      intake.add(other.intake)
      unreadable += other.unreadable
    }
  }

  /// Mails held in memory before they are committed: by count (whole chunks of rows) and by bytes.
  static let batchCount = 1_024
  static let batchBytes = 8 << 20
  /// Mails that are worth a transaction of their own when the store has nothing else to do.
  static let leastBatchCount = 256

  /// What a scan asks for first, when all UIDs from this one on are new.
  public static func firstWindow(from uid: UInt32) -> ClosedRange<UInt32>? {
    var windows = UIDWindows(from: uid, through: .max, width: batchCount)
    return windows.next()
  }

  let store: Store
  let mailbox: any ReportMailbox
  /// Read anew for each scan: what was changed in the rules counts at once, and a mistake in them keeps nothing else from
  /// working.
  let intake: @Sendable () throws -> ReportIntake
  let clock: any Clock
  /// Leaves fetched mails unread on the server (`--keep-unseen`).
  let keepsUnseen: Bool
  /// Mails in a row that the store has to wait for: then a second connection is worth its login.
  var starvedMails = 4 * batchCount
  /// Asked before each window: what was begun is stored and flagged, the rest is left for the next scan.
  var isCancelled: @Sendable () -> Bool = { false }

  public init(
    store: Store, mailbox: any ReportMailbox, intake: @escaping @Sendable () throws -> ReportIntake, clock: any Clock,
    keepsUnseen: Bool
  ) {
    self.store = store
    self.mailbox = mailbox
    self.intake = intake
    self.clock = clock
    self.keepsUnseen = keepsUnseen || mailbox.isPersonal
  }

  /// Blocking. Safe to repeat at any point: what was stored is not stored or counted again.
  ///
  /// Consequences are committed on another thread while the next mails are fetched.
  /// - Parameter progress: called after every commit, on the calling thread.
  /// - Throws: `MailboxUnavailable`, `StoreError`, `ConfigurationError` when the token key or the bounce rules cannot be
  ///   read. What was committed stays; the scan's error is recorded.
  public func run(progress: (ScanProgress) -> Void = { _ in }) throws -> Summary {
    let (summary, error) = attempt(progress: progress)
    if let error { throw error }
    return summary
  }

  /// The same, for whoever tells what was taken before it failed. - Returns: the error instead of throwing it.
  func attempt(progress: (ScanProgress) -> Void) -> (summary: Summary, error: (any Error)?) {
    var summary = Summary()
    do {
      try run(into: &summary, progress: progress)
      return (summary, nil)
    } catch {
      // Nobody is told that a mailbox cannot be read because its reader went.
      if isCancelled() { return (summary, error) }
      let fetched = summary.fetched
      try? store.write { try $0.mailboxes.noteScan(mailbox.name, at: clock.now(), fetched: fetched, error: "\(error)") }
      return (summary, error)
    }
  }

  /// - Parameter summary: becomes what is committed, also when this throws.
  private func run(into summary: inout Summary, progress: (ScanProgress) -> Void) throws {
    let checkpoint = try store.read { try $0.mailboxes.checkpoint(mailbox.name) }
    let window = MailboxScan.firstWindow(from: (checkpoint?.lastUID ?? 0) &+ 1)
    // Read while the server is reached.
    let reading = Meanwhile(named: "bounce-rules", intake)
    let session = try mailbox.open(anticipating: mailbox.isPersonal && checkpoint == nil ? nil : window)
    defer { session.close() }
    let intake = try reading.value()
    let flagged = try read(session, since: checkpoint, intake, into: &summary, progress: progress)
    try UnreadableRetry(self, intake, uidValidity: session.uidValidity).run(into: &summary)
    // What an earlier scan stored and did not come to process.
    summary.intake.add(try intake.processStored())
    let fetched = summary.fetched
    try store.write(as: .bulk) {
      if let flagged {
        try $0.mailboxes.noteFlagged(mailbox.name, uidValidity: session.uidValidity, upTo: flagged)
      }
      try $0.mailboxes.noteScan(mailbox.name, at: clock.now(), fetched: fetched, error: nil)
    }
    try store.sync()
  }

  /// - Returns: up to where everything is flagged on the server now, as far as that is not noted.
  private func read(
    _ session: any ReportMailboxSession, since checkpoint: Mailboxes.Checkpoint?, _ intake: ReportIntake,
    into summary: inout Summary, progress: (ScanProgress) -> Void
  ) throws -> UInt32? {
    let earlier = checkpoint
    let checkpoint = checkpoint.flatMap { $0.uidValidity == session.uidValidity ? $0 : nil }
    if let checkpoint, !keepsUnseen, !session.isReadOnly { try flagStored(session, since: checkpoint) }
    // Another UIDVALIDITY means that every UID is new (RFC 9051 §2.3.1.1); what was counted already is found again
    // by its bytes when it is stored.
    let known = checkpoint.map { $0.lastUID &+ 1 }
    guard let end = session.uidNext else {
      throw MailboxUnavailable(reason: "\(mailbox.name): the server does not tell UIDNEXT; reports cannot be found")
    }
    let start = try known ?? beginning(of: session, uidNext: end, since: earlier)
    if known == nil, mailbox.isPersonal {
      try store.write {
        try $0.mailboxes.advance(mailbox.name, uidValidity: session.uidValidity, lastUID: max(start, 1) - 1)
      }
    }
    guard end > start else { return nil }
    let reading = ScanReading(
      self, session, intake, ScanProgress(mailbox: mailbox.name, first: start, last: end - 1, startedAt: clock.now()))
    return try withoutActuallyEscaping(progress) { ended in
      do {
        defer { summary = reading.taken }
        return try reading.run(ended: ended)
      } catch let fault as MailboxUnavailable where !isCancelled() {
        let resumed = ResumedReading(self, intake, after: reading, fault)
        defer { summary.add(resumed.taken) }
        try resumed.run(ended: ended)
        // The next scan flags it.
        return nil
      }
    }
  }

  /// Where a mailbox is read from that was not read under this UIDVALIDITY: a report mailbox from its first mail. An inbox's
  /// own holds somebody's letters of years: from what came since it was read the last time, a day more because servers go by
  /// days of their own; from its end when it never was.
  private func beginning(
    of session: any ReportMailboxSession, uidNext: UInt32, since checkpoint: Mailboxes.Checkpoint?
  ) throws -> UInt32 {
    guard mailbox.isPersonal else { return 1 }
    guard let readAt = checkpoint?.readAt else { return uidNext }
    return min(try session.firstUID(since: readAt - .days(1)) ?? uidNext, uidNext)
  }

  /// Flags what an earlier scan stored and did not come to flag. What it stored beyond its checkpoint is fetched, and
  /// flagged, with the mails to come.
  private func flagStored(_ session: any ReportMailboxSession, since checkpoint: Mailboxes.Checkpoint) throws {
    var flagged = checkpoint.flaggedUID
    while flagged < checkpoint.lastUID {
      let left = flagged + 1...checkpoint.lastUID
      let uids = try store.read {
        try $0.reports.stored(
          mailbox: mailbox.name, uidValidity: session.uidValidity, uids: left, limit: MailboxScan.batchCount)
      }
      if !uids.isEmpty {
        // Whoever stored them may have ended before this.
        try store.sync()
        try session.markSeen(uids)
      }
      flagged = uids.count < MailboxScan.batchCount ? checkpoint.lastUID : uids.last ?? checkpoint.lastUID
      try store.write {
        try $0.mailboxes.noteFlagged(mailbox.name, uidValidity: session.uidValidity, upTo: flagged)
      }
    }
  }
}
