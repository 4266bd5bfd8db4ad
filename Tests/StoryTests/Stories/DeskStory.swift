import Foundation
import GRDB
import MailModel
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// The runbook's procedures about accounts, keystroke by keystroke on the real binary, over a relay and a report mailbox
  /// that answer. `docs/abuse-desk.md` has the same counts.
  @Suite struct Desk {
    private static let loud = "loud@story.invalid"

    /// Keys that were pressed: decisions and movement, and letters of reasons, notes and dates.
    private final class Keyboard {
      let terminal: TerminalSession
      private(set) var keys = 0
      private(set) var letters = 0

      init(_ terminal: TerminalSession) { self.terminal = terminal }

      /// Presses keys, each once the screen shows what the one before has led to.
      func press(_ key: String, until text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try terminal.press(key)
        keys += 1
        #expect(terminal.waitFor(text), "\(key): \(terminal.screen)", sourceLocation: sourceLocation)
      }

      /// Types words and Enter.
      func line(_ words: String, until text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try terminal.line(words)
        letters += words.count
        keys += 1
        #expect(terminal.waitFor(text), "\(words): \(terminal.screen)", sourceLocation: sourceLocation)
      }

      /// What was pressed since the last time.
      func count() -> [Int] {
        defer { (keys, letters) = (0, 0) }
        return [keys, letters]
      }
    }

    @Test func `flag, review, restrict, notice, follow-up, lift, release`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      sandbox.configure { $0.reportDelay = .milliseconds(50) ... .milliseconds(200) }
      // Thirty days do not pass in a story; that they are heeded is tested with a clock that is moved.
      let workspace = try StoryWorkspace(
        over: sandbox, ["NOTICE_FROM": "desk@story.invalid", "LEAST_RESTRICTION_DAYS": "0"])
      let engine = try workspace.start(["engine"])
      try workspace.enqueue(Mail.many(3, "complain", named: "angry", from: Self.loud))
      #expect(workspace.wait { try $0.count("account WHERE standing = 'flagged'") == 1 })
      let terminal = try TerminalSession()
      try terminal.line("clear; \(StoryWorkspace.binary) --workspace \(workspace.path) console")
      #expect(terminal.waitFor("Review overnight alerts"), "\(terminal.screen)")
      let keyboard = Keyboard(terminal)
      try review(keyboard)
      #expect(keyboard.count() == [10, 11])
      try restrict(keyboard)
      #expect(keyboard.count() == [3, 11])
      // The notice goes out through our own queue; what the account had waiting does not.
      try workspace.enqueue(Mail.many(4, named: "next", from: Self.loud))
      #expect(workspace.wait { try $0.states()["held"] == 4 })
      try followUp(keyboard)
      #expect(keyboard.count() == [4, 16])
      try lift(keyboard)
      #expect(keyboard.count() == [8, 22])
      #expect(workspace.wait { try $0.states() == ["sent": 10] }, "\(workspace.summary)")
      #expect(workspace.wait { try $0.count("notice WHERE state = 'sent'") == 3 })
      #expect(sandbox.record.doubledMessageIDs.isEmpty)
      try terminal.press("Q")
      #expect(terminal.waitFor("ready>"), "\(terminal.screen)")
      engine.signal(SIGTERM)
      #expect(engine.wait() == .exited(0), "\(engine.said)")
      try expectRecord(workspace)
      try workspace.expectSound()
    }

    /// Runbook "Reviewing Flagged Account", steps 1 to 4 and 6.
    private func review(_ keyboard: Keyboard) throws {
      try keyboard.press("5", until: "3 of 5")
      try keyboard.press("Enter", until: "case 1: open")
      try keyboard.press("j", until: "Read every complaint")
      try keyboard.press("x", until: "Read the mails that were complained about")
      try keyboard.press("x", until: "Are the complaints legitimate?")
      try keyboard.press("a", until: "Write note, text:")
      try keyboard.line("bought list", until: "Send the educational notice")
      try keyboard.press("a", until: "by email to loud@story.invalid")
      // The table is read again by then, with what was told at its end.
      try keyboard.press("y", until: "[✔]  review       Contact the holder")
      try keyboard.press("G", until: "told         education")
    }

    /// Runbook "Restricting Account", steps 1 to 7: counted, recorded, told and scheduled by one decision.
    private func restrict(_ keyboard: Keyboard) throws {
      try keyboard.press("r", until: "reason:")
      try keyboard.line("bought list", until: "holds 0 waiting messages")
      try keyboard.press("y", until: "Restrict account: loud@story.invalid restricted")
    }

    /// Beside the review in 30 days that the restriction has scheduled: one of one's own. And has the notice arrived?
    private func followUp(_ keyboard: Keyboard) throws {
      try keyboard.press("f", until: "Add follow-up, due:")
      try keyboard.line("3", until: "Add follow-up, text:")
      try keyboard.line("call the holder", until: "Add follow-up: due")
      try keyboard.press("G", until: "told         restriction sent")
    }

    /// Runbook "Lifting Account Restriction", steps 1 to 6, and the mail that was held goes out.
    private func lift(_ keyboard: Keyboard) throws {
      try keyboard.press("/", until: "any text: complaint")
      try keyboard.line("lifting", until: "when the holder can say")
      try keyboard.press("x", until: "when the holder has agreed")
      try keyboard.press("x", until: "Shows which criteria hold")
      try keyboard.press("a", until: "reason:")
      try keyboard.line("spoke with them", until: "Lift restriction, held:")
      try keyboard.press("Enter", until: "releases 4, skips")
      try keyboard.press("y", until: "Lift restriction: loud@story.invalid lifted")
    }

    /// What can be defended a year later.
    private func expectRecord(_ workspace: StoryWorkspace) throws {
      for operation in [
        "policy.flag", "case.tick-step", "case.note", "account.educate", "account.restrict", "follow-up.add",
        "account.lift",
      ] {
        #expect(try workspace.count("audit WHERE operation = ?", [operation]) > 0, "\(operation)")
      }
      #expect(try workspace.count("abuse_case WHERE state = 'watching' AND next_review IS NOT NULL") == 1)
      #expect(try !workspace.run("case", "follow-ups").output.contains(Self.loud), "nothing is due today")
      let later = try workspace.run("case", "follow-ups", "--all", "--json", "--filter", Self.loud).output
      #expect(later.contains(#""isDue":false"#) && later.contains(#""account":"\#(Self.loud)""#), "\(later)")
      let shown = try workspace.run("case", "show", Self.loud).output
      for part in ["educational notice", "restricted, 0 held: bought list", "lifted (all criteria hold; released 4"] {
        #expect(shown.contains(part), "\(part): \(shown)")
      }
    }
  }
}
