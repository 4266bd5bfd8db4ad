import Dispatch
import Engine
import Foundation
import MailModel
import Storage
import Synchronization
import TerminalUI
import Testing

@testable import Console

/// The loop, with what happens around it.
@Suite struct LoopTests {
  /// Fault 9: somebody holds the database; the screen lives on and the stop works.
  @Test func stopWhileTheDatabaseIsLocked() throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace)
    let other = try workspace.another()
    let (isHeld, release, done) = (
      DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
    )
    let holder = Thread {
      try? other.store.write { _ in
        isHeld.signal()
        release.wait()
      }
      done.signal()
    }
    holder.start()
    isHeld.wait()
    try screen.terminal.type("!")
    screen.turn()
    #expect(workspace.open.stop.isRaised)
    try screen.eventually("the latch file is there") { workspace.open.stop.latch.isPresent() }
    try screen.type("Esc 2 j j")
    #expect(screen.state.current.cursor.index == 2, "tables are read and moved through")
    #expect(screen.text.contains("STOPPED"))
    release.signal()
    done.wait()
    other.close()
    try screen.eventually("the permit row follows") { screen.state.overview?.permit?.state == .stopped }
  }

  @Test func resizingKeepsTheRowAndFillsTheScreen() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("2 G")
    let row = screen.state.current.row?.id
    for (columns, rows) in [(120, 40), (60, 16), (10, 2), (200, 50), (80, 24)] {
      try screen.send(.resize(TerminalSize(columns: columns, rows: rows)))
      let frame = try #require(screen.terminal.screen)
      #expect(frame.size == TerminalSize(columns: columns, rows: rows))
      #expect(screen.terminal.drawnCells == frame.cells)
      #expect(screen.state.current.row?.id == row)
    }
    #expect(screen.text.contains("reader1@mail.example"))
  }

  /// A message of `wall` lies over a row: the diff between two frames never touches it.
  @Test(arguments: ["C-l", "R", "/ C-l", ": C-l", "C-p C-l", "? C-l", "w C-l", "5 G r C-l"])
  func theWholeScreenIsPaintedAgain(_ keys: String) throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type(keys)
    #expect(screen.terminal.redraws == 1 && !screen.notice.contains("means nothing"), "\(screen.notice)")
  }

  @Test func runsUntilSomebodyLeaves() throws {
    let workspace = try SampleWorkspace()
    let terminal = TestTerminal()
    try terminal.type("2 j Q")
    try ConsoleLoop.run(terminal: terminal, open: workspace.open, keymap: try TestScreen.keymap(), wake: {})
    #expect(terminal.framesDrawn >= 2)
    #expect(!terminal.isClosed, "closing it is the caller's")
  }

  @Test func whatWasConfirmedIsDoneThoughOneLeavesAtOnce() throws {
    let workspace = try SampleWorkspace.morning()
    let terminal = TestTerminal()
    let session = ConsoleSession(
      terminal: terminal, open: workspace.open, keymap: try TestScreen.keymap(), theme: .plain, wake: {})
    try session.begin()
    try terminal.type("S Q")
    session.turn(terminal.nextEvents(timeout: .zero))
    #expect(session.hasQuit)
    session.end()
    #expect(try workspace.open.checklistToday()?.run != nil)
  }

  @Test func aStopByTouchingTheLatchFileIsShown() throws {
    let workspace = try SampleWorkspace()
    let screen = try TestScreen(workspace)
    #expect(FileManager.default.createFile(atPath: workspace.open.workspace.latchPath, contents: nil))
    try screen.eventually("the banner says so") { screen.text.contains("why: \"the latch file") }
  }

  @Test func whileNoRowCanBeWrittenTheLatchFileSaysWhoAndWhy() throws {
    let workspace = try SampleWorkspace()
    let screen = try TestScreen(workspace)
    let ana = Actor(name: "ana", role: .watcher, origin: "test")
    try workspace.open.store.write { _ in
      try workspace.open.stop.latch.create(by: ana, reason: "smoke", at: nil)
      try screen.type("R")
      try screen.eventually("the banner says who and why") {
        screen.text.contains("by \"ana\"") && screen.text.contains("why: \"smoke")
      }
    }
  }

  @Test func scanAndThemeRunBeside() throws {
    let workspace = try SampleWorkspace()
    let counter = WakeCounter()
    let session = ConsoleSession(
      terminal: TestTerminal(), open: workspace.open, keymap: try TestScreen.keymap(), theme: .plain,
      wake: { counter.add() },
      actions: ConsoleActions(loadTheme: { name in try TestScreen.theme(name) }, scan: { _ in "3 new reports" }))
    try session.begin()
    func line(_ text: String) -> [TerminalEvent] {
      [.key(.character(":"))] + text.unicodeScalars.map { .key(.character($0)) } + [.key(.enter)]
    }
    func wait(_ notice: String) {
      let end = Date().addingTimeInterval(60)
      while session.state.notice?.text != notice, Date() < end {
        session.mailbox.wait(seconds: 0.05)
        session.turn([])
      }
      #expect(session.state.notice?.text == notice)
    }
    session.turn(line("inbound.scan"))
    wait("Scan: 3 new reports")
    session.turn(line("theme light"))
    wait("Theme light")
    #expect(counter.count > 0)
    session.end()
  }

  private final class WakeCounter: Sendable {
    private let wakes = Atomic<Int>(0)
    var count: Int { wakes.load(ordering: .relaxed) }
    func add() { wakes.add(1, ordering: .relaxed) }
  }
}
