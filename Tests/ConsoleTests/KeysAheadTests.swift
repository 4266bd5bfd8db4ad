import Engine
import MailModel
import TerminalUI
import Testing

@testable import Console

/// Keys that come faster than rows are read mean the rows that were asked for.
@Suite struct KeysAheadTests {
  private func typeAtOnce(_ keys: String, _ screen: TestScreen) throws {
    for key in keys.split(separator: " ") { try screen.terminal.type(String(key)) }
    screen.turn()
  }

  @Test func `a movement and what is done to a row wait for the table`() throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace)
    try typeAtOnce("2 j Space Space", screen)
    try screen.eventually("both are marked") { screen.state.current.marked.count == 2 }
    let rows = screen.state.current.rows.map(\.id)
    #expect(Set(screen.state.current.marked.keys) == [rows[1], rows[2]])
    #expect(screen.state.keysAhead.isEmpty)
  }

  @Test func `a case is opened by two keys typed as one`() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try typeAtOnce("5 Enter", screen)
    try screen.eventually("the case is open") { screen.state.active == .abuseCase }
    #expect(screen.notice.isEmpty)
  }

  @Test func `a filter that was typed decides what the next key means`() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("2 /")
    for scalar in "state:held".unicodeScalars { screen.terminal.send(.key(.character(scalar))) }
    try typeAtOnce("Enter Space", screen)
    try screen.eventually("one is marked") { !screen.state.current.marked.isEmpty }
    #expect(screen.state.current.marked.values.allSatisfy { screen.state.current.rows.map(\.id).contains($0.id) })
    #expect(screen.state.current.rows.count == 2)
  }

  @Test func `what is typed behind a key that waits waits too`() throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace)
    try typeAtOnce("4 d", screen)
    for scalar in "6 asked q".unicodeScalars { screen.terminal.send(.key(.character(scalar))) }
    try screen.settle()
    #expect(screen.text.contains("6 asked q"), "\(screen.text)")
  }

  @Test func `what waits for the details of a row means that row, whatever comes in above it`() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("2")
    var state = screen.state
    #expect(state.current.isFollowing)
    state.current.details = nil
    state.current.detailsLoad.isUnderWay = true
    // Not in doubt: refused, as far as it is known yet.
    _ = update(&state, .terminal(.key(.character("s"))))
    #expect(state.keysAhead == [.character("s")] && !state.current.isFollowing)
  }

  @Test func `steps ticked fast are ticked one after another`() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("S")
    try typeAtOnce("x x x", screen)
    try screen.settle()
    let ticked = screen.state.panes[.checklist]?.checklist?.run?.steps.count { $0.isTicked }
    #expect(ticked == 3 && screen.state.current.cursor.index == 3, "\(screen.text)")
  }

  @Test func `what is done to a row once is not refused because it was pressed twice`() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("2")
    try typeAtOnce("h h", screen)
    try screen.settle()
    guard case .listed(.message(let message))? = screen.state.current.row else {
      throw TestScreen.Waited(what: "a row")
    }
    #expect(message.state == .held)
    #expect(!screen.notice.contains("changed since"), "\(screen.notice)")
  }

  @Test func `who moves on in a runbook while a step is ticked is not moved again`() throws {
    let screen = try TestScreen(SampleWorkspace.morning(), columns: 120, rows: 40)
    try screen.type("4 a")
    let place = try #require(
      screen.state.current.rows.firstIndex { if case .caseLine(.step) = $0 { true } else { false } })
    try screen.type(Array(repeating: "j", count: place).joined(separator: " "))
    try typeAtOnce("x j j j", screen)
    try screen.settle()
    #expect(screen.notice.hasPrefix("Tick"), "\(screen.notice)")
    #expect(screen.state.current.cursor.index == place + 3)
    try screen.type("k k x")
    #expect(screen.state.current.cursor.index == place + 2, "one step further, where nobody moved")
  }

  @Test(arguments: ["Esc", "!"])
  func `the stop and Esc do not wait, and what did is left undone`(key: String) throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try typeAtOnce("2 j h \(key)", screen)
    try screen.settle()
    #expect(screen.state.keysAhead.isEmpty)
    #expect(screen.state.panes[.queue]?.cursor.index == 0)
    #expect(!screen.notice.contains("Hold"))
  }
}
