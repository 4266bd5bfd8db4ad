public import MailModel
import Synchronization

/// What the delivery side is doing now, for `--until-idle`, the header and the log.
public final class DeliveryStatus: Sendable {
  public struct Snapshot: Sendable, Equatable {
    /// Connections that have a message in their hands.
    public var busyConnections = 0
    public var openConnections = 0
    public var acceptedSinceStart = 0
    public var lastAcceptedAt: Timestamp?
    /// The store's last refusal, until it takes a group again.
    public var storeFailure: String?
    /// How many messages this run might send, once it has sent them.
    public var usedUpLimit: Int?
  }

  private let state = Mutex(Snapshot())

  public var snapshot: Snapshot { state.withLock { $0 } }

  func noteCommit(accepted: Int, at now: Timestamp) {
    state.withLock { state in
      state.storeFailure = nil
      state.acceptedSinceStart += accepted
      if accepted > 0 { state.lastAcceptedAt = now }
    }
  }

  /// - Returns: whether this is news.
  func noteStoreFailure(_ reason: String) -> Bool {
    state.withLock { state in
      defer { state.storeFailure = reason }
      return state.storeFailure != reason
    }
  }
  func noteRun(limit: Int?) { state.withLock { $0.usedUpLimit = limit } }
  func noteBusy(_ change: Int) { state.withLock { $0.busyConnections += change } }
  func noteOpen(_ change: Int) { state.withLock { $0.openConnections += change } }
}
