import Engine
import TerminalUI
import Testing

@testable import Console

/// What is marked stays marked, or one is told.
@Suite struct MarkTests {
  /// The queue with three of its rows marked.
  private func marked(_ filter: String = "") throws -> TestScreen {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("2")
    if !filter.isEmpty {
      try screen.type("/")
      try screen.write(filter)
      try screen.type("Enter")
    }
    try screen.type("Space Space Space")
    try #require(screen.state.current.marked.count == 3)
    return screen
  }

  @Test func `leaving the filter as it was leaves the marks too`() throws {
    let screen = try marked("reader")
    let row = screen.state.current.row?.id
    try screen.type("/ Esc")
    #expect(screen.state.current.filter.source == "reader" && screen.state.current.marked.count == 3)
    try screen.type("/")
    try screen.write(" state:held")
    #expect(screen.state.current.marked.isEmpty)
    try screen.type("Esc")
    #expect(screen.state.current.filter.source == "reader" && screen.state.current.marked.count == 3)
    #expect(screen.state.current.row?.id == row && screen.text.contains("3 marked"))
    #expect(screen.state.current.rows.count { screen.state.current.cursor.isMarked($0.id) } == 3)
  }

  @Test func `what was typed and taken back leaves the marks`() throws {
    let screen = try marked()
    try screen.type("/ x Backspace Enter")
    #expect(screen.state.current.marked.count == 3)
  }

  @Test func `another filter says that it takes the marks away`() throws {
    let screen = try marked()
    try screen.type("/")
    try screen.write("reader")
    try screen.type("Enter")
    #expect(screen.state.current.marked.isEmpty && screen.notice == "3 marks taken away: another filter")
  }

  @Test(arguments: [">", "<", "I"]) func `another order keeps the marks`(_ key: String) throws {
    let screen = try marked()
    let rows = Set(screen.state.current.marked.keys)
    try screen.type(key)
    #expect(Set(screen.state.current.marked.keys) == rows && screen.text.contains("3 marked"))
  }

  @Test(arguments: ["Space", "v"]) func `where all that match are marked no row is`(_ key: String) throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("2 * \(key)")
    #expect(screen.state.current.isAllMarked && screen.state.current.marked.isEmpty)
    #expect(screen.notice == "all that match are marked; z takes that away")
  }
}
