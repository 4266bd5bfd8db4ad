/// What happened at the terminal.
public enum TerminalEvent: Sendable, Hashable {
  case key(Key)
  /// Pasted text as one event, whatever it holds; it never becomes keys.
  case paste(String)
  case resize(TerminalSize)
  case mouse(MouseEvent)
  case focus(Bool)
  /// The screen was suspended and is back; draw everything.
  case resumed
  /// Another thread called for the loop.
  case wakeup
  /// C-c or SIGINT.
  case interrupt
  /// SIGTERM: finish and leave.
  case terminate
  /// The terminal is gone: leave without drawing.
  case hangUp
}

public struct MouseEvent: Sendable, Hashable {
  public enum Action: Sendable, Hashable { case press, scrollUp, scrollDown }
  public let action: Action
  public let position: Position

  public init(action: Action, position: Position) {
    self.action = action
    self.position = position
  }
}
