import Foundation
import MailModel
import Storage
import Synchronization

/// Takes fetched batches into the store and to their consequences on a thread of its own, while the next ones are
/// fetched: each is one transaction, so that a mail and what follows from it are committed together, before the mail is
/// flagged.
///
/// At most ``depth`` batches wait: whoever fetches faster waits for the store. Whatever is left behind by an error is
/// fetched again, or found by `processStored` later: nothing depends on this thread's memory.
final class IntakePipeline: Sendable {
  static let depth = 3

  private struct State {
    var waiting: [FetchedBatch] = []
    /// Handed over and not committed yet.
    var inHand = 0
    var prefix: ReadPrefix
    /// Passed over, and not noted yet.
    var unproven: [UnreadableMail]
    /// What the checkpoint may not move to before they are.
    var withheld: UInt32?
    var committed = CommittedBatches()
    var summary = IntakeSummary()
    var failure: (any Error)?
    var isEnding = false

    mutating func complete(_ batch: FetchedBatch, ended window: ClosedRange<UInt32>?) -> FetchedBatch {
      withheld = window.flatMap { prefix.end($0) } ?? withheld
      guard unproven.isEmpty || !batch.mails.isEmpty else { return batch }
      var batch = batch
      (batch.upTo, withheld) = (withheld, nil)
      (batch.unreadable, unproven) = (unproven, [])
      return batch
    }
  }

  private let intake: ReportIntake
  private let state: Mutex<State>
  private let room = DispatchSemaphore(value: 0)
  private let work = DispatchSemaphore(value: 0)
  private let running = DispatchGroup()

  /// - Parameters:
  ///   - uid: the first one of what is read.
  ///   - unproven: mails before it that the server does not hand out. That it hands out another one proves that it is
  ///     about them: they are noted with that one, and the checkpoint moves past them no earlier.
  init(_ intake: ReportIntake, from uid: UInt32, after unproven: [UnreadableMail] = []) {
    self.intake = intake
    state = Mutex(State(prefix: ReadPrefix(from: uid), unproven: unproven))
    // Given to it now: a semaphore that goes away with less than it was made with ends the process.
    for _ in 0..<IntakePipeline.depth { room.signal() }
  }

  func start() throws(ThreadProblem) { try SystemThread.start("report-intake", in: running) { [self] in run() } }

  /// Up to here everything was handed over; `nil` before anything was.
  var reached: UInt32? { state.withLock { $0.prefix.reached } }

  /// Those of the mails passed over that nothing proves yet.
  var unproven: [UnreadableMail] { state.withLock { $0.unproven } }

  /// Whether the store has nothing to do.
  var isIdle: Bool { state.withLock { $0.inHand == 0 } }

  /// What is to be known of a mail before it is handed over; found out on the caller's thread, because the store's is the
  /// slower one and wants a processor for itself.
  func read(_ mail: FetchedReport) -> ReadMail { intake.read(mail) }

  /// Hands a batch over; waits while too many wait.
  /// - Parameter window: with this batch all of it was handed over. Batches are committed in the order in which they come,
  ///   so that the checkpoint gets to where all windows before have ended, whoever read them.
  /// - Throws: what went wrong with an earlier batch.
  func submit(_ batch: FetchedBatch, ended window: ClosedRange<UInt32>?) throws {
    room.wait()
    let failure = state.withLock { state -> (any Error)? in
      if let failure = state.failure { return failure }
      state.waiting.append(state.complete(batch, ended: window))
      state.inHand += 1
      return nil
    }
    if let failure {
      room.signal()
      throw failure
    }
    work.signal()
  }

  /// What was committed so far; its UIDs are told once. - Throws: what went wrong with a batch.
  func committed() throws -> CommittedBatches {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      defer { state.committed.uids = [] }
      return state.committed
    }
  }

  /// What is committed so far, whatever went wrong with the rest.
  var taken: MailboxScan.Summary {
    state.withLock {
      MailboxScan.Summary(
        fetched: $0.committed.stored, intake: $0.summary, unreadable: $0.committed.unreadable)
    }
  }

  /// Waits for everything that was handed over, and ends the thread. - Throws: what went wrong with it.
  func finish() throws {
    end()
    try state.withLock { state in
      if let failure = state.failure { throw failure }
    }
  }

  /// May be called again.
  func end() {
    state.withLock { $0.isEnding = true }
    work.signal()
    running.wait()
  }

  private func run() {
    while true {
      work.wait()
      let next = state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
      guard let batch = next else {
        if state.withLock({ $0.isEnding && $0.waiting.isEmpty }) { break }
        continue
      }
      do {
        let (summary, stored) = try intake.take(batch)
        state.withLock { state in
          state.inHand -= 1
          state.summary.add(summary)
          state.committed.stored += stored
          if let upTo = batch.upTo { state.committed.upTo = max(state.committed.upTo, upTo) }
          state.committed.uids += batch.mails.map(\.uid)
          state.committed.unreadable += batch.unreadable.count
        }
      } catch {
        let dropped = state.withLock { state in
          defer { state.waiting.removeAll() }
          state.failure = error
          return state.waiting.count
        }
        for _ in 0..<dropped { room.signal() }
      }
      room.signal()
    }
  }
}
