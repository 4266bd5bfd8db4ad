import CNcurses
import Glibc
public import TerminalUI

/// A real terminal through ncurses. Open one at a time, on the main thread, and use it only there.
///
/// Input never depends on output: while the terminal takes no bytes, keys are read as ever and only the latest frame is
/// kept.
public final class NcursesTerminal: Terminal {
  public private(set) var size: TerminalSize
  public let capabilities: TerminalCapabilities
  /// Ends the waiting of ``nextEvents(timeout:)`` from any thread.
  public let wakeup: Wakeup

  let options: ScreenOptions
  let signals: SignalNotices
  let memory: MemoryFile
  let handle: screen_handle
  let originalModes: termios
  let interactiveModes: termios
  var output: OutputQueue
  var painter: Painter
  var decoder = InputDecoder()
  /// The latest frame while the terminal takes no output.
  var waitingFrame: Frame?
  /// Events that came up between two calls.
  var early: [TerminalEvent] = []
  var isSuspended = false
  var isClosed = false
  var isGone = false
  private var errorOutput: ErrorOutput

  /// Opens the screen.
  ///
  /// - Throws: ``TerminalError``; the terminal is then as it was.
  public init(options: ScreenOptions = ScreenOptions(), wakeup: Wakeup) throws(TerminalError) {
    guard isatty(0) == 1, isatty(1) == 1 else { throw .notATerminal }
    let type = try TerminalProbe.type()
    self.options = options
    self.wakeup = wakeup
    let glyphs = TerminalProbe.glyphs(forcesASCII: options.forcesASCII)
    memory = try MemoryFile()
    output = try OutputQueue()
    var modes = termios()
    tcgetattr(0, &modes)
    originalModes = modes
    tty_make_interactive(&modes)
    interactiveModes = modes
    signals = try SignalNotices(terminal: output.descriptor, modes: originalModes)
    let (handle, screenDescriptor) = NcursesTerminal.open(type: type, escapeDelay: options.escapeDelay)
    self.handle = handle
    guard handle.screen != nil else {
      signals.uninstall()
      Glibc.close(output.descriptor)
      Glibc.close(memory.descriptor)
      throw .unknownType(type)
    }
    memory.replace(screenDescriptor)
    let colors = screen_colors()
    capabilities = TerminalCapabilities(depth: options.depth ?? TerminalProbe.depth(colors: colors), glyphs: glyphs)
    painter = Painter(depth: capabilities.depth, colors: colors)
    size = TerminalProbe.size(of: output.descriptor)
    errorOutput = ErrorOutput(path: options.standardErrorPath)
    signals.keepErrorOutput(errorOutput.saved)
    KeyTable.defineKeys()
    if options.mouse { keys_enable_mouse() }
    screen_resize(Int32(size.rows), Int32(size.columns))
    enter()
  }

  /// Tries the terminal's own type, then the one that nearly all terminals understand.
  private static func open(type: String, escapeDelay: Int32) -> (screen_handle, Int32) {
    for candidate in [type, "xterm-256color"] {
      let screen = fcntl(1, F_DUPFD_CLOEXEC, 3)
      let keys = fcntl(0, F_DUPFD_CLOEXEC, 3)
      let handle = screen_open(candidate, screen, keys, escapeDelay)
      if handle.screen != nil { return (handle, screen) }
    }
    return (screen_handle(), -1)
  }

  /// Takes the terminal: modes, reports, and everything drawn anew at the next frame.
  private func enter() {
    setModes(interactiveModes)
    signals.arm(true)
    output.append(Array("\u{1B}[?2004h".utf8))
    if options.focusReports { output.append(Array("\u{1B}[?1004h".utf8)) }
    isSuspended = false
  }

  /// At once: waiting for output to drain would wait for a blocked terminal.
  func setModes(_ modes: termios) {
    var modes = modes
    tcsetattr(0, TCSANOW, &modes)
  }

  /// Gives the terminal back as it was; waits at most half a second for one that takes no output.
  private func leave() {
    _ = endwin()
    output.append(Array("\u{1B}[?2004l".utf8))
    if options.focusReports { output.append(Array("\u{1B}[?1004l".utf8)) }
    output.append(memory.take())
    output.drain(milliseconds: 500)
    setModes(originalModes)
    signals.arm(false)
    isSuspended = true
  }

  // MARK: - Drawing

  public func draw(_ frame: Frame) {
    guard !isSuspended, !isClosed, !isGone else { return }
    waitingFrame = frame
    present()
  }

  /// Paints the waiting frame if the terminal has taken all of the one before.
  func present() {
    if !output.flush() { isGone = true }
    guard output.isEmpty, !isGone, !isSuspended, let frame = waitingFrame else { return }
    waitingFrame = nil
    painter.paint(frame)
    output.append(LineScrolling.rewrite(painter.rewriter.rewrite(memory.take())))
    if !output.flush() { isGone = true }
  }

  public func redraw() { painter.forget() }

  public func bell() {
    guard !isSuspended, output.isEmpty else { return }
    output.append([7])
    if !output.flush() { isGone = true }
  }

  // MARK: - Giving the terminal away

  public func suspend() {
    guard !isSuspended, !isClosed else { return }
    leave()
  }

  public func resume() {
    guard isSuspended, !isClosed else { return }
    enter()
    refreshSize()
    painter.forget()
    early.append(.resumed)
  }

  /// Asks for the size again and tells ncurses.
  func refreshSize() {
    let now = TerminalProbe.size(of: output.descriptor)
    if now != size { early.append(.resize(now)) }
    size = now
    screen_resize(Int32(now.rows), Int32(now.columns))
    painter.forget()
  }

  public func close() {
    guard !isClosed else { return }
    if !isSuspended { leave() }
    isClosed = true
    errorOutput.restore()
    signals.uninstall()
    screen_free(handle)
    Glibc.close(output.descriptor)
    Glibc.close(memory.descriptor)
  }

  deinit { close() }
}
