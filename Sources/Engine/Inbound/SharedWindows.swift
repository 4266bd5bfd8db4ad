import Synchronization

/// The windows of one mailbox, given out to the connections that read it, each to one of them.
final class SharedWindows: Sendable {
  private struct State {
    var windows: UIDWindows
    /// Given out, and not read to their end by whoever had them.
    var left: [ClosedRange<UInt32>] = []
    var isStopped = false
  }

  private let state: Mutex<State>
  private let isSteady: Bool
  private let isCancelled: @Sendable () -> Bool

  /// - Parameters:
  ///   - isSteady: whether the windows keep their width, however many mails come.
  ///   - isCancelled: asked with each window; counts as ``stop()``.
  init(_ windows: UIDWindows, isSteady: Bool = false, isCancelled: @escaping @Sendable () -> Bool = { false }) {
    state = Mutex(State(windows: windows))
    self.isSteady = isSteady
    self.isCancelled = isCancelled
  }

  /// `nil` when there are no more, or nobody wants any.
  func next() -> ClosedRange<UInt32>? {
    state.withLock { state in
      if state.isStopped || isCancelled() { return nil }
      return state.left.popLast() ?? state.windows.next()
    }
  }

  func adapt(arrived: Int) {
    if !isSteady { state.withLock { $0.windows.adapt(arrived: arrived) } }
  }

  /// UIDs of the next window.
  var width: UInt32 { state.withLock { $0.windows.width } }

  /// For somebody else to read.
  func giveBack(_ windows: [ClosedRange<UInt32>]) { state.withLock { $0.left += windows } }

  /// Gives out no more: what was begun is of no use.
  func stop() { state.withLock { $0.isStopped = true } }

  var isStopped: Bool { isCancelled() || state.withLock { $0.isStopped } }

  /// UIDs that nobody has been given yet.
  var remaining: UInt32 {
    state.withLock { state in
      if state.isStopped || isCancelled() { return 0 }
      return state.left.reduce(state.windows.remaining) { sum, window in
        let (total, isTooMuch) = sum.addingReportingOverflow(window.upperBound - window.lowerBound + 1)
        return isTooMuch ? .max : total
      }
    }
  }
}
