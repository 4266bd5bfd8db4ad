import Foundation
import MailModel
import Storage
import Synchronization

/// Takes committed batches of reports to their consequences on a thread of its own, while the next ones are fetched.
///
/// At most ``depth`` batches wait: whoever fetches faster waits for the store. Whatever is left behind by an error is
/// found by `processStored` later: nothing depends on this thread's memory.
final class IntakePipeline: Sendable {
  static let depth = 3

  private struct State {
    var waiting: [[StoredReport]] = []
    var summary = IntakeSummary()
    var failure: (any Error)?
    var isEnding = false
  }

  private let intake: ReportIntake
  private let state = Mutex(State())
  private let room = DispatchSemaphore(value: IntakePipeline.depth)
  private let work = DispatchSemaphore(value: 0)
  private let done = DispatchSemaphore(value: 0)

  init(_ intake: ReportIntake) { self.intake = intake }

  func start() {
    let thread = Thread { [self] in run() }
    thread.name = "report-intake"
    thread.start()
  }

  /// Hands a batch over; waits while too many wait. - Throws: what went wrong with an earlier batch.
  func submit(_ reports: [StoredReport]) throws {
    guard !reports.isEmpty else { return }
    room.wait()
    let failure = state.withLock { state in
      if state.failure == nil { state.waiting.append(reports) }
      return state.failure
    }
    if let failure {
      room.signal()
      throw failure
    }
    work.signal()
  }

  /// Waits for everything that was handed over. - Throws: what went wrong with it.
  func finish() throws -> IntakeSummary {
    state.withLock { $0.isEnding = true }
    work.signal()
    done.wait()
    return try state.withLock { state in
      if let failure = state.failure { throw failure }
      return state.summary
    }
  }

  private func run() {
    while true {
      work.wait()
      let batch = state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
      guard let batch else {
        if state.withLock({ $0.isEnding && $0.waiting.isEmpty }) { break }
        continue
      }
      do {
        let summary = try intake.process(batch)
        state.withLock { $0.summary.add(summary) }
      } catch {
        state.withLock { state in
          state.failure = error
          state.waiting.removeAll()
        }
      }
      room.signal()
    }
    done.signal()
  }
}
