import Engine
import MailModel
import Storage
import TerminalUI
import Testing

@testable import Console

/// The case on screen: what was told, who has it, and the way back.
@Suite struct CasePaneTests {
  /// A notice about the shop that did not reach it.
  private func failed() throws -> (SampleWorkspace, Int64) {
    let workspace = try SampleWorkspace.morning()
    return (workspace, try CasePaneTests.notice(in: workspace))
  }

  static func notice(in workspace: SampleWorkspace) throws -> Int64 {
    let now = workspace.clock.now()
    return try workspace.store.write { transaction in
      let account = try #require(try transaction.accounts.get(address: SampleWorkspace.shop))
      let draft = Notices.Draft(
        kind: "restriction", channel: .webhook, target: "https://hooks.example", account: account.id, caseID: 2,
        subject: "restricted", body: "{}")
      let notice = try transaction.notices.insert(draft, by: "postroom", now: now)
      _ = try transaction.notices.settle(
        notice, state: .failed, lastError: "HTTP 410: gone\u{1B}[2J", nextAttemptAt: now, countsAttempt: true, now: now)
      return notice.id
    }
  }

  @Test func aNoticeThatFailedStandsOnTopOfTheCaseAndIsSentAgainThere() throws {
    let (workspace, id) = try failed()
    let screen = try TestScreen(workspace, columns: 120, rows: 40)
    try screen.type("5 Enter j j")
    #expect(screen.text.contains("restriction failed: HTTP 410"))
    #expect(!screen.text.contains("\u{1B}"))
    #expect(screen.text.contains("Notice \(id): restriction"))
    try screen.type("t")
    try screen.eventually("due again") { screen.notice.contains("due again") }
    #expect(try workspace.store.read { try $0.notices.get(id)?.state } == .queued)
  }

  /// Until it got through, what was tried in vain is seen at once, with the reason and the next time.
  @Test func aNoticeThatIsTriedAgainStandsOnTopOfTheCase() throws {
    let (workspace, id) = try failed()
    let now = workspace.clock.now()
    try workspace.store.write { transaction in
      let notice = try #require(try transaction.notices.get(id))
      _ = try transaction.notices.settle(
        notice, state: .queued, lastError: "HTTP 503: busy", nextAttemptAt: now + .minutes(2), countsAttempt: true,
        now: now)
    }
    let screen = try TestScreen(workspace, columns: 120, rows: 40)
    try screen.type("5 Enter j j")
    #expect(screen.text.contains("not told") && screen.text.contains("restriction tried 2x, next "))
    #expect(screen.text.contains("HTTP 503: busy"))
  }

  @Test func whatWasPostedIsReadAsText() throws {
    let (workspace, id) = try failed()
    try workspace.store.write { transaction in
      let notice = try #require(try transaction.notices.get(id))
      let draft = Notices.Draft(
        kind: "lifted", channel: .webhook, target: "https://hooks.example", account: notice.account, caseID: 2,
        subject: "lifted", body: #"{"version":1,"text":"Good day,\n\nyou may send again."}"#)
      _ = try transaction.notices.insert(draft, by: "postroom", now: workspace.clock.now())
    }
    let screen = try TestScreen(workspace, columns: 120, rows: 40)
    try screen.type("5 T")
    #expect(screen.text.contains("you may send again.") && !screen.text.contains("version"))
  }

  @Test func aLongAddressHidesNothingOnTheLineAboveACase() throws {
    let workspace = try SampleWorkspace.morning()
    let address = String(repeating: "long", count: 30) + "@sender.example"
    try workspace.enqueue("reader1@mail.example", from: address, subject: "News")
    let account = try #require(try workspace.store.read { try $0.accounts.get(address: address) })
    let file = try #require(try workspace.open.caseFile(of: account.id))
    let words = CasePane.statusWords(file, ViewContext(now: workspace.clock.now(), glyphs: .unicode)).map(\.text.text)
    #expect(words.first == "good" && words.last == "  \(address)")
  }

  @Test func oneGoesBackFromNoticesToTheCase() throws {
    let screen = try TestScreen(try SampleWorkspace.morning())
    try screen.type("4 a T q")
    #expect(screen.state.active == .abuseCase)
    // Round in a circle the way does not grow.
    try screen.type("T q T q q")
    #expect(screen.state.active == .complaints && !screen.state.hasQuit)
  }

  /// Beside the details the table is narrow; a timeline without time would be none.
  @Test(arguments: [80, 120]) func theTimelineSaysWhen(columns: Int) throws {
    let screen = try TestScreen(try SampleWorkspace.morning(), columns: columns, rows: 40)
    try screen.type("5 Enter")
    let lines = screen.text.split(separator: "\n")
    #expect(lines.contains { $0.contains("What") && $0.contains("When") })
  }

  @Test func withoutACaseThereIsNothingToTick() throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace, columns: 120, rows: 40)
    try screen.type("5 Enter")
    #expect(screen.text.contains("Gather the complaints"))
    _ = try workspace.open.operations.perform(
      "account.dismiss",
      OperationRequest(targets: [.init(id: SampleWorkspace.news)], arguments: ["reason": "an old list"]))
    let other = try TestScreen(workspace, columns: 120, rows: 40)
    try other.type("5 j Enter")
    #expect(other.text.contains("no case is open (c opens one)") && !other.text.contains("Gather the complaints"))
  }

  @Test func allNoticesAreATableOfTheirOwn() throws {
    let (workspace, id) = try failed()
    let screen = try TestScreen(workspace, columns: 120, rows: 40)
    try screen.type("5 T")
    #expect(screen.text.contains("5 Notices 1"))
    #expect(screen.text.contains("HTTP 410"))
    try screen.type("/")
    try screen.write("notice:sent")
    try screen.type("Enter")
    #expect(screen.text.contains("Nothing fits the filter"))
    try screen.type("Esc t")
    try screen.eventually("due again") { screen.notice.contains("due again") }
    #expect(try workspace.store.read { try $0.notices.get(id)?.state } == .queued)
    try screen.type("a")
    #expect(screen.state.active == .abuseCase && screen.text.contains("shop@sender.example"))
    try screen.type("q")
    #expect(screen.state.active == .notices)
  }

  @Test func oneGoesBackToWhereTheCaseWasOpened() throws {
    let screen = try TestScreen(try SampleWorkspace.morning())
    try screen.type("4 a")
    #expect(screen.state.active == .abuseCase)
    try screen.type("Enter q q")
    #expect(screen.state.active == .complaints && !screen.state.hasQuit)
    try screen.type("5 Enter q")
    #expect(screen.state.active == .accounts && !screen.state.hasQuit)
  }

  @Test func anEarlierCaseTellsWhatHappenedInIt() throws {
    let workspace = try SampleWorkspace.morning()
    _ = try workspace.open.operations.perform(
      "account.dismiss",
      OperationRequest(targets: [.init(id: SampleWorkspace.news)], arguments: ["reason": "an old list"]))
    let screen = try TestScreen(workspace, columns: 120, rows: 40)
    try screen.type("5 j Enter")
    #expect(screen.text.contains("news@sender.example"))
    #expect(screen.notice.isEmpty)
    try screen.type("a")
    #expect(screen.notice == "no step of a case here")
    try screen.type("G")
    #expect(screen.text.contains("closed: an old list"))
  }

  @Test func thePassOverAllRestrictionsGoesFromOneToTheNext() throws {
    let workspace = try SampleWorkspace.morning()
    _ = try workspace.open.operations.perform(
      "account.restrict",
      OperationRequest(targets: [.init(id: SampleWorkspace.news)], arguments: ["reason": "an old list"]))
    let screen = try TestScreen(workspace, columns: 120, rows: 40)
    try screen.type("5 M")
    try screen.eventually("the pass has begun") {
      (try? workspace.store.read { try $0.restrictionAudits.current() }) != nil
    }
    try screen.type("m")
    try screen.eventually("the first") { screen.text.contains("audit 0/2") }
    let first = try #require(screen.state.caseAccount)
    try screen.type("p")
    try screen.eventually("kept") { screen.text.contains("audit 1/2") }
    try screen.type("m")
    try screen.eventually("the second") {
      screen.state.caseAccount != first && screen.state.current.caseFile?.account.id == screen.state.caseAccount
    }
    try screen.type("E")
    try screen.write("not yet")
    try screen.type("Enter Enter")
    try screen.eventually("extended") { screen.notice.contains("extended") }
    try screen.type("m")
    try screen.eventually("the end") { screen.notice.contains("every one is decided about") }
    #expect(try workspace.store.read { try $0.restrictionAudits.current() } == nil)
  }

  @Test func theCaseSaysWhoRestrictedAndWhoHasIt() throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace, columns: 120, rows: 40)
    try screen.type("5 Enter")
    #expect(screen.text.contains("case 2: restricted automatically, L1"))
    #expect(screen.text.contains("With level 1"))
  }
}
