/// Why the screen cannot be opened. Each says what a person can do instead.
public enum TerminalError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Input or output is a file or a pipe.
  case notATerminal
  /// `TERM` is `dumb` or missing.
  case dumb(type: String)
  /// Neither `TERM` nor xterm-256color is known to the system.
  case unknownType(String)
  /// A system call failed.
  case system(call: String, code: Int32)

  public var description: String {
    switch self {
    case .notATerminal:
      return "input and output are not a terminal; use the subcommands (see --help) in scripts and pipes"
    case .dumb(let type):
      return "the terminal cannot move its cursor (TERM=\(type)); use the subcommands, or set TERM to what it is"
    case .unknownType(let type):
      return "the terminal type '\(type)' is not known here; set TERM=xterm-256color, or install ncurses-term"
    case .system(let call, let code):
      return "the terminal could not be opened: \(call) failed with error \(code)"
    }
  }
}
