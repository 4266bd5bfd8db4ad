import Foundation
import Glibc
import TestSupport

/// A disk of a few megabytes (tmpfs), to be filled.
final class SmallDisk: Sendable {
  /// Mounting needs root and a kernel that lets us.
  static let isPossible: Bool = {
    guard StoryEnvironment.isEnabled, let disk = try? SmallDisk(megabytes: 1) else { return false }
    withExtendedLifetime(disk) {}
    return true
  }()

  let path: String
  private let folder: TemporaryFolder

  init(megabytes: Int) throws {
    folder = try TemporaryFolder()
    path = try folder.folder("disk")
    try Command.run("/bin/mount", "-t", "tmpfs", "-o", "size=\(megabytes)m,mode=755", "postroom-test", path)
  }

  deinit { umount2(path, Int32(MNT_DETACH)) }

  private var filler: String { "\(path)/filler" }

  /// Takes all space but `bytes`, in whole pages.
  func fill(leaving bytes: Int = 0) throws {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { throw TestServerError("statvfs: errno \(errno)") }
    let free = Int(status.f_bavail) * Int(status.f_bsize)
    let descriptor = open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    defer { close(descriptor) }
    let chunk = [UInt8](repeating: 0x20, count: 4_096)
    var rest = free - bytes
    while rest > 0 {
      let count = write(descriptor, chunk, min(rest, chunk.count))
      guard count > 0 else { return }
      rest -= count
    }
  }

  func free() { unlink(filler) }
}
