public import Engine
public import TerminalUI

/// The console on a terminal.
public enum ConsoleLoop {
  /// Runs until somebody leaves or the terminal is gone. Blocks the calling thread, which must be the terminal's own;
  /// the terminal is left open, closing it is the caller's.
  ///
  /// - Parameters:
  ///   - wake: ends the terminal's waiting (its wake-up descriptor); called from other threads, must not block.
  ///   - scan: scans the report mailbox now and says in words what came in, for `:inbound.scan`; runs on a thread of
  ///     its own. `nil` when no mailbox is configured.
  public static func run(
    terminal: any Terminal, open: OpenWorkspace, keymap: Keymap, theme: Theme = .plain,
    wake: @escaping @Sendable () -> Void, scan: (@Sendable () throws -> String)? = nil
  ) {
    let session = ConsoleSession(
      terminal: terminal, open: open, keymap: keymap, theme: theme, wake: wake, scan: scan)
    session.begin()
    while !session.hasQuit {
      session.turn(terminal.nextEvents(timeout: .seconds(1)))
    }
    session.end()
  }
}
