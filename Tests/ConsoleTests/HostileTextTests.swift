import Engine
import MailModel
import Storage
import TerminalUI
import Testing

@testable import Console

/// Faults 31–34: what strangers wrote is shown, never obeyed.
@Suite struct HostileTextTests {
  private static let nasty =
    "\u{1B}[2J\u{1B}]0;owned\u{07}\u{9B}31m\u{202E}gpj.exe\u{2066}\u{200B}界世👩‍👩‍👧‍👦e\u{301}\u{301}\u{301}\r\nBcc: x\u{9C}\u{0}"

  @Test(arguments: [80, 120], [true, false]) func inEveryFieldAndPane(_ columns: Int, _ isUnicode: Bool) throws {
    let workspace = try SampleWorkspace.morning()
    let nasty = HostileTextTests.nasty
    try workspace.enqueue("\(nasty)@mail.example", from: SampleWorkspace.news, subject: nasty)
    try workspace.bounce("reader5@mail.example", messageID: "<reader5@sender.example>")
    let id = try #require(try workspace.store.read { try $0.accounts.get(address: SampleWorkspace.news)?.id })
    _ = try workspace.open.operations.perform(
      "account.restrict", .init(targets: [.init(id: "\(id)")], arguments: ["reason": nasty]))
    let screen = try TestScreen(workspace, columns: columns, rows: 30, glyphs: isUnicode ? .unicode : .ascii)
    for pane in 1...6 {
      for keys in ["\(pane)", "Enter", "Enter", "Esc Esc"] {
        try screen.type(keys)
        try screen.checkFrame("pane \(pane) \(keys)")
      }
    }
    try screen.type("/")
    try screen.send(.paste(nasty))
    try screen.checkFrame("a prompt")
  }

  /// Fault 33: a reason that imitates the banner stays one quoted piece of one line.
  @Test func aStopReasonCannotPassForTheBanner() throws {
    let workspace = try SampleWorkspace.morning()
    let text = "\u{1B}[1;1H\"\n SENDING  newsroom \u{202E}" + String(repeating: "x", count: 500)
    workspace.open.stop.trip(
      by: Actor(name: "a\u{1B}[0m\n" + String(repeating: "b", count: 99), role: .lead, origin: "x"), reason: text)
    #expect(workspace.open.stop.waitUntilDurable(timeout: .seconds(60)))
    let screen = try TestScreen(workspace)
    try screen.checkFrame("the banner")
    let lines = screen.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasPrefix(" STOPPED "))
    #expect(lines[3].hasPrefix(" STOPPED since"))
    #expect(lines[4].hasPrefix(" why: \""))
    #expect(lines[5].hasPrefix(" 1 Checklist"))
    #expect(lines.filter { $0.hasPrefix(" SENDING") }.isEmpty)
  }

  /// Fault 34.
  @Test(arguments: ["!\n", "\u{18}", "r\ny\n", ":stop\n", "Q"]) func pastedTextIsNoOperation(_ text: String) throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace)
    for pane in 1...6 {
      try screen.type("\(pane)")
      try screen.send(.paste(text))
      #expect(screen.state.overlay == nil)
      #expect(screen.notice == "Pasted text is ignored here")
    }
    try screen.type(":")
    try screen.send(.paste(text))
    #expect(screen.state.overlay != nil, "a pasted line end submits nothing")
    #expect(!workspace.open.stop.isRaised)
    #expect(!screen.session.hasQuit)
  }
}
