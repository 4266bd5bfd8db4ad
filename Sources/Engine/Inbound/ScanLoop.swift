import Foundation
import Logging
import MailModel
import Storage
import Synchronization

/// Scans the report mailbox every so often, on a thread of its own, while the engine runs.
final class ScanLoop: Sendable {
  struct Progress: Sendable {
    var started = 0
    /// The number of the last scan that ended, well or not.
    var completed = 0
    var lastFetched = 0
  }

  private let scan: MailboxScan
  private let interval: Span
  private let log: Logger
  private let state = Mutex(Progress())
  private let wake = DispatchSemaphore(value: 0)
  private let done = DispatchSemaphore(value: 0)
  private let isClosed = Atomic<Bool>(false)

  init(scan: MailboxScan, interval: Span, log: Logger) {
    self.scan = scan
    self.interval = interval
    self.log = log
  }

  var progress: Progress { state.withLock { $0 } }

  func start() {
    let thread = Thread { [self] in run() }
    thread.name = "mailbox-scan"
    thread.start()
  }

  func scanNow() { wake.signal() }

  /// Ends the loop; a scan under way is waited for, briefly: it is safe to cut at any point.
  func close() {
    isClosed.store(true, ordering: .releasing)
    wake.signal()
    _ = done.wait(timeout: .now() + 5)
  }

  private func run() {
    while !isClosed.load(ordering: .acquiring) {
      runOnce()
      _ = wake.wait(timeout: .now() + interval.inSeconds)
    }
    done.signal()
  }

  private func runOnce() {
    let number = state.withLock { state in
      state.started += 1
      return state.started
    }
    var fetched = 0
    do {
      let summary = try scan.run()
      fetched = summary.fetched
      if fetched > 0 {
        try scan.store.copyJournal()
        log.info("mailbox scanned", metadata: ["new": "\(fetched)", "unmatched": "\(summary.intake.unmatched.count)"])
      }
    } catch {
      log.error("mailbox not scanned", metadata: ["error": "\(error)"])
    }
    state.withLock { state in
      state.completed = number
      state.lastFetched = fetched
    }
  }
}
