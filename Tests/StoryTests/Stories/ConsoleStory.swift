import Foundation
import Glibc
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// Keystrokes on the real binary in a real terminal.
  @Suite struct ConsoleKeys {
    /// Processes of the binary under test that still run.
    private func survivors() -> [pid_t] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
      return names.compactMap { pid_t($0) }.filter { pid in
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe")
        return target == StoryWorkspace.binary
      }
    }

    /// What must be as before once the console is left.
    private func expectRestored(
      _ terminal: TerminalSession, modes: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      #expect(terminal.waitFor("ready>"), "\(terminal.screen)", sourceLocation: sourceLocation)
      #expect(TestEnvironment.wait(seconds: 10) { !terminal.isAlternate }, sourceLocation: sourceLocation)
      #expect(TestEnvironment.wait(seconds: 10) { survivors().isEmpty }, sourceLocation: sourceLocation)
      #expect(try terminal.shell("stty -a") == modes, sourceLocation: sourceLocation)
    }

    private func sent(_ screen: String) -> Int {
      screen.firstMatch(of: /sent (\d+)/).flatMap { Int($0.1) } ?? 0
    }

    @Test func `a rehearsal is watched, searched, stopped, resized, suspended and left`() throws {
      let terminal = try TerminalSession()
      let modes = try terminal.shell("stty -a")
      try terminal.line("clear; \(StoryWorkspace.binary) rehearse")
      #expect(terminal.waitFor("SENDING"), "\(terminal.screen)")
      #expect(terminal.isAlternate)
      let before = sent(terminal.screen)
      #expect(terminal.wait { sent($0) > before + 3 }, "\(terminal.screen)")
      try walkThroughPanes(terminal)
      try helpAndFilter(terminal)
      try stopWithReason(terminal)
      try resize(terminal)
      try suspend(terminal)
      try terminal.press("Q")
      try expectRestored(terminal, modes: modes)
      #expect(!terminal.screen.contains("SENDING"))
    }

    private func walkThroughPanes(_ terminal: TerminalSession) throws {
      let panes = [
        ("1", "Review overnight alerts"), ("2", "Recipient"), ("3", "Class"), ("4", "Counts"), ("5", "Standing"),
        ("6", "Operation"),
      ]
      for (key, title) in panes {
        try terminal.press(key)
        #expect(terminal.waitFor(title), "\(key): \(terminal.screen)")
      }
    }

    private func helpAndFilter(_ terminal: TerminalSession) throws {
      try terminal.press("?")
      #expect(terminal.waitFor("Everywhere"), "\(terminal.screen)")
      try terminal.press("Escape")
      #expect(terminal.wait { !$0.contains("Everywhere") }, "\(terminal.screen)")
      try terminal.press("2", "/")
      try terminal.line("complain")
      #expect(terminal.waitFor("filter complain"), "\(terminal.screen)")
      #expect(terminal.wait { $0.contains("complain.") && !$0.contains("ok.") }, "\(terminal.screen)")
      try terminal.press("Escape")
      #expect(terminal.wait { !$0.contains("filter complain") }, "\(terminal.screen)")
    }

    private func stopWithReason(_ terminal: TerminalSession) throws {
      try terminal.press("!")
      #expect(terminal.waitFor("STOPPED since"), "\(terminal.screen)")
      try terminal.line("a drill")
      #expect(terminal.waitFor("why: \"a drill\""), "\(terminal.screen)")
      let stopped = sent(terminal.screen)
      let hasMoved = terminal.wait(seconds: 1) { sent($0) != stopped }
      #expect(!hasMoved, "\(terminal.screen)")
    }

    private func resize(_ terminal: TerminalSession) throws {
      try terminal.resize(columns: 120, rows: 40)
      #expect(terminal.wait { $0.split(separator: "\n").contains { $0.count > 100 } }, "\(terminal.screen)")
      try terminal.resize(columns: 40, rows: 10)
      #expect(terminal.waitFor("too small"), "\(terminal.screen)")
      try terminal.resize(columns: 80, rows: 24)
      #expect(terminal.waitFor("STOPPED since"), "\(terminal.screen)")
    }

    private func suspend(_ terminal: TerminalSession) throws {
      try terminal.press("C-z")
      #expect(terminal.waitFor("ready>"), "\(terminal.screen)")
      #expect(!terminal.isAlternate)
      try terminal.line("fg")
      #expect(terminal.waitFor("STOPPED since"), "\(terminal.screen)")
      #expect(terminal.isAlternate)
    }

    @Test func `a stop by another process is on screen within a second, and signals restore the terminal`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      let terminal = try TerminalSession()
      let modes = try terminal.shell("stty -a")
      try terminal.line("clear; \(StoryWorkspace.binary) --workspace \(workspace.path) console")
      #expect(terminal.waitFor("Review overnight alerts"), "\(terminal.screen)")
      try workspace.enqueue(Mail.many(3, named: "seen"))
      #expect(terminal.waitFor("queued 3", seconds: 1), "\(terminal.screen)")
      try workspace.run("stop", "--reason", "from elsewhere")
      #expect(terminal.waitFor("STOPPED since", seconds: 1), "\(terminal.screen)")
      #expect(terminal.waitFor("from elsewhere"), "\(terminal.screen)")
      for number in [SIGTERM, SIGHUP, SIGABRT] {
        #expect(terminal.waitFor("STOPPED since"), "\(terminal.screen)")
        #expect(survivors().count == 1)
        for pid in survivors() { kill(pid, number) }
        try expectRestored(terminal, modes: modes)
        try terminal.line("clear; \(StoryWorkspace.binary) --workspace \(workspace.path) console")
      }
      #expect(terminal.waitFor("STOPPED since"), "\(terminal.screen)")
      try terminal.press("q")
      try expectRestored(terminal, modes: modes)
    }

    /// Fault 35.
    @Test func `a dumb terminal is told so, and no terminal at all too`() throws {
      let terminal = try TerminalSession()
      try terminal.line("clear; TERM=dumb \(StoryWorkspace.binary) rehearse; echo code=$?")
      #expect(terminal.wait { $0.contains(/code=[1-9]/) }, "\(terminal.screen)")
      #expect(terminal.screen.contains("dumb"), "\(terminal.screen)")
      let alone = try Program(StoryWorkspace.binary, ["rehearse"], environment: StoryWorkspace.environment)
      let ending = alone.wait(seconds: 15)
      #expect(ending != nil && ending != .exited(0), "\(alone.said)")
      #expect(alone.errors.contains("terminal"), "\(alone.said)")
      #expect(survivors().isEmpty)
    }
  }
}
