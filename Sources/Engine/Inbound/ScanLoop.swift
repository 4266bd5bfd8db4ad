import Foundation
import Logging
import MailModel
import Storage
import Synchronization

/// Scans a report mailbox every so often, on a thread of its own, while the engine runs; or several, one after the other.
final class ScanLoop: Sendable {
  struct Progress: Sendable {
    var started = 0
    /// The number of the last scan that ended, well or not.
    var completed = 0
    var lastFetched = 0
  }

  /// Asked for each time: inboxes come and go.
  private let scans: @Sendable () throws -> [MailboxScan]
  private let interval: Span
  private let log: Logger
  private let state = Mutex(Progress())
  private let wake = DispatchSemaphore(value: 0)
  private let running = DispatchGroup()
  private let isClosed = Atomic<Bool>(false)
  /// What is being read now.
  private let current = Mutex<(any ReportMailbox)?>(nil)

  init(interval: Span, log: Logger, scans: @escaping @Sendable () throws -> [MailboxScan]) {
    self.scans = scans
    self.interval = interval
    self.log = log
  }

  var progress: Progress { state.withLock { $0 } }

  func start() throws(ThreadProblem) { try SystemThread.start("mailbox-scan", in: running) { [self] in run() } }

  func scanNow() { wake.signal() }

  /// Begins no further scan, and lets the one under way take what it has begun.
  func beginClosing() {
    isClosed.store(true, ordering: .releasing)
    wake.signal()
  }

  /// Waits for a scan under way; one that lasts longer is cut, which is safe at any point. No thread is left that reads
  /// while the process ends.
  func waitForEnd(until deadline: DispatchTime) {
    guard running.wait(timeout: deadline) == .timedOut else { return }
    current.withLock { $0 }?.interrupt()
    if running.wait(timeout: .now() + 5) == .timedOut { log.error("a scan does not end") }
  }

  private func run() {
    while !isClosed.load(ordering: .acquiring) {
      runOnce()
      _ = wake.wait(timeout: .now() + interval.inSeconds)
    }
  }

  private func runOnce() {
    let number = state.withLock { state in
      state.started += 1
      return state.started
    }
    var fetched = 0
    do {
      for scan in try scans() where !isClosed.load(ordering: .acquiring) { fetched += run(scan) }
    } catch {
      log.error("mailboxes not scanned", metadata: ["error": "\(error)"])
    }
    state.withLock { state in
      state.completed = number
      state.lastFetched = fetched
    }
  }

  /// - Returns: how many mails were new.
  private func run(_ scan: MailboxScan) -> Int {
    var scan = scan
    scan.isCancelled = { [self] in isClosed.load(ordering: .acquiring) }
    current.withLock { $0 = scan.mailbox }
    defer { current.withLock { $0 = nil } }
    do {
      let summary = try scan.run()
      if summary.unreadable > 0 {
        log.error(
          "mails passed over that the server does not hand out",
          metadata: ["mailbox": "\(scan.mailbox.name)", "count": "\(summary.unreadable)"])
      }
      guard summary.fetched > 0 else { return 0 }
      try scan.store.copyJournal()
      log.info(
        "mailbox scanned",
        metadata: ["new": "\(summary.fetched)", "unmatched": "\(summary.intake.unmatched.count)"])
      return summary.fetched
    } catch  where scan.isCancelled() {
      log.notice("scan cut short", metadata: ["mailbox": "\(scan.mailbox.name)"])
      return 0
    } catch {
      log.error("mailbox not scanned", metadata: ["mailbox": "\(scan.mailbox.name)", "error": "\(error)"])
      return 0
    }
  }
}
