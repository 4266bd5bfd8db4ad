import Foundation

/// Tells whether any engine runs on a workspace: engines hold a shared lock for as long as they live, so that a dead
/// one never looks alive.
public final class EngineLock: Sendable {
  private let descriptor: Int32

  /// Takes the shared lock. - Throws: `FileProblem`.
  public init(path: String) throws {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0, flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { throw FileProblem(path: path, code: errno) }
  }

  deinit { close(descriptor) }

  /// Whether somebody holds the lock, this process included.
  public static func isHeld(path: String) -> Bool {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) != 0
  }
}
