import Foundation
import GRDB
import MailModel
import Sandbox
import TestSupport
import Testing

extension Stories {
  @Suite struct EndToEnd {
    private static let complainer = "outreach@story.invalid"

    @Test func `from enqueue over bounces and complaints to a lifted restriction`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      sandbox.configure { $0.reportDelay = .milliseconds(50) ... .milliseconds(200) }
      let workspace = try StoryWorkspace(over: sandbox)
      try workspace.enqueue(mails())
      #expect(try workspace.status().queue["queued"] == 200)
      try workspace.run("engine", "--until-idle")
      #expect(sandbox.record.acceptedCount == 200)
      #expect(TestEnvironment.wait { sandbox.record.reportsUnderway == 0 })
      try workspace.run("bounces-scan", "--json")
      #expect(try workspace.states() == ["sent": 200])
      try expectBounces(workspace)
      try expectRestriction(workspace, sandbox)
      try workspace.expectSound()
    }

    /// 200 mails of three accounts: 187 plain, 8 that bounce, 5 that bring complaints against one account.
    private func mails() -> [Mail] {
      Mail.many(100, named: "news") + Mail.many(87, "ok.5", named: "events", from: "events@story.invalid")
        + Mail.many(8, "bounce-5.1.1", named: "gone", from: "events@story.invalid")
        + Mail.many(5, "complain", named: "angry", from: Self.complainer)
    }

    private func expectBounces(_ workspace: StoryWorkspace) throws {
      #expect(try workspace.count("bounce WHERE bounce_class = 'hard' AND correlation = 'token'") == 8)
      #expect(try workspace.count("suppression WHERE address LIKE 'bounce-5.1.1.%'") == 8)
      #expect(try workspace.count("recipient WHERE is_active = 0 AND address LIKE 'bounce-5.1.1.%'") == 8)
      // What is suppressed is not sent again.
      try workspace.enqueue([Mail("again", to: "bounce-5.1.1.3@demo.invalid")])
      #expect(try workspace.states() == ["sent": 200, "suppressed": 1])
    }

    private func expectRestriction(_ workspace: StoryWorkspace, _ sandbox: Sandbox) throws {
      #expect(try workspace.count("complaint WHERE correlation = 'token'") == 5)
      #expect(try standing(workspace) == "restricted")
      try workspace.enqueue(Mail.many(7, "ok.9", named: "late", from: Self.complainer))
      #expect(try workspace.states()["held"] == 7)
      try workspace.run("engine", "--until-idle")
      #expect(sandbox.record.acceptedCount == 200)
      // Thirty days have not passed: with break-glass one person may lift it all the same.
      try workspace.run(
        "do", "account.lift", Self.complainer, "--reason", "the campaign was cancelled", "--break-glass", "--yes")
      #expect(try standing(workspace) == "good")
      #expect(try workspace.states()["queued"] == 7)
      try workspace.run("engine", "--until-idle")
      #expect(sandbox.record.acceptedCount == 207)
      #expect(try workspace.states() == ["sent": 207, "suppressed": 1])
      #expect(sandbox.record.doubledMessageIDs.isEmpty)
    }

    private func standing(_ workspace: StoryWorkspace) throws -> String? {
      try workspace.sql { db in
        try String.fetchOne(db, sql: "SELECT standing FROM account WHERE address = ?", arguments: [Self.complainer])
      }
    }
  }
}
