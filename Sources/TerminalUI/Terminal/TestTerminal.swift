/// A terminal in memory: takes frames, gives scripted events.
public final class TestTerminal: Terminal {
  public private(set) var size: TerminalSize
  public let capabilities: TerminalCapabilities
  /// The screen, built only from the changes between frames, as a real one is.
  public private(set) var screen: Frame?
  public private(set) var framesDrawn = 0
  public private(set) var cellsDrawn = 0
  public private(set) var bells = 0
  public private(set) var redraws = 0
  public private(set) var isSuspended = false
  public private(set) var isClosed = false
  private var pending: [TerminalEvent] = []
  private var cells: [Cell] = []

  public init(
    columns: Int = 80, rows: Int = 24, capabilities: TerminalCapabilities = .init(depth: .mono, glyphs: .unicode)
  ) {
    size = TerminalSize(columns: columns, rows: rows)
    self.capabilities = capabilities
  }

  /// Adds an event for the next call of ``nextEvents(timeout:)``.
  public func send(_ event: TerminalEvent) {
    if case .resize(let size) = event { self.size = size }
    pending.append(event)
  }

  /// Types keys by their notation, separated by blanks: `"j j C-d Enter"`.
  ///
  /// - Throws: ``KeyNotationError``
  public func type(_ keys: String) throws {
    for word in keys.split(separator: " ") { pending.append(.key(try Key(notation: String(word)))) }
  }

  public func nextEvents(timeout: Duration?) -> [TerminalEvent] {
    defer { pending.removeAll() }
    return pending
  }

  public func draw(_ frame: Frame) {
    let runs = FrameDiff.runs(from: screen, to: frame)
    if screen?.size != frame.size { cells = Array(repeating: .blank(.plain), count: frame.cells.count) }
    for run in runs {
      let start = run.y * frame.size.columns + run.x
      cells.replaceSubrange(start..<start + run.cells.count, with: run.cells)
      cellsDrawn += run.cells.count
    }
    screen = frame
    framesDrawn += 1
  }

  /// What the changes add up to; equal to the last frame's cells when the diff is right.
  public var drawnCells: [Cell] { cells }

  /// The screen's text, empty before the first frame.
  public var text: String { screen?.plainText ?? "" }

  public func redraw() { redraws += 1 }
  public func suspend() { isSuspended = true }
  public func resume() { isSuspended = false }
  public func bell() { bells += 1 }
  public func close() { isClosed = true }
}
