import Foundation
import Glibc

/// What children must not get: a child that inherits another test's socket keeps it open for that test's peer.
enum Inheritance {
  /// Marks every descriptor above standard error as closed on exec. Those that appear right after are not ours to care for.
  static func forbid() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    for descriptor in names.compactMap({ Int32($0) }) where descriptor > 2 {
      let flags = fcntl(descriptor, F_GETFD)
      if flags >= 0 { _ = fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) }
    }
  }
}
