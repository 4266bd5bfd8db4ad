import Engine
import MailModel
import TerminalUI
import Testing

@testable import Console

/// Every pane at the smallest comfortable size and at a large one.
@Suite(.serialized) struct GoldenScreenTests {
  @Test(arguments: PaneID.allCases, [TerminalSize(columns: 80, rows: 24), TerminalSize(columns: 120, rows: 40)])
  func pane(_ pane: PaneID, _ size: TerminalSize) throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace, columns: size.columns, rows: size.rows)
    if pane == .checklist {
      try screen.type("S")
      try screen.eventually("the checklist is begun") { screen.state.current.checklist?.run != nil }
      try screen.type("x")
      try screen.eventually("a step is ticked") { screen.text.contains("[✔]") }
      try screen.type("k")
    } else if pane == .notices {
      _ = try CasePaneTests.notice(in: workspace)
      try screen.type("5 T Enter")
    } else {
      try screen.type(TestScreen.keys(to: pane))
    }
    try Golden.check("\(pane.rawValue)-\(size.columns)x\(size.rows)", screen.text)
  }

  @Test func queueInASCIIWithoutColour() throws {
    let screen = try TestScreen(SampleWorkspace.morning(), glyphs: .ascii)
    try screen.type("2 Enter")
    try Golden.check("queue-ascii-details", screen.text)
    #expect(screen.text.unicodeScalars.allSatisfy { $0.isASCII })
  }

  @Test func insightInASCII() throws {
    let screen = try TestScreen(SampleWorkspace.morning(), columns: 120, rows: 40, glyphs: .ascii)
    try screen.type("0")
    for words in ["New -> old", "rendered -> armed"] { #expect(screen.text.contains(words), "\(screen.text)") }
    #expect(screen.text.unicodeScalars.allSatisfy { $0.isASCII } && !screen.text.contains("<U+"))
  }

  @Test func everyStyleOfTheQueueInTruecolor() throws {
    let screen = try TestScreen(SampleWorkspace.morning(), depth: .rgb)
    try screen.type("2")
    try Golden.check("queue-truecolor-styles", screen.terminal.screen?.styleText ?? "")
  }

  @Test func help() throws {
    let screen = try TestScreen(SampleWorkspace.morning(), columns: 120, rows: 40)
    try screen.type("2 ?")
    try Golden.check("help-queue-120x40", screen.text)
  }

  @Test func provenance() throws {
    let screen = try TestScreen(SampleWorkspace.morning(), columns: 120, rows: 40)
    try screen.type("w")
    try Golden.check("why-120x40", screen.text)
  }

  @Test func palette() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("5 C-p")
    try screen.write("account")
    try Golden.check("palette", screen.text)
  }

  @Test func questionBeforeARestriction() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("5 j r")
    try screen.write("too many complaints")
    try screen.type("Enter")
    try screen.eventually("the question is asked") { screen.text.contains("No, leave it") }
    try Golden.check("restrict-question", screen.text)
  }

  @Test func stoppedReadyAndRamping() throws {
    let workspace = try SampleWorkspace.morning()
    workspace.open.stop.trip(by: workspace.open.actor, reason: "relay answers nonsense")
    #expect(workspace.open.stop.waitUntilDurable(timeout: .seconds(60)))
    let stopped = try TestScreen(workspace)
    try Golden.check("stopped", stopped.text)
    _ = try workspace.open.operations.perform("stop.reset", .init(arguments: ["reason": "relay repaired"]))
    try Golden.check("ready", try TestScreen(workspace).text)
    _ = try workspace.open.operations.perform("stop.resume", .init())
    try Golden.check("ramping", try TestScreen(workspace).text)
  }

  @Test(arguments: [
    TerminalSize(columns: 59, rows: 24), TerminalSize(columns: 80, rows: 15), TerminalSize(columns: 1, rows: 1),
  ])
  func tooSmall(_ size: TerminalSize) throws {
    let screen = try TestScreen(SampleWorkspace.morning(), columns: size.columns, rows: size.rows)
    try Golden.check("too-small-\(size.columns)x\(size.rows)", screen.text)
  }
}
