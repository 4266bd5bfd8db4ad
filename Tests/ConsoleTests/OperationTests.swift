import Engine
import MailModel
import Storage
import TerminalUI
import Testing

@testable import Console

/// From a key to an audit row.
@Suite struct OperationTests {
  /// The flagged account is the last of two.
  private func askedToRestrict(_ screen: TestScreen) throws {
    try screen.type("5 G r")
    try screen.type("Enter")
    #expect(screen.text.contains("it cannot be empty"), "a reason is required")
    try screen.write("three complaints")
    try screen.type("Enter")
    try screen.eventually("the question is asked") { screen.state.context == "dialog" }
  }

  @Test func restrictWithPreviewThenAuditRow() throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace)
    try askedToRestrict(screen)
    #expect(screen.text.contains("restricts news@sender.example and holds 3 waiting messages"))
    try screen.type("y")
    try screen.eventually("done") { screen.notice.contains("restricted: held 3") }
    let account = try #require(try workspace.store.read { try $0.accounts.get(address: SampleWorkspace.news) })
    #expect(account.standing == .restricted)
    try screen.type("6")
    #expect(screen.text.contains("account.restrict"))
    #expect(
      try workspace.store.read { try $0.audit.page(.init(operation: "account.restrict")).rows.map(\.reason) } == [
        "three complaints"
      ])
  }

  @Test(arguments: ["Enter", "n", "Esc", "r"]) func theSafeAnswerHasTheFocus(_ key: String) throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace)
    try askedToRestrict(screen)
    try screen.type(key)
    let account = try #require(try workspace.store.read { try $0.accounts.get(address: SampleWorkspace.news) })
    #expect(account.standing == .flagged)
  }

  @Test(arguments: ["?", "x"]) func aQuestionSaysWhatItsKeysDo(_ key: String) throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try askedToRestrict(screen)
    try screen.type(key)
    #expect(screen.notice == "y does it, n leaves it, Enter takes the answer in [ ]")
    #expect(screen.text.contains("n leaves it, Enter") && screen.text.contains("No, leave it"))
    #expect(screen.text.contains("? keys") && !screen.text.contains("? help"), "named as what it does")
  }

  @Test func aLongQuestionIsReadBeforeItsWordIsTyped() throws {
    var state = ConsoleState(
      identity: .init(workspace: "w", actor: try SampleWorkspace.morning().open.actor, scanRefusal: "none here"),
      keymap: try TestScreen.keymap(), glyphs: .unicode, size: TerminalSize(columns: 80, rows: 24),
      now: SampleWorkspace.start)
    let again = try #require(Operation.named("uncertain.send-again"))
    let lines = (1...15).map { "message \($0)" }
    _ = update(
      &state, .preview(OperationCall(operation: again, request: .init()), Preview(summary: "15", lines: lines)))
    let styles = try TestScreen.theme("dark").styles(depth: .mono)
    #expect(!view(state, styles: styles).plainText.contains("message 15"))
    for _ in lines { _ = update(&state, .terminal(.key(.named(.down)))) }
    #expect(view(state, styles: styles).plainText.contains("message 15"))
    _ = update(&state, .terminal(.key(.named(.up))))
    #expect(!view(state, styles: styles).plainText.contains("message 15"))
  }

  @Test func theAnswerSaysThatItOnlyAsks() throws {
    let workspace = try SampleWorkspace.morning()
    _ = try workspace.open.operations.perform(
      "account.restrict",
      OperationRequest(targets: [.init(id: SampleWorkspace.news)], arguments: ["reason": "an old list"]))
    let screen = try TestScreen(workspace)
    try screen.type("5 l")
    try screen.write("spoke with them")
    try screen.type("Enter Enter")
    try screen.eventually("asked") { screen.text.contains("needs a second person") }
    #expect(screen.text.contains("Ask for it y") && !screen.text.contains("Lift restriction y"))
    try screen.type("y")
    try screen.eventually("asked for") { screen.notice.contains("waits for a second person") }
    try screen.type("7")
    #expect(screen.text.contains("lifts the restriction of"))
  }

  @Test func theChecklistIsBegunOnceAndCountedWhereverOneLooks() throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace, columns: 120, rows: 40)
    try screen.type("5")
    let other = try workspace.another()
    _ = try other.operations.perform("checklist.start", OperationRequest())
    let run = try #require(try other.checklistToday()?.run)
    _ = try other.operations.perform(
      "checklist.tick", OperationRequest(targets: [.init(id: "\(run.id)/\(run.steps[0].step)")]))
    other.close()
    try screen.type("R")
    #expect(screen.text.contains("1 Checklist 1/4"))
    try screen.type("1 S")
    #expect(screen.notice == "Start the checklist: today's run is under way; finish it first")
  }

  @Test func aKeyThatStartsNeverConfirms() throws {
    var keymap = try TestScreen.file("keymaps.conf")
    keymap = keymap.replacing("r               = :account.restrict", with: "y               = :account.restrict")
    let workspace = try SampleWorkspace.morning()
    let actor = workspace.open.actor
    var state = ConsoleState(
      identity: .init(workspace: "w", actor: actor, scanRefusal: "none here"), keymap: try Keymap(parsing: keymap),
      glyphs: .unicode, size: TerminalSize(columns: 80, rows: 24), now: SampleWorkspace.start)
    let operation = try #require(Operation.named("account.restrict"))
    let call = OperationCall(
      operation: operation, request: .init(targets: [.init(id: "1")], arguments: ["reason": "x"]),
      startKey: .character("y"))
    _ = update(&state, .preview(call, Preview(summary: "restricts")))
    #expect(
      !update(&state, .terminal(.key(.character("y")))).contains { if case .perform = $0 { true } else { false } })
    _ = update(&state, .terminal(.key(.tab)))
    #expect(update(&state, .terminal(.key(.enter))).contains { if case .perform = $0 { true } else { false } })
  }

  @Test func whatIsTypedAfterAnOperationIsWhatItActsOn() throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace)
    try screen.type("2")
    let rows = try workspace.store.read { try $0.messages.page(MessageQuery(states: [.queued], limit: 10)).rows }
    let (first, other) = (try #require(rows.first), try #require(rows.last))
    #expect(first.id != other.id)
    try screen.type(":")
    try screen.write("queue.hold \(other.id) looks odd")
    try screen.type("Enter")
    try screen.eventually("what nobody has seen is shown first") { screen.state.context == "dialog" }
    try screen.type("y")
    func state(_ id: Message.ID) throws -> MessageState? { try workspace.store.read { try $0.messages.get(id)?.state } }
    try screen.eventually("it is held") { (try? state(other.id)) == .held }
    #expect(try state(first.id) == .queued)
    #expect(try workspace.store.read { try $0.audit.page(.init()).rows.first?.reason } == "looks odd")
  }

  @Test func aCommandWithoutWordsRefusesThem() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("5 :")
    try screen.write("case.show somebody@else.example")
    try screen.type("Enter")
    #expect(screen.text.contains(":case.show takes no words"))
    #expect(screen.state.active == .accounts)
  }

  @Test func aMistakeIsToldAtItsOwnPrompt() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    func typed() throws -> Prompt {
      guard case .prompt(let prompt)? = screen.state.overlay else { throw TestScreen.Waited(what: "a prompt") }
      return prompt
    }
    try screen.type(":")
    try screen.write("pause.add nonsense")
    try screen.type("Enter")
    #expect(try typed().hint.hasPrefix("'nonsense' is not a scope") && typed().input.text == "nonsense")
    try screen.type("C-u")
    try screen.write("destination:mail.example")
    try screen.type("Enter")
    #expect(try typed().label == "Pause a scope, reason: ")
    try screen.write("they ask us to wait")
    try screen.type("Enter")
    try screen.write("soon")
    try screen.type("Enter")
    #expect(try typed().hint.hasPrefix("'soon' is not a span"))
    try screen.type("C-u Enter")
    try screen.eventually("the question is asked") { screen.state.context == "dialog" }
    #expect(screen.text.contains("they ask us to wait"))
  }

  @Test(arguments: [
    ("unmatched.match", "message", "twelve", "'twelve' is not the number of a message"),
    ("unmatched.match", "message", "-3", "'-3' is not the number of a message"),
    ("unmatched.remove-rule", "rule", "0", "'0' is not the number of a rule"),
    ("account.extend", "days", "366", "'366' is not a number of days from 1 to 365"),
    ("account.escalate", "level", "two", "'two' is not a level from 1 to 4"),
  ])
  func aNumberThatIsNoneIsToldAtItsPrompt(_ id: String, _ name: String, _ text: String, _ problem: String) throws {
    let argument = try #require(Operation.named(id)?.arguments.first { $0.name == name })
    #expect(argument.problem(text, now: SampleWorkspace.start) == problem)
    #expect(argument.problem(" 4 ", now: SampleWorkspace.start) == nil)
    #expect((argument.problem("", now: SampleWorkspace.start) == nil) != argument.isRequired)
  }

  @Test(arguments: [("", true), ("30", false)])
  func aRecipientIsSuppressedForEverOrForSoManyDays(_ days: String, _ isForEver: Bool) throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace)
    try screen.type(":")
    try screen.write("suppression.add someone@mail.example")
    try screen.type("Enter")
    try screen.write("asked for it")
    try screen.type("Enter")
    #expect(screen.text.contains("left empty: for ever"))
    try screen.write(days)
    try screen.type("Enter")
    try screen.eventually("done") { screen.notice.contains("someone@mail.example suppressed") }
    let entry = try #require(try workspace.store.read { try $0.suppressions.list("someone@mail.example").first })
    #expect((entry.expiresAt == nil) == isForEver)
  }

  @Test func theWordsOfAnArgumentAreCompleted() throws {
    let workspace = try SampleWorkspace.morning()
    _ = try workspace.open.operations.perform(
      "account.restrict",
      OperationRequest(targets: [.init(id: SampleWorkspace.news)], arguments: ["reason": "an old list"]))
    let screen = try TestScreen(workspace)
    func typed() throws -> Prompt {
      guard case .prompt(let prompt)? = screen.state.overlay else { throw TestScreen.Waited(what: "a prompt") }
      return prompt
    }
    try screen.type("5 l")
    try screen.write("spoke with them")
    try screen.type("Tab")
    #expect(try typed().input.text == "spoke with them", "what may be any text stays as it is")
    try screen.type("Enter Tab")
    #expect(try typed().hint == "release  discard  leave" && typed().input.text.isEmpty)
    try screen.write("d")
    try screen.type("Tab")
    #expect(try typed().input.text == "discard" && typed().hint.isEmpty)
    try screen.type("Enter")
    try screen.eventually("asked") { screen.text.contains("held for good") }
    #expect(Completion.complete("reply.classify que", filter: .textOnly).line == "reply.classify question ")
    #expect(Completion.complete("account.lift rel", filter: .textOnly).line == "account.lift rel", "that is its reason")
    for (typed, whole) in [("code", "code:"), ("dest", "destination:"), ("patt", "patterns"), ("unm", "unmatched")] {
      #expect(Completion.complete("filter \(typed)", filter: .bouncePane).line.hasPrefix("filter \(whole)"))
    }
  }

  @Test func refusedForAWatcherWithTheRoleItNeeds() throws {
    let screen = try TestScreen(SampleWorkspace.morning(role: .watcher))
    try screen.type("5 G r")
    #expect(screen.notice == "Restrict account: needs the role reviewer; you are watcher; ask tess (lead)")
    #expect(screen.terminal.bells == 1)
    #expect(screen.state.overlay == nil)
  }

  @Test func aRowThatChangedIsRefused() throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace)
    try askedToRestrict(screen)
    // Another process decides while the question is open.
    let other = try workspace.another()
    let id = try #require(try workspace.store.read { try $0.accounts.get(address: SampleWorkspace.news)?.id })
    _ = try other.operations.perform(
      "account.dismiss", .init(targets: [.init(id: "\(id)")], arguments: ["reason": "spoke with them"]))
    other.close()
    try screen.type("y")
    try screen.eventually("refused") { screen.notice.contains("changed since it was drawn") }
    let account = try #require(try workspace.store.read { try $0.accounts.get(id) })
    #expect(account.standing == .good)
  }

  @Test func whatDoesNotFitTheRowSaysWhy() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("2 G h")
    #expect(screen.notice == "Hold: it is sent")
  }

  @Test func markedRowsAreHeldTogetherAndTheListIsFrozen() throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace)
    try screen.type("2 Space Space")
    #expect(screen.text.contains("2 marked"))
    try workspace.enqueue("fresh@mail.example", from: SampleWorkspace.news, subject: "Late")
    try screen.eventually("newer rows are counted") { screen.text.contains("1 newer") }
    #expect(screen.state.current.rows.count == 32, "the list is frozen while rows are marked")
    try screen.type("h")
    try screen.eventually("held") { screen.notice == "Hold: 2 held" }
    try screen.eventually("thawed") { screen.state.current.rows.count == 33 }
    #expect(try workspace.store.read { try $0.counters.all()["message.held"] } == 4)
  }

  @Test func everythingThatMatchesIsHeldAfterAPreview() throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace)
    try screen.type("2 /")
    try screen.write("state:queued")
    try screen.type("Enter *")
    #expect(screen.text.contains("all that match marked"))
    let waiting = screen.state.current.rows.count
    try screen.type("h")
    try screen.eventually("asked") { screen.text.contains("\(waiting) to be held") }
    try screen.type("y")
    try screen.eventually("held") { screen.notice == "Hold: \(waiting) held" }
    #expect(try workspace.store.read { try $0.counters.all()["message.queued"] } == 0)
    #expect(!screen.text.contains("all that match marked"))
  }

  @Test func whatTakesNoFilterIsRefusedWhileAllThatMatchIsMarked() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("2 *")
    try screen.type(":")
    try screen.write("uncertain.give-up lost")
    try screen.type("Enter")
    #expect(screen.notice.contains("it acts on rows, not on all that match"))
    try screen.type("Esc")
    #expect(!screen.text.contains("all that match marked"))
  }

  @Test func changesOfAnotherProcessAppearWithinHalfASecond() throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace)
    try screen.type("2")
    let other = try workspace.another()
    defer { other.close() }
    _ = try other.operations.perform("queue.hold", .init(targets: [.init(id: "32")]))
    // Half a second on a quiet machine (DESIGN §3); this one may be busy.
    try screen.eventually("seen", within: 20) { screen.text.contains("32  held") }
  }

  @Test func aStepOfTheChecklistLeadsToWhatItCounts() throws {
    let screen = try TestScreen(try SampleWorkspace.morning())
    func go(to step: String) throws {
      try screen.type("1 / C-u")
      try screen.write(step)
      try screen.type("Enter a")
    }
    try go(to: "in doubt")
    #expect(screen.state.active == .queue && screen.state.current.filter.source == "state:uncertain")
    try go(to: "flagged")
    #expect(screen.state.active == .accounts && screen.text.contains("news@sender.example"))
    #expect(!screen.text.contains("shop@sender.example"))
    try go(to: "sending is allowed")
    #expect(screen.notice == "this step has no pane of its own")
  }

  /// Half done at midnight, and taken up by somebody else in the morning.
  @Test func theChecklistTellsWhatTheRunBeforeLeftAndHowOldItsValuesAre() throws {
    let workspace = try SampleWorkspace.morning()
    let evening = try TestScreen(workspace, columns: 120, rows: 40)
    try evening.type("S")
    try evening.eventually("begun") { evening.state.current.checklist?.run != nil }
    #expect(!evening.text.contains("values up to"))
    try evening.type("x")
    try evening.eventually("a tick advances") { evening.state.current.cursor.index == 1 }
    try evening.type("g o")
    try evening.write("Ana waits for the provider")
    try evening.type("Enter")
    try evening.eventually("noted") { evening.text.contains("Ana waits for the provider") }
    workspace.clock.advance(.minutes(50))
    let late = try TestScreen(workspace, columns: 120, rows: 40)
    #expect(late.text.contains("; values up to 50 min old, p takes one anew"))
    workspace.clock.advance(.days(1))
    let morning = try TestScreen(workspace, columns: 120, rows: 40)
    let steps = try #require(morning.state.current.checklist?.definition.steps.count)
    #expect(morning.text.contains("S begins it; that of 11-21"), "\(morning.text)")
    #expect(morning.text.contains("was left at 1 of \(steps)"), "\(morning.text)")
    #expect(morning.text.contains("The time before") && morning.text.contains("Ana waits for the provider"))
    try morning.type("S")
    try morning.eventually("begun") { morning.state.current.checklist?.run != nil }
    #expect(morning.text.contains("Ana waits for the provider"))
  }

  @Test func theChecklistIsBegunTickedNotedAndSurvives() throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace)
    try screen.type("x")
    #expect(screen.notice == "Tick: start the checklist first")
    try screen.type("S")
    try screen.eventually("begun") { screen.state.current.checklist?.run != nil }
    try screen.type("x")
    try screen.eventually("ticked") { screen.state.current.checklist?.run?.steps.first?.isTicked == true }
    #expect(screen.state.current.cursor.index == 1, "a tick advances")
    var moved = screen.state
    let operation = try #require(Operation.named("checklist.tick"))
    let run = try #require(screen.state.current.checklist?.run)
    let ticked = OperationCall(
      operation: operation, request: OperationRequest(targets: [.init(id: "\(run.id)/\(run.steps[0].step)")]))
    _ = update(&moved, .performed(ticked, summary: "ticked", refusals: []))
    #expect(moved.current.cursor.index == 1, "nobody is moved on from another step than the one that was ticked")
    try screen.type("o")
    try screen.write("asked Ana")
    try screen.type("Enter")
    try screen.eventually("noted") { screen.state.current.checklist?.run?.steps[1].note == "asked Ana" }
    let again = try TestScreen(workspace)
    #expect(again.text.contains("[✔]"))
    #expect(again.state.current.checklist?.run?.steps[1].note == "asked Ana")
  }
}
