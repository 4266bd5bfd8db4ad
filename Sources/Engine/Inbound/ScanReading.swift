import MailModel
import Storage

/// One reading of a mailbox: mails gather, are handed over to be committed, and only then flagged. Used by one thread;
/// what a second connection reads only gathers.
final class ScanReading {
  private let scan: MailboxScan
  private let session: any ReportMailboxSession
  private let windows: SharedWindows
  private let pipeline: IntakePipeline
  private let keepsUnseen: Bool
  let uids: ClosedRange<UInt32>
  private(set) var progress: ScanProgress
  /// Mails that readings before this one took.
  private let storedBefore: Int
  /// Of each set of UIDs that the server is asked to flag: up to where everything is flagged with it.
  private var flagging: [UInt32] = []

  /// - Parameters:
  ///   - part: what is read of all that the scan goes through, where that is not all.
  ///   - flags: whether what is committed is flagged on the server, where it can be.
  init(
    _ scan: MailboxScan, _ session: any ReportMailboxSession, _ intake: ReportIntake, _ progress: ScanProgress,
    part: Part? = nil, flags: Bool = true
  ) {
    self.scan = scan
    self.session = session
    self.progress = progress
    keepsUnseen = scan.keepsUnseen || session.isReadOnly || !flags
    storedBefore = progress.stored
    uids = part?.uids ?? progress.first...progress.last
    windows = SharedWindows(
      UIDWindows(
        from: uids.lowerBound, through: uids.upperBound, width: part?.width.map(Int.init) ?? MailboxScan.batchCount),
      isSteady: part?.width != nil, isCancelled: scan.isCancelled)
    pipeline = IntakePipeline(intake, from: uids.lowerBound, after: part?.unproven ?? [])
  }

  /// Some of the UIDs that a scan goes through.
  struct Part {
    var uids: ClosedRange<UInt32>
    /// Of every window; `nil` for windows as wide as mails lie sparse.
    var width: UInt32?
    /// Mails before these that nothing proves to be unreadable yet.
    var unproven: [UnreadableMail] = []
  }

  /// What is committed, also when the reading failed.
  var taken: MailboxScan.Summary { pipeline.taken }
  /// Up to here everything was taken; `nil` where the first of all is missing.
  var reached: UInt32? { pipeline.reached }
  /// Mails passed over before this that nothing proves yet.
  var unproven: [UnreadableMail] { pipeline.unproven }
  /// UIDs of a window, as they were asked for at last.
  var width: UInt32 { windows.width }
  var uidValidity: UInt32 { session.uidValidity }

  /// - Parameter ended: called after each window, and at the end, on the calling thread.
  /// - Returns: up to where everything is flagged on the server; `nil` when nothing was to be.
  func run(ended: @escaping (ScanProgress) -> Void) throws -> UInt32? {
    try pipeline.start()
    let flagged = Result { try readAll(ended) }
    // What was handed over is committed, whatever became of the rest.
    try pipeline.finish()
    return try flagged.get()
  }

  private func readAll(_ ended: @escaping (ScanProgress) -> Void) throws -> UInt32? {
    let gatherer = gatherer()
    let gathering = gatherer()
    try MailboxReader(scan.mailbox, windows).read(
      session,
      WindowSteps(
        each: gathering.take,
        ended: { [self] window in
          try gathering.end(window)
          let committed = try takeCommitted()
          if !committed.uids.isEmpty { flagging.append(committed.upTo) }
          ended(progress)
          return committed.uids
        },
        flagged: { [self] uids in
          // A set may take several commands; all are flagged with the last of them.
          if !uids.isEmpty { gathering.noteFlagged(upTo: flagging.removeFirst()) }
        }),
      isTooSlow: { [scan] in gathering.starved >= scan.starvedMails },
      second: {
        let gathering = gatherer()
        return WindowSteps(
          each: gathering.take,
          ended: { window in
            try gathering.end(window)
            return []
          }, flagged: { _ in })
      })
    pipeline.end()
    let committed = try takeCommitted()
    try session.close(flagging: committed.uids)
    ended(progress)
    return keepsUnseen ? nil : committed.upTo
  }

  /// Makes what gathers the mails of one connection, on its thread.
  private func gatherer() -> @Sendable () -> MailGathering {
    let (name, validity, uids) = (scan.mailbox.name, session.uidValidity, uids)
    let isPersonal = scan.mailbox.isPersonal
    return { [windows, pipeline] in
      MailGathering(
        mailbox: name, uidValidity: validity, isPersonal: isPersonal, uids: uids, windows: windows, pipeline: pipeline)
    }
  }

  /// - Returns: with the UIDs that the disk holds now and that are to be flagged, by whichever connection they came.
  private func takeCommitted() throws -> CommittedBatches {
    var committed = try pipeline.committed()
    progress.stored = storedBefore + committed.stored
    progress.note(upTo: committed.upTo, at: scan.clock.now())
    if keepsUnseen { committed.uids = [] }
    // On this thread, which has time: the next batch is being written meanwhile.
    if !committed.uids.isEmpty { try scan.store.sync() }
    return committed
  }
}
