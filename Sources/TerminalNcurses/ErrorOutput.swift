import CNcurses
import Glibc

/// Standard error kept out of the picture while the screen is open.
struct ErrorOutput {
  /// The original, -1 when nothing was redirected.
  private(set) var saved: Int32 = -1

  /// Appends to a file that only its owner can read; what is written is lost when it cannot be opened, as on a disk that
  /// is full or read-only: over the picture it would hide what stands there.
  init(path: String?) {
    guard let path else { return }
    let own = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    let file = own >= 0 ? own : open("/dev/null", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    saved = fcntl(2, F_DUPFD_CLOEXEC, 3)
    if saved >= 0 { dup2(file, 2) }
    Glibc.close(file)
  }

  mutating func restore() {
    guard saved >= 0 else { return }
    dup2(saved, 2)
    Glibc.close(saved)
    saved = -1
  }
}
