import Foundation

/// Tells whether any engine runs on a workspace: engines hold a shared lock for as long as they live, so that a dead
/// one never looks alive.
///
/// Locks of the open file description (fcntl(2)): asking takes no lock, so that asking never keeps an engine from
/// starting, and one's own engine is seen as well.
public final class EngineLock: Sendable {
  // <fcntl.h> hides them behind _GNU_SOURCE; the numbers are Linux's ABI.
  private static let getCommand: Int32 = 36
  private static let setCommand: Int32 = 37

  private let descriptor: Int32

  /// Takes the shared lock. - Throws: `FileProblem`.
  public init(path: String) throws {
    descriptor = PrivateFile.open(path, O_RDWR | O_CREAT)
    guard descriptor >= 0 else { throw FileProblem(path: path, code: errno) }
    var lock = EngineLock.wholeFile(F_RDLCK)
    // Whatever throws here closes the file too: an object whose fields are all set is taken down by its `deinit`.
    guard fcntl(descriptor, EngineLock.setCommand, &lock) == 0 else { throw FileProblem(path: path, code: errno) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Whether somebody holds the lock, this process included; who may only read the file can ask too.
  public static func isHeld(path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var lock = wholeFile(F_WRLCK)
    guard fcntl(descriptor, getCommand, &lock) == 0 else { return false }
    return Int32(lock.l_type) != F_UNLCK
  }

  private static func wholeFile(_ type: Int32) -> flock {
    flock(l_type: Int16(type), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 0, l_pid: 0)
  }
}
