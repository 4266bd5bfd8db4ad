import Engine
import MailModel
import Storage
import TerminalUI
import Testing

@testable import Console

/// One key stops all sending, wherever one is.
@Suite struct StopKeyTests {
  @Test(arguments: PaneID.allCases, ["!", "C-x"])
  func fromEveryPane(_ pane: PaneID, _ key: String) throws {
    let workspace = try SampleWorkspace()
    let screen = try TestScreen(workspace)
    #expect(!workspace.open.stop.isRaised)
    try screen.type(TestScreen.keys(to: pane))
    try screen.terminal.type(key)
    screen.turn()
    // The flag is up before anything was waited for.
    #expect(workspace.open.stop.isRaised)
    #expect(screen.text.contains("STOPPED"))
    try screen.eventually("the permit row says so") { screen.state.overview?.permit?.state == .stopped }
  }

  @Test(arguments: [":", "/", "C-p", "?", "w", "5 r", "C-p Down"])
  func fromPromptsPaletteAndHelp(_ keys: String) throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace)
    try screen.type("5 G")
    try screen.type(keys)
    #expect(screen.state.overlay != nil)
    try screen.terminal.type("C-x")
    screen.turn()
    #expect(workspace.open.stop.isRaised)
    #expect(screen.text.contains("Why?"), "the reason is asked for afterwards")
  }

  /// The bytes as a terminal sends them: Esc closes what lies on top, and the next key must not be lost with it.
  @Test(arguments: ["?", "/", "w", "C-p", "5"], [Unicode.Scalar("!"), "\u{18}"])
  func rightAfterEsc(_ keys: String, _ stop: Unicode.Scalar) throws {
    for pause in [0, 60, 400] {
      let workspace = try SampleWorkspace()
      let screen = try TestScreen(workspace)
      try screen.type(keys)
      var decoder = InputDecoder()
      var events = decoder.feed(.scalar("\u{1B}"), at: 1_000)
      events += decoder.feed(.scalar(stop), at: 1_000 + pause)
      events += decoder.flush(at: 10_000)
      screen.session.turn(events)
      #expect(workspace.open.stop.isRaised, "\(pause) ms")
    }
  }

  @Test(arguments: ["!", "C-x"]) func fromAQuestion(_ key: String) throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace)
    try screen.type("5 G r")
    try screen.write("why not")
    try screen.type("Enter")
    try screen.eventually("a question is open") { screen.state.context == "dialog" }
    try screen.type(key)
    #expect(workspace.open.stop.isRaised)
    try screen.type("Esc")
    let account = try #require(try workspace.store.read { try $0.accounts.get(address: SampleWorkspace.news) })
    #expect(account.standing == .flagged, "what was asked before is left undone")
  }

  @Test func exclamationMarkIsTextInAPrompt() throws {
    let workspace = try SampleWorkspace()
    let screen = try TestScreen(workspace)
    try screen.type("/ ! Enter")
    #expect(!workspace.open.stop.isRaised)
    #expect(screen.state.current.filter.source == "!")
  }

  @Test(arguments: ["stop", "stop.trip"]) func aReasonThatWasTypedIsNotAskedForAgain(_ command: String) throws {
    let workspace = try SampleWorkspace()
    let screen = try TestScreen(workspace)
    try screen.type(":")
    try screen.write("\(command) the relay answers nonsense")
    try screen.type("Enter")
    #expect(workspace.open.stop.isRaised && screen.state.overlay == nil)
    try screen.eventually("the banner says why") { screen.text.contains("why: \"the relay answers nonsense") }
  }

  @Test func reasonIsAskedAfterwardsAndKept() throws {
    let workspace = try SampleWorkspace()
    let screen = try TestScreen(workspace)
    try screen.type("!")
    try screen.eventually("stopped") { screen.state.overview?.permit?.state == .stopped }
    try screen.write("relay is mad!")
    try screen.type("Enter")
    try screen.eventually("the reason is in the banner") { screen.text.contains("\"relay is mad!\"") }
    let rows = try workspace.store.read { try $0.audit.page(.init(operation: "stop.trip")).rows }
    #expect(rows.map(\.reason) == ["relay is mad!", "no reason given yet"])
  }

  @Test func escapeLeavesItWithoutAReason() throws {
    let workspace = try SampleWorkspace()
    let screen = try TestScreen(workspace)
    try screen.type("! Esc")
    #expect(screen.notice == "Stopped; no reason given")
    #expect(workspace.open.stop.isRaised)
  }

  @Test func worksInATerminalThatIsTooSmall() throws {
    let workspace = try SampleWorkspace()
    let screen = try TestScreen(workspace, columns: 20, rows: 5)
    try screen.type("!")
    #expect(workspace.open.stop.isRaised)
  }

  @Test func aWatcherMayStopToo() throws {
    let workspace = try SampleWorkspace(role: .watcher)
    try TestScreen(workspace).type("!")
    #expect(workspace.open.stop.isRaised)
  }

  @Test func resetNeedsReasonAndTheTypedWordThenResumeAYes() throws {
    let workspace = try SampleWorkspace()
    let screen = try TestScreen(workspace)
    try screen.type("! Esc")
    try screen.eventually("stopped") { screen.state.overview?.permit?.state == .stopped }
    try screen.type("M-r")
    try screen.type("Enter")
    #expect(screen.text.contains("it cannot be empty"))
    try screen.write("looked into")
    try screen.type("Enter")
    try screen.eventually("the word is asked for") { screen.text.contains("Type RESET:") }
    try screen.write("reset")
    try screen.type("Enter")
    #expect(screen.text.contains("Type exactly RESET, or Esc leaves it undone"))
    #expect(!screen.text.contains("[ "), "no answer can be pressed yet")
    try screen.type("C-u")
    try screen.write("RESET")
    #expect(screen.text.contains("[ Do it Enter ]"))
    try screen.type("Enter")
    try screen.eventually("ready") { screen.state.permitState == .ready }
    #expect(workspace.open.stop.isRaised, "reset is not resume")
    try screen.type("C-r")
    try screen.eventually("asked") { screen.state.context == "dialog" }
    try screen.type("y")
    try screen.eventually("ramping") { screen.state.permitState == .ramping }
    #expect(screen.text.contains("rung 1 of 3") && !screen.text.contains("waits for"))
    try workspace.enqueue("slow@mail.example", from: SampleWorkspace.news, subject: "News")
    try workspace.store.write { transaction in
      let (now, owner) = (workspace.clock.now(), "desk:1#1")
      let leases = try transaction.messages.claim(limit: 1, owner: owner, now: now, leaseUntil: now + .minutes(5))
      _ = try transaction.messages.arm(
        leases.map { Lease(id: $0.id, epoch: $0.epoch) }, owner: owner, now: now, leaseUntil: now + .minutes(5))
    }
    try screen.eventually("it says what the rung waits for") {
      screen.text.contains(" RAMPING, waits for 1 reply, since ")
    }
  }
}
