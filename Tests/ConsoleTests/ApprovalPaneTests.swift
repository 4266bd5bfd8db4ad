import Engine
import MailModel
import Storage
import TerminalUI
import Testing

@testable import Console

/// What waits for a second person, on the screen of that person.
@Suite struct ApprovalPaneTests {
  /// Ben asks for more than one person may; tess sits at the console.
  private func asked(by name: String) throws -> (SampleWorkspace, Int64) {
    let workspace = try SampleWorkspace.morning()
    let id = try workspace.store.write { transaction in
      try transaction.approvals.insert(
        Approvals.Draft(
          operation: "uncertain.give-up",
          request: #"{"arguments":{"reason":"lost"},"targets":[{"id":"27","version":4}]}"#,
          preview: "1 to be given up", why: "a test wants two", reason: "lost"), state: .pending,
        by: Actor(name: name, role: .operator, origin: "desk:2"), now: workspace.clock.now(),
        expiresAt: workspace.clock.now() + .hours(2)
      ).id
    }
    return (workspace, id)
  }

  @Test func countedOnTheTabAndShownWithWhyItNeedsTwo() throws {
    let (workspace, _) = try asked(by: "ben")
    let screen = try TestScreen(workspace, columns: 120, rows: 40)
    #expect(screen.text.contains(#/7 App[a-z]* 1 /#))
    try screen.type("7")
    for part in ["pending", "ben (operator)", "a test wants two", "1 to be given up"] {
      #expect(screen.text.contains(part), "\(part)")
    }
  }

  @Test func rejectedFromTheConsole() throws {
    let (workspace, id) = try asked(by: "ben")
    let screen = try TestScreen(workspace, columns: 120, rows: 40)
    try screen.type("7 r")
    try screen.write("not like this")
    try screen.type("Enter")
    try screen.eventually("rejected") { screen.notice.contains("rejected") }
    let approval = try #require(try workspace.store.read { try $0.approvals.get(id) })
    #expect(approval.state == .rejected && approval.decidedBy == "tess" && approval.decision == "not like this")
  }

  @Test func onesOwnCannotBeApproved() throws {
    let (workspace, id) = try asked(by: "tess")
    let screen = try TestScreen(workspace)
    try screen.type("7 a")
    #expect(screen.notice.contains("somebody else must approve it"))
    #expect(try workspace.store.read { try $0.approvals.get(id)?.state } == .pending)
  }
}
