public import Engine
public import TerminalUI

/// Scans the report mailboxes, tells now and then how far it is, and says in words what came in.
public typealias ScanAction = @Sendable (_ progress: @escaping @Sendable (RoundProgress) -> Void) throws -> String

/// The console on a terminal.
public enum ConsoleLoop {
  /// Runs until somebody leaves or the terminal is gone. Blocks the calling thread, which must be the terminal's own;
  /// the terminal is left open, closing it is the caller's.
  ///
  /// - Parameters:
  ///   - notice: what is said first, such as a mistake in a file; empty for nothing.
  ///   - loadTheme: a theme by its name, for `:theme`; what it throws is shown.
  ///   - scan: scans the report mailbox now and says in words what came in, for `:inbound.scan`; runs on a thread of
  ///     its own. `nil` when no mailbox is configured.
  ///   - wake: ends the terminal's waiting (its wake-up descriptor); called from other threads, must not block.
  /// - Throws: `StoreError` when the store cannot be watched for changes.
  public static func run(
    terminal: any Terminal, open: OpenWorkspace, keymap: Keymap, theme: Theme = .plain,
    notice: String = "", loadTheme: (@Sendable (String) throws -> Theme)? = nil, scan: ScanAction? = nil,
    wake: @escaping @Sendable () -> Void
  ) throws {
    let session = ConsoleSession(
      terminal: terminal, open: open, keymap: keymap, theme: theme, wake: wake,
      notice: notice, actions: ConsoleActions(loadTheme: loadTheme, scan: scan))
    defer { session.end() }
    try session.begin()
    while !session.hasQuit {
      session.turn(terminal.nextEvents(timeout: .seconds(1)))
    }
  }
}
