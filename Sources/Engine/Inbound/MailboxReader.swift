/// Reads a range of UIDs, window after window; over a second connection too where one is too slow: most servers work for
/// each connection in a process of its own, or allow it a rate of its own.
///
/// Only the first connection flags mails. The second one is opened for reading, and nothing depends on it: where a server
/// admits none or breaks it, the first reads what it has left.
public struct MailboxReader: Sendable {
  private let mailbox: any ReportMailbox
  private let windows: SharedWindows

  /// - Parameters:
  ///   - first: the first UID.
  ///   - last: the last one.
  public init(_ mailbox: any ReportMailbox, from first: UInt32, through last: UInt32) {
    self.init(
      mailbox, SharedWindows(UIDWindows(from: first, through: last, width: MailboxScan.batchCount)))
  }

  init(_ mailbox: any ReportMailbox, _ windows: SharedWindows) {
    self.mailbox = mailbox
    self.windows = windows
  }

  /// Blocking. Returns when everything was read.
  /// - Parameters:
  ///   - steps: of the first connection, on the calling thread.
  ///   - isTooSlow: asked at the beginning and at the end of each window whether one connection is not enough.
  ///   - second: makes the steps of the second one, on its thread; it has nothing to flag.
  /// - Throws: what the first connection or any step throws; both have ended then.
  public func read(
    _ session: any ReportMailboxSession, _ steps: WindowSteps, isTooSlow: @escaping () -> Bool,
    second: @escaping @Sendable () -> WindowSteps
  ) throws {
    let validity = session.uidValidity
    var helper: Meanwhile<Void>?
    var steps = steps
    let ended = steps.ended
    let getHelp = {
      guard helper == nil, windows.remaining >= MailboxScan.batchCount, isTooSlow() else { return }
      helper = Meanwhile(named: "mailbox-scan-2") { try readSecond(validity, second()) }
    }
    steps.ended = { window in
      let uids = try ended(window)
      getHelp()
      return uids
    }
    getHelp()
    do {
      repeat {
        try session.fetchWindows(windows.next, steps)
        try helper?.value()
      } while windows.remaining > 0
    } catch {
      windows.stop()
      // What went wrong first is what counts.
      try? helper?.value()
      throw error
    }
  }

  private func readSecond(_ validity: UInt32, _ steps: WindowSteps) throws {
    // Servers may limit connections, and a mailbox may be made anew in between.
    guard let session = try? mailbox.openForReading() else { return }
    defer { session.close() }
    guard session.uidValidity == validity else { return }
    var begun: [ClosedRange<UInt32>] = []
    let next = {
      let window = windows.next()
      if let window { begun.append(window) }
      return window
    }
    do {
      try session.fetchWindows(
        next,
        WindowSteps(
          each: { mail in
            guard !windows.isStopped else { throw MailboxUnavailable(reason: "\(mailbox.name): reading has stopped") }
            try steps.each(mail)
          },
          ended: { window in
            _ = try steps.ended(window)
            begun.removeAll { $0 == window }
            return []
          }, flagged: { _ in }))
    } catch is MailboxUnavailable {
      windows.giveBack(begun)
    }
  }
}
