import MailModel
import TerminalUI
import Testing

@testable import Console

/// `q` closes one thing after another; only a `q` of its own leaves.
@Suite struct LeavingTests {
  private var state: ConsoleState

  init() throws {
    let actor = Actor(name: "tess", role: .lead, origin: "desk:1")
    state = ConsoleState(
      identity: .init(workspace: "w", actor: actor, scanRefusal: "none here"), keymap: try TestScreen.keymap(),
      glyphs: .unicode, size: TerminalSize(columns: 80, rows: 24), now: SampleWorkspace.start)
  }

  /// Presses a key so many milliseconds after the start.
  private mutating func press(_ key: Character, at milliseconds: Int64) {
    let moment = SampleWorkspace.start + .milliseconds(milliseconds)
    for scalar in key.unicodeScalars { _ = update(&state, .terminal(.key(.character(scalar)), at: moment)) }
  }

  @Test mutating func leavesAtOnceWhereNothingIsOpen() {
    press("q", at: 0)
    #expect(state.hasQuit)
  }

  @Test mutating func oneTooManyWhileClosingDoesNotLeave() {
    state.current.layout = .alone
    press("q", at: 0)
    #expect(state.current.layout == .below && !state.hasQuit)
    press("q", at: 200)
    press("q", at: 600)
    #expect(state.current.layout == .beside && !state.hasQuit)
    #expect(state.notice?.text == "Everything is closed; press q again to leave")
    press("q", at: 1_200)
    #expect(state.hasQuit)
  }

  @Test mutating func aKeyThatIsHeldDownDoesNotLeave() {
    state.overlay = .help(scroll: 0)
    for number in 0..<30 { press("q", at: Int64(number) * 40) }
    #expect(state.overlay == nil && !state.hasQuit)
  }

  @Test mutating func helpAndProvenanceLeadToEachOther() {
    press("w", at: 0)
    press("?", at: 10)
    guard case .help = state.overlay else { return #expect(Bool(false), "no help over the provenance") }
    press("w", at: 20)
    guard case .why = state.overlay else { return #expect(Bool(false), "no provenance over the help") }
    press("w", at: 30)
    #expect(state.overlay == nil)
  }

  @Test mutating func theEndOfTheHelpIsItsEnd() {
    press("?", at: 0)
    for number in 0..<20 { press("G", at: Int64(number)) }
    guard case .help(let bottom) = state.overlay, bottom > 0 else {
      return #expect(Bool(false), "closed, or not moved")
    }
    press("j", at: 30)
    press("k", at: 40)
    guard case .help(let above) = state.overlay else { return #expect(Bool(false), "closed") }
    #expect(above == bottom - 1)
  }

  @Test(arguments: ["h", "c", "t", " ", "*"] as [Character])
  mutating func keysOverTheHelpTouchNoRow(key: Character) {
    state.active = .queue
    press("?", at: 0)
    press(key, at: 10)
    guard case .help = state.overlay else { return #expect(Bool(false), "\(key) closed the help") }
    #expect(state.notice?.text.contains("q closes this first") == true && state.current.marked.isEmpty)
    press("2", at: 20)
    #expect(state.overlay == nil)
  }

  @Test mutating func somewhatLaterItIsMeant() {
    state.overlay = .help(scroll: 0)
    press("q", at: 0)
    press("q", at: 501)
    #expect(state.hasQuit)
  }

  @Test mutating func theKeyThatOnlyLeavesIsNotHeldUp() {
    state.overlay = .why(scroll: 0)
    press("q", at: 0)
    press("Q", at: 10)
    #expect(state.hasQuit)
  }
}
