/// What a terminal can show, found out when it was opened.
public struct TerminalCapabilities: Sendable, Hashable {
  public let depth: ColorDepth
  public let glyphs: GlyphSet

  public init(depth: ColorDepth, glyphs: GlyphSet) {
    self.depth = depth
    self.glyphs = glyphs
  }
}

/// A screen with keys. Belongs to one thread; only its wake-up may be called from others.
public protocol Terminal: AnyObject {
  /// The size now. A change comes as ``TerminalEvent/resize(_:)`` too.
  var size: TerminalSize { get }
  var capabilities: TerminalCapabilities { get }

  /// Waits for events and gives all that are there.
  ///
  /// - Parameter timeout: nil waits without end; `.zero` only looks. May return no events earlier.
  func nextEvents(timeout: Duration?) -> [TerminalEvent]

  /// Shows a frame. Never waits: while the terminal takes no output, only the latest frame is kept.
  func draw(_ frame: Frame)

  /// Paints the next frame in full, over whatever another program has written on the screen.
  func redraw()

  /// Gives the screen back, for a pager or a shell, until ``resume()``.
  func suspend()
  func resume()
  func bell()

  /// Restores the terminal; nothing may be drawn afterwards. May be called twice.
  func close()
}
