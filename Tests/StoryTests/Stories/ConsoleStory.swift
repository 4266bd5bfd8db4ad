import Foundation
import GRDB
import Glibc
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// Keystrokes on the real binary in a real terminal.
  @Suite struct ConsoleKeys {
    /// What must be as before once the console is left.
    private func expectRestored(
      _ terminal: TerminalSession, modes: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      #expect(terminal.waitFor("ready>"), "\(terminal.screen)", sourceLocation: sourceLocation)
      #expect(TestEnvironment.wait { !terminal.isAlternate }, sourceLocation: sourceLocation)
      #expect(TestEnvironment.wait { terminal.programs.isEmpty }, sourceLocation: sourceLocation)
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
      try resetAndResume(terminal)
      try terminal.press("Q")
      try expectRestored(terminal, modes: modes)
      #expect(!terminal.screen.contains("SENDING"))
    }

    /// The emergency stop is never further away than the console.
    @Test func `the console opens without token key and with broken rules, and a scan says what is wrong`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      try FileManager.default.createDirectory(atPath: "\(workspace.path)/data", withIntermediateDirectories: true)
      for (name, words) in [("token.key", "token.key: "), ("data/bounce-rules.conf", "bounce-rules.conf, line 1")] {
        let before = FileManager.default.contents(atPath: "\(workspace.path)/\(name)")
        try "x\n".write(toFile: "\(workspace.path)/\(name)", atomically: false, encoding: .utf8)
        let terminal = try TerminalSession()
        try terminal.line("clear; \(StoryWorkspace.binary) --workspace \(workspace.path) console")
        #expect(terminal.waitFor("SENDING"), "\(terminal.screen)")
        try terminal.press("3", "b")
        #expect(terminal.wait { $0.filter { $0 != "\n" }.contains("Scan failed: ") }, "\(terminal.screen)")
        #expect(terminal.screen.split(separator: "\n").joined().contains(words), "\(terminal.screen)")
        try terminal.press("Q")
        #expect(terminal.waitFor("ready>"), "\(terminal.screen)")
        try (before ?? Data()).write(to: URL(filePath: "\(workspace.path)/\(name)"))
      }
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
      // Replies to what was out already still come in.
      let holdsStill = TestEnvironment.wait(seconds: 30) {
        let stopped = sent(terminal.screen)
        return !terminal.wait(seconds: 1) { sent($0) != stopped }
      }
      #expect(holdsStill, "\(terminal.screen)")
    }

    /// Reset wants a cause and the word; resume climbs the ladder.
    private func resetAndResume(_ terminal: TerminalSession) throws {
      try terminal.press("M-r")
      #expect(terminal.waitFor("reason:"), "\(terminal.screen)")
      try terminal.line("the drill is over")
      #expect(terminal.waitFor("Type RESET"), "\(terminal.screen)")
      try terminal.line("RESET")
      #expect(terminal.waitFor("READY since"), "\(terminal.screen)")
      let ready = sent(terminal.screen)
      try terminal.press("C-r")
      #expect(terminal.waitFor("Resume sending"), "\(terminal.screen)")
      #expect(sent(terminal.screen) == ready)
      try terminal.press("y")
      #expect(terminal.wait { sent($0) > ready + 11 }, "\(terminal.screen)")
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
      #expect(TestEnvironment.wait { terminal.isAlternate })
    }

    @Test func `what another process does comes on screen by itself, and signals restore the terminal`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      let terminal = try TerminalSession()
      let modes = try terminal.shell("stty -a")
      try terminal.line("clear; \(StoryWorkspace.binary) --workspace \(workspace.path) console")
      #expect(terminal.waitFor("Review overnight alerts"), "\(terminal.screen)")
      try workspace.enqueue(Mail.many(3, named: "seen"))
      #expect(terminal.waitFor("queued 3"), "\(terminal.screen)")
      try workspace.run("stop", "--reason", "from elsewhere")
      #expect(terminal.waitFor("STOPPED since"), "\(terminal.screen)")
      #expect(terminal.waitFor("from elsewhere"), "\(terminal.screen)")
      for number in [SIGTERM, SIGHUP, SIGABRT] {
        #expect(terminal.waitFor("STOPPED since"), "\(terminal.screen)")
        #expect(terminal.programs.count == 1)
        for pid in terminal.programs { kill(pid, number) }
        try expectRestored(terminal, modes: modes)
        try terminal.line("clear; \(StoryWorkspace.binary) --workspace \(workspace.path) console")
      }
      #expect(terminal.waitFor("STOPPED since"), "\(terminal.screen)")
      try terminal.press("q")
      try expectRestored(terminal, modes: modes)
    }

    /// Faults 31, 33: a subject and a relay's reply that would clear the screen, set the title and imitate our banner.
    @Test func `hostile text from mails and relays never drives the terminal`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox, ["IMAP_HOST": ""])
      let evil = "\u{1B}]0;pwned\u{7}\u{1B}[2J\u{1B}[1;1H\u{9D}STOPPED since\u{202E}漢字 e\u{301}"
      let subject = "=?utf-8?B?\(Data(evil.utf8).base64EncodedString())?="
      try workspace.enqueue([
        Mail("evil", to: "ok@demo.invalid", subject: subject), Mail("hostile", to: "hostile@demo.invalid"),
      ])
      try workspace.run("engine", "--until-idle")
      let terminal = try TerminalSession(columns: 120, rows: 40)
      let record = try terminal.record()
      try terminal.line("clear; \(StoryWorkspace.binary) --workspace \(workspace.path) console")
      #expect(terminal.waitFor("Review overnight alerts"), "\(terminal.screen)")
      try terminal.press("2")
      #expect(terminal.waitFor("pwned"), "\(terminal.screen)")
      try terminal.press("Enter", "j")
      #expect(terminal.waitFor("hostile@demo.invalid"), "\(terminal.screen)")
      #expect(terminal.screen.hasPrefix(" SENDING"), "\(terminal.screen)")
      try terminal.press("Q")
      #expect(terminal.waitFor("ready>"), "\(terminal.screen)")
      let listed = try workspace.run("queue", "--json").output + workspace.run("queue").output
      let written = FileManager.default.contents(atPath: record) ?? Data()
      // Nor is anything said that a plain terminal does not know.
      #expect(String(decoding: written, as: UTF8.self).firstMatch(of: /\u{1B}\[\d+[ST]/) == nil)
      for bytes in [written, Data(listed.utf8)] {
        #expect(bytes.range(of: Data("pwned".utf8)) != nil)
        for sequence in ["\u{1B}]0;", "\u{1B}[2J\u{1B}[1;1H", "\u{9D}", "\u{202E}"] {
          #expect(bytes.range(of: Data(sequence.utf8)) == nil, "\(sequence.debugDescription)")
        }
      }
    }

    /// Fault 9: the key stops while another process holds the database, and the header agrees with SQL before.
    @Test func `the stop key works while the database is locked`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox, ["IMAP_HOST": "", "WORKERS": "2"])
      try workspace.enqueue(
        Mail.many(30, named: "fine") + Mail.many(4, "reject-5.1.1", named: "no")
          + Mail.many(3, "defer-4.2.2", named: "later")
          + Mail.many(2, "drop-after-dot", named: "doubt"))
      try workspace.run("engine", "--until-idle")
      let terminal = try TerminalSession()
      try terminal.line("clear; \(StoryWorkspace.binary) --workspace \(workspace.path) console")
      #expect(try workspace.states() == ["sent": 30, "failed": 4, "queued": 3, "uncertain": 2])
      let isShown = terminal.waitFor("queued 3 armed 0 sent 30 failed 4 uncertain 2 held 0")
      #expect(isShown, "\(terminal.screen)")
      let other = try DatabaseQueue(path: workspace.storePath)
      try other.writeWithoutTransaction { db in
        try db.execute(sql: "BEGIN EXCLUSIVE")
        // A transaction that an error leaves open ends the whole process.
        defer { try? db.execute(sql: "ROLLBACK") }
        try terminal.press("!")
        // The store waits five seconds for a lock: what is seen before did not ask it.
        let isLatched = TestEnvironment.wait(seconds: 4) {
          FileManager.default.fileExists(atPath: workspace.latchPath)
        }
        #expect(isLatched, "\(terminal.screen)")
        #expect(terminal.waitFor("STOPPED", seconds: 4), "\(terminal.screen)")
        try terminal.press("Escape")
        // An Escape with a key right after it is that key with Alt.
        #expect(terminal.wait(seconds: 4) { !$0.contains("Why?") }, "\(terminal.screen)")
        try terminal.press("5")
        #expect(terminal.waitFor("Standing", seconds: 4), "the console waits for the database: \(terminal.screen)")
      }
      #expect(workspace.wait { try $0.permit() == "stopped" }, "\(terminal.screen)")
      try terminal.press("Q")
      #expect(terminal.waitFor("ready>"), "\(terminal.screen)")
    }

    /// Fault 35.
    @Test func `a dumb terminal is told so, and no terminal at all too`() throws {
      let terminal = try TerminalSession()
      try terminal.line("clear; TERM=dumb \(StoryWorkspace.binary) rehearse; echo code=$?")
      #expect(terminal.wait { $0.contains(/code=[1-9]/) }, "\(terminal.screen)")
      #expect(terminal.screen.contains("dumb"), "\(terminal.screen)")
      let alone = try Program(StoryWorkspace.binary, ["rehearse"], environment: StoryWorkspace.environment)
      let ending = alone.wait()
      #expect(ending != nil && ending != .exited(0), "\(alone.said)")
      #expect(alone.errors.contains("terminal"), "\(alone.said)")
      #expect(terminal.programs.isEmpty)
    }
  }
}
