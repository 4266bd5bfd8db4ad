import Engine
import MailModel
import TerminalUI
import Testing

@testable import Console

/// A scan by key: how far it is stays on the message line, and nothing that is said is talked over.
@Suite struct ScanLineTests {
  private var state: ConsoleState

  init() throws {
    let actor = Actor(name: "tess", role: .operator, origin: "desk:1")
    state = ConsoleState(
      identity: .init(workspace: "w", actor: actor, scanRefusal: nil), keymap: try TestScreen.keymap(),
      glyphs: .unicode, size: TerminalSize(columns: 80, rows: 24), now: SampleWorkspace.start)
    state.active = .bounces
  }

  private mutating func press(_ key: Unicode.Scalar) -> Int {
    update(&state, .terminal(.key(.character(key)), at: state.now)).filter {
      if case .scan = $0 { true } else { false }
    }.count
  }

  private var message: String {
    let lines = view(state, styles: Theme.plain.styles(depth: .mono)).plainText
      .split(separator: "\n", omittingEmptySubsequences: false)
    return String(lines.count > 2 ? lines[22] : "")
  }

  @Test mutating func aBarUntilItEndsAndOneScanAtATime() {
    #expect(press("b") == 1)
    #expect(message.hasPrefix(" Scanning ░░░░░░░░░░░░"))
    _ = update(&state, .scanProgress(RoundProgress(words: "50 new, 50 %, 9/s, 6 s to go", share: 0.5)))
    #expect(message.hasPrefix(" Scanning ██████░░░░░░ 50 new, 50 %, 9/s, 6 s to go"), "\(message)")
    #expect(press("b") == 0)
    #expect(message.contains("a scan is under way"), "\(message)")
    _ = update(&state, .scanProgress(RoundProgress(words: "60 new", share: 0.6)))
    #expect(message.contains("a scan is under way"), "\(message)")
    #expect(press("j") == 0)
    #expect(message.hasPrefix(" Scanning ███████░░░░░ 60 new"), "\(message)")
    _ = update(&state, .scanFailed("login refused"))
    #expect(message.hasPrefix(" Scan failed: login refused"))
    #expect(press("b") == 1)
    _ = update(&state, .scanned("1 new"))
    #expect(message.hasPrefix(" Scan: 1 new"))
  }

  @Test func whoMayNotScanIsTold() throws {
    let workspace = try SampleWorkspace()
    #expect(workspace.open.scanRefusal == nil)
    var other = state
    let identity = ConsoleState.Identity(
      workspace: "w", actor: state.identity.actor, scanRefusal: "bounces-scan needs the role operator; you are watcher")
    other = ConsoleState(
      identity: identity, keymap: state.keymap, glyphs: .unicode, size: state.size, now: state.now)
    #expect(other.disabledReason(CommandInvocation("inbound.scan")) == identity.scanRefusal)
    let effects = update(&other, .terminal(.key(.character("b")), at: other.now))
    #expect(!effects.contains { if case .scan = $0 { true } else { false } })
  }

  @Test func `whoever only looks is told so, and may stop all the same`() throws {
    let actor = Actor(name: "tess", role: .watcher, origin: "desk:1")
    let identity = ConsoleState.Identity(workspace: "w", actor: actor, scanRefusal: nil, isReadOnly: true)
    let other = ConsoleState(
      identity: identity, keymap: state.keymap, glyphs: .unicode, size: state.size, now: state.now)
    #expect(other.disabledReason(CommandInvocation("queue.hold")) == "read-only: you only look here")
    #expect(other.disabledReason(CommandInvocation("stop")) == nil)
    #expect(other.disabledReason(CommandInvocation("stop.trip")) == nil)
  }
}
