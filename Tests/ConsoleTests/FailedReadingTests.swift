import Engine
import MailModel
import TerminalUI
import Testing

@testable import Console

/// Tables that cannot be read: they say so, and are read again, but not without a pause.
@Suite struct FailedReadingTests {
  private func loads(_ effects: [ConsoleEffect], of pane: PaneID) -> Bool {
    effects.contains { if case .loadWindow(pane, _, _, _) = $0 { true } else { false } }
  }

  @Test func `the end of what is read is not asked for again before the next tick`() throws {
    let workspace = try SampleWorkspace()
    try workspace.enqueue(1...300, from: SampleWorkspace.news)
    let screen = try TestScreen(workspace)
    try screen.type("2")
    var state = screen.state
    var asked = false
    for _ in 0..<20 where !asked { asked = loads(update(&state, .terminal(.key(.named(.pageDown)))), of: .queue) }
    try #require(asked)
    #expect(!loads(update(&state, .windowFailed(.queue, "the store is damaged")), of: .queue))
    #expect(!loads(update(&state, .terminal(.key(.named(.down)))), of: .queue))
    #expect(view(state, styles: try TestScreen.theme("dark").styles(depth: .mono)).plainText.contains("damaged"))
    // What is on screen can still be read: that is no reason to give the rest up, nor to ask for it at once.
    _ = state.load(.queue, .reload)
    let window = try #require(state.current.window)
    #expect(!loads(update(&state, .window(.queue, window, .reload)), of: .queue))
    #expect(loads(update(&state, .tick(state.now + .seconds(1))), of: .queue))
  }

  @Test func `a table that was never read says why, and is tried again`() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    let overview = try #require(screen.state.overview)
    var state = screen.state
    #expect(loads(update(&state, .terminal(.key(.character("3")))), of: .bounces))
    _ = update(&state, .windowFailed(.bounces, "the store is damaged"))
    _ = update(&state, .overview(overview))
    let text = view(state, styles: try TestScreen.theme("dark").styles(depth: .mono)).plainText
    #expect(text.contains("the store is damaged") && !text.contains("Reading"), "\(text)")
    #expect(loads(update(&state, .tick(state.now + .seconds(1))), of: .bounces))
  }

  @Test func `what could be read again says nothing any more`() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("2")
    var state = screen.state
    state.current.fail("the store is damaged")
    state.current.take(state.current.rows, height: 10)
    #expect(state.current.problem == nil)
  }
}
