import Foundation
import GRDB
import Synchronization

/// Notices commits: `data_version` on a connection of its own tells those of every other connection, also of other
/// processes, for a few microseconds a look.
public final class ChangeWatch: Sendable {
  /// DESIGN §3 asks for half a second.
  static let interval = 0.1

  private let isCancelled = Atomic<Bool>(false)

  init(store: Store, changed: @escaping @Sendable () -> Void) throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(1)
    let queue = try DatabaseQueue(path: store.path, configuration: configuration)
    let first = try ChangeWatch.version(queue)
    try SystemThread.start("change-watch") { [weak self] in
      var version = first
      while let self, !self.isCancelled.load(ordering: .relaxed) {
        // Not being able to look is not a change; the next look tells.
        if let now = try? ChangeWatch.version(queue), now != version {
          version = now
          changed()
        }
        Thread.sleep(forTimeInterval: ChangeWatch.interval)
      }
    }
  }

  deinit { cancel() }

  public func cancel() { isCancelled.store(true, ordering: .relaxed) }

  private static func version(_ queue: DatabaseQueue) throws -> Int64 {
    try queue.unsafeRead { db in try Int64.fetchOne(db, sql: "PRAGMA data_version") ?? 0 }
  }
}
