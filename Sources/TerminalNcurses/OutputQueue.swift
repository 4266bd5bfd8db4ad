import CNcurses
import Glibc

/// Bytes on their way to the terminal. Never waits: what the terminal does not take stays queued.
struct OutputQueue {
  /// An open file of our own, so that making it non-blocking does not change the shell's.
  let descriptor: Int32
  /// Bytes per write: few when the descriptor had to be shared and may block.
  private let chunk: Int
  private var pending: [UInt8] = []
  private var start = 0

  /// - Throws: ``TerminalError/system(call:code:)``
  init() throws(TerminalError) {
    for path in ["/proc/self/fd/1", "/dev/tty"] {
      let opened = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
      if opened >= 0, isatty(opened) == 1 {
        descriptor = opened
        chunk = Int.max
        return
      }
      if opened >= 0 { close(opened) }
    }
    descriptor = fcntl(1, F_DUPFD_CLOEXEC, 3)
    chunk = 512
    guard descriptor >= 0 else { throw .system(call: "dup", code: errno) }
  }

  var isEmpty: Bool { start == pending.count }

  mutating func append(_ bytes: [UInt8]) {
    if isEmpty {
      pending = bytes
      start = 0
    } else {
      pending += bytes
    }
  }

  /// Writes what the terminal takes now. Returns false when the terminal is gone.
  mutating func flush() -> Bool {
    while !isEmpty {
      if chunk != Int.max, !waitUntilWritable(milliseconds: 0) { return true }
      let length = min(chunk, pending.count - start)
      let written = pending.withUnsafeBytes { buffer -> Int in
        guard let base = buffer.baseAddress else { return 0 }
        return write(descriptor, base + start, length)
      }
      if written > 0 {
        start += written
      } else if written < 0, errno == EINTR {
        continue
      } else {
        return written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)
      }
    }
    return true
  }

  /// Writes everything, but waits no longer than this for a blocked terminal; the rest is dropped.
  mutating func drain(milliseconds: Int32) {
    while flush(), !isEmpty {
      guard waitUntilWritable(milliseconds: milliseconds) else { break }
    }
    discard()
  }

  mutating func discard() {
    pending = []
    start = 0
  }

  private func waitUntilWritable(milliseconds: Int32) -> Bool {
    var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&state, 1, milliseconds) > 0 && state.revents & Int16(POLLOUT) != 0
  }
}
