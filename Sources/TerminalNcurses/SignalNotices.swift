import CNcurses
import Glibc

/// Signals as bytes in a pipe, and the handlers that restore the terminal when the process dies.
///
/// All use of the handlers' shared state is in this file, and nothing of it is inlined elsewhere: a second object file
/// that called a `rescue_` function would get a second state.
struct SignalNotices {
  /// To be polled for input.
  let descriptor: Int32
  private let writer: Int32

  private static let noticed = [SIGWINCH, SIGCONT, SIGTSTP, SIGTERM, SIGINT, SIGHUP]

  /// Installs every handler. Must run before ncurses starts, which otherwise installs its own.
  ///
  /// - Parameters:
  ///   - terminal: a descriptor that reset bytes may be written to.
  ///   - modes: the modes to restore.
  /// - Throws: ``TerminalError/system(call:code:)``
  @inline(never)
  init(terminal: Int32, modes: termios) throws(TerminalError) {
    var ends: [Int32] = [-1, -1]
    guard pipe2(&ends, O_NONBLOCK | O_CLOEXEC) == 0 else { throw .system(call: "pipe2", code: errno) }
    descriptor = ends[0]
    writer = ends[1]
    rescue_prepare(terminal, writer, modes)
    for signal in SignalNotices.noticed { rescue_install_notice(signal) }
    rescue_install_fatal()
    SignalNotices.registerExitHandler
  }

  /// Once per process.
  private static let registerExitHandler: Void = registerAtExit()

  @inline(never)
  private static func registerAtExit() { rescue_at_exit() }

  /// While armed, a crash or an exit restores the terminal.
  @inline(never)
  func arm(_ isArmed: Bool) { rescue_arm(isArmed) }

  /// Where standard error goes back to; -1 when it was not redirected.
  @inline(never)
  func keepErrorOutput(_ descriptor: Int32) { rescue_keep_error_output(descriptor) }

  /// Stops the process; returns when it is continued.
  @inline(never)
  func stopHere() { rescue_stop_here() }

  /// The signals that came since the last call, each once, in order.
  func take() -> [Int32] {
    var signals: [Int32] = []
    var buffer = [UInt8](repeating: 0, count: 64)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return signals }
      for byte in buffer.prefix(count) where !signals.contains(Int32(byte)) { signals.append(Int32(byte)) }
    }
  }

  @inline(never)
  func uninstall() {
    rescue_arm(false)
    rescue_uninstall_all()
    close(descriptor)
    close(writer)
  }
}
