import CNcurses
import Glibc

/// Standard error kept out of the picture while the screen is open.
struct ErrorOutput {
  /// The original, -1 when nothing was redirected.
  private(set) var saved: Int32 = -1

  /// Appends to a file that only its owner can read; does nothing when it cannot be opened.
  init(path: String?) {
    guard let path else { return }
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
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
