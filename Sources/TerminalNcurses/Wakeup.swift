import CNcurses
import Glibc

/// Wakes the thread that waits in ``NcursesTerminal/nextEvents(timeout:)``, from any thread. Several calls before it
/// wakes count as one.
public final class Wakeup: Sendable {
  let descriptor: Int32

  /// - Throws: ``TerminalError/system(call:code:)`` when no descriptor is left.
  public init() throws(TerminalError) {
    descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard descriptor >= 0 else { throw .system(call: "eventfd", code: errno) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  public func signal() { _ = eventfd_write(descriptor, 1) }

  /// Takes the calls so far back. Returns true when there were any.
  func take() -> Bool {
    var count: eventfd_t = 0
    return eventfd_read(descriptor, &count) == 0
  }
}
