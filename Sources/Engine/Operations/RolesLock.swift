import Foundation

/// Held by a change of the `operators` file from before it reads the file until its own is in place, which is after its
/// commit: a change that read in between would write the roles of before it.
///
/// A lock of the folder, which the system takes back from a process that dies.
final class RolesLock: Sendable {
  /// In seconds. Another change takes milliseconds, and whoever waits keeps the store to itself meanwhile.
  private static let patience = 2.0

  private let descriptor: Int32

  /// - Parameter path: of the `operators` file.
  /// - Throws: `OperationRefusal` when somebody else keeps it for longer, `FileProblem`.
  init(_ path: String) throws {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // From here on whatever throws closes it too: an object whose fields are all set is taken down by its `deinit`.
    guard descriptor >= 0 else { throw FileProblem(path: folder, code: errno) }
    let end = DispatchTime.now() + RolesLock.patience
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      guard code == EWOULDBLOCK || code == EINTR else { throw FileProblem(path: folder, code: code) }
      guard DispatchTime.now() < end else {
        throw OperationRefusal.notNow("somebody else is changing roles; try again in a moment")
      }
      Thread.sleep(forTimeInterval: 0.005)
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func release() { flock(descriptor, LOCK_UN) }
}
