public import TerminalUI

/// How the screen is opened.
public struct ScreenOptions: Sendable {
  /// Where standard error goes while the screen is open, so that no message lands in the picture; nil leaves it.
  public var standardErrorPath: String?
  /// Takes mouse presses and the wheel; the terminal's own selection of text then needs Shift.
  public var mouse = false
  /// Reports when the window gets and loses the focus.
  public var focusReports = false
  /// How long a lone ESC waits for the rest of a sequence, in milliseconds.
  public var escapeDelay: Int32 = 25
  /// Overrides what the environment says about colours.
  public var depth: ColorDepth?
  /// Draws with ASCII only whatever the locale says.
  public var forcesASCII = false

  public init() {}
}
