import Foundation
import Logging
import MailModel
import Storage
import Synchronization

/// Small recurring jobs of a running engine, on a thread of their own. A job that fails is tried again next time.
final class Upkeep: Sendable {
  struct Job: Sendable {
    var name: String
    /// Is told whether to come to an end.
    var run: @Sendable (_ isCancelled: () -> Bool) throws -> Void
  }

  private let name: String
  private let jobs: [Job]
  private let interval: Span
  private let log: Logger
  private let wake = DispatchSemaphore(value: 0)
  private let running = DispatchGroup()
  private let isClosed = Atomic<Bool>(false)
  private let runsAtEnd = Atomic<Bool>(false)
  /// Why each job failed the last time, by its name: what lasts is said once.
  private let failures = Mutex<[String: String]>([:])

  init(name: String, jobs: [Job], interval: Span, log: Logger) {
    self.name = name
    self.jobs = jobs
    self.interval = interval
    self.log = log
  }

  func start() throws(ThreadProblem) {
    try SystemThread.start(name, in: running) { [self] in
      while !isClosed.load(ordering: .acquiring) {
        runAll()
        _ = wake.wait(timeout: .now() + interval.inSeconds)
      }
      if runsAtEnd.load(ordering: .acquiring) { runAll() }
    }
  }

  private func runAll() {
    for job in jobs {
      do {
        try job.run { isClosed.load(ordering: .acquiring) }
        failures.withLock { $0[job.name] = nil }
      } catch {
        guard failures.withLock({ $0.updateValue("\(error)", forKey: job.name) }) != "\(error)" else { continue }
        log.error("\(job.name) failed", metadata: ["error": "\(error)"])
      }
    }
  }

  /// Ends the thread; a job under way is waited for, at most so long.
  ///
  /// - Parameter lastRun: does every job once more.
  func close(seconds: Double = 5, lastRun: Bool = false) {
    runsAtEnd.store(lastRun, ordering: .releasing)
    isClosed.store(true, ordering: .releasing)
    wake.signal()
    _ = running.wait(timeout: .now() + seconds)
  }
}
