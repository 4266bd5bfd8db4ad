import GRDB
import Synchronization

/// The first failed fsync of this process. It is never tried again (fault 5): the system reports it once, forgets which
/// pages were lost, and says "done" the next time. SQLite keeps failures of its own checkpoints to itself; its error
/// log tells of them all.
enum SyncFailure {
  private static let found = Mutex<String?>(nil)

  static var first: String? { found.withLock { $0 } }

  /// Listens; SQLite wants to be told before the first connection is opened.
  static let listening: Void = {
    Database.logError = { code, message in
      if code == .SQLITE_IOERR_FSYNC || code == .SQLITE_IOERR_DIR_FSYNC { note(message) }
    }
  }()

  static func note(_ message: String) { found.withLock { $0 = $0 ?? message } }
}
