import Engine
import Foundation
import MailModel
import MailPolicy
import Storage
import TerminalUI
import Testing

@testable import Console

/// Filter, sort, marks, movement, commands.
@Suite struct TableTests {
  @Test func countsInTheHeaderEqualTheStores() throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace, columns: 160, rows: 40)
    for state in MessageState.allCases {
      let rows = try workspace.store.read { try $0.messages.page(.init(states: [state], limit: 1_000)).rows.count }
      #expect(screen.state.overview?.queue[state] == rows, "\(state)")
      if rows > 0 { #expect(screen.text.contains(" \(state.rawValue) \(rows)")) }
    }
  }

  @Test func aKeymapWithAMistakeSaysSoAtTheStart() throws {
    let text = try TestScreen.file("keymaps.conf").replacing(":queue.hold", with: ":queue.hodl")
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace.open, keymap: try Keymap(parsing: text))
    #expect(screen.notice.contains("queue.hodl") && screen.notice.contains("postroom keys check"), "\(screen.notice)")
    try screen.type("j")
    #expect(!screen.notice.contains("queue.hodl"))
    #expect(try TestScreen(workspace.open).notice.isEmpty)
  }

  @Test func aKeymapThatCannotBeReadIsToldAtTheStart() throws {
    let workspace = try SampleWorkspace()
    let session = ConsoleSession(
      terminal: TestTerminal(), open: workspace.open, keymap: try TestScreen.keymap(), theme: .plain, wake: {},
      notice: "The keys are those that are shipped: keymaps.conf:3: 'foo bar' has no '='")
    try session.begin()
    #expect(session.state.notice?.text.contains("keymaps.conf:3") == true)
    session.end()
  }

  @Test func whatTheScreenCallsAKeyFollowsTheKeymap() throws {
    let own = "[*]\n1 = :pane insight\n0 = :pane checklist\nQ = none\nM-q = :quit\nM-p = :pause\n"
    let workspace = try SampleWorkspace.morning()
    let keymap = try TestScreen.keymap().extended(by: try Keymap(parsing: own))
    let screen = try TestScreen(workspace.open, columns: 140, keymap: keymap)
    #expect(screen.text.contains("0 Checklist") && screen.text.contains("1 Insight"), "\(screen.text)")
    try screen.send(.interrupt)
    #expect(screen.notice == "M-q leaves the console")
    try screen.type("M-p")
    #expect(screen.notice.hasSuffix("M-p goes on"))
  }

  @Test func everyCountBesideAPaneSaysWhatItCounts() throws {
    let screen = try TestScreen(SampleWorkspace.morning(), columns: 120, rows: 40)
    let overview = try #require(screen.state.overview)
    let told = screen.state.provenance(overview).filter { $0.number.hasPrefix("beside ") }
    #expect(told.map(\.number).contains("beside Queue") && told.allSatisfy { !$0.source.isEmpty })
    let queue = try #require(told.first { $0.number == "beside Queue" })
    let parts = [MessageState.queued, .leased, .armed, .held, .uncertain].map { overview.queue[$0] ?? 0 }
    #expect(queue.value == "\(parts.reduce(0, +))")
    for id in PaneID.allCases {
      let pane = Panes.of(id)
      let badge = pane.badge(overview, screen.state.panes[id] ?? PaneState(pane))
      #expect(badge.isEmpty || !pane.badgeMeaning.isEmpty, "\(id)")
    }
  }

  @Test func `the queue shows what comes in until a row is chosen`() throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace)
    func enqueue(_ subject: String) throws {
      let count = screen.state.current.rows.count
      try workspace.enqueue("fresh\(count)@mail.example", from: SampleWorkspace.news, subject: subject)
      try screen.eventually("the row is read") { screen.state.current.rows.count == count + 1 }
    }
    try screen.type("2")
    #expect(screen.text.contains("following"))
    try enqueue("First")
    #expect(screen.state.current.cursor.index == 0)
    for (keys, place) in [("j", 2), ("g", 1), ("Enter", 1)] {
      try screen.type("F \(keys)")
      try screen.eventually("the key is taken") { !screen.state.current.isFollowing }
      let row = screen.state.current.row?.id
      try enqueue("After \(keys)")
      #expect(screen.state.current.cursor.index == place, "\(keys)")
      #expect(screen.state.current.row?.id == row && !screen.text.contains("following"))
    }
  }

  @Test(arguments: [
    ("state:held", 2), ("state:held,failed", 4), ("account:shop@sender.example", 14), ("buyer1", 4),
    ("state:sent reader2", 1), ("%", 0), ("'; DROP TABLE message; --", 0),
  ])
  func filter(_ text: String, _ rows: Int) throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("2 /")
    try screen.write(text)
    try screen.type("Enter")
    #expect(screen.state.current.rows.count == rows)
    try screen.type("Esc")
    #expect(screen.state.current.rows.count == 32)
  }

  @Test func aFilterThatMeansNothingSaysWhatItMayMean() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("2 /")
    try screen.write("state:helt")
    try screen.type("Enter")
    #expect(screen.text.contains("helt is none of"))
    #expect(screen.text.contains("C-u empty it"))
    try screen.type("C-u")
    try screen.write("stat:held")
    try screen.type("Enter")
    #expect(screen.text.contains("'stat:held' is no word of this table, and no row contains it"))
  }

  /// A word of another table would otherwise leave this one whole and look like an answer.
  @Test func aWordOfAnotherTableSaysSoAndAFlagOfOneIsText() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("3 /")
    try screen.write("state:held")
    try screen.type("Enter")
    #expect(screen.text.contains("'state' means nothing in this table; expected text, or account:…, by:…"))
    try screen.type("C-g 2 /")
    try screen.write("suppressed")
    try screen.type("Enter")
    #expect(screen.state.current.rows.isEmpty, "no message of the sample says it")
  }

  @Test(arguments: [
    ("account:news@sender.example", 1), ("account:NEWS@sender.example 5.1.1", 1),
    ("account:news@sender.example no such text", 0), ("account:reader3@mail.example", 0), ("code:5.1.1", 2),
    ("code:5.1", 2), ("code:5.1.10", 0), ("code:none", 0), ("kind:bounce", 2), ("kind:delay", 0), ("code:5.%", 0),
    ("destination:mail.example", 2),
    ("destination:ail.example", 0),
    ("destination:mail.example account:news@sender.example code:5 class:hard", 1),
  ])
  func bouncesAreFoundByAccountCodeAndDestination(_ filter: String, _ rows: Int) throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("3 /")
    try screen.write(filter)
    try screen.type("Enter")
    #expect(screen.state.current.rows.count == rows, "\(screen.text)")
  }

  @Test func aFilterIsCompletedAndWhileItSaysNothingTheTableStays() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("2 /")
    try screen.write("sta")
    try screen.type("Tab")
    guard case .prompt(let prompt)? = screen.state.overlay else { throw TestScreen.Waited(what: "a prompt") }
    #expect(prompt.input.text == "state:" && prompt.hint.contains("state:uncertain"))
    #expect(screen.state.current.rows.count == 32, "nothing is asked for yet")
    try screen.write("he")
    try screen.type("Tab Enter")
    #expect(screen.state.current.filter.source == "state:held " && screen.state.current.rows.count == 2)
    try screen.type("/ C-u")
    try screen.write("state:")
    try screen.type("Enter")
    #expect(screen.text.contains("state: says nothing yet; expected queued, leased"))
  }

  @Test func unmatchedShowsReportsThatFitNoMessage() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("3")
    #expect(screen.state.current.rows.count == 2)
    try screen.type(":")
    try screen.write("filter unmatched")
    try screen.type("Enter")
    #expect(screen.state.current.rows.count == 1)
    #expect(screen.state.current.row?.id.hasPrefix("report/") == true)
  }

  /// One pane, four tables: headings that fit another one make numbers without meaning.
  @Test(arguments: [
    ("suppressed", ["Since", "Until", "Stops", "Whose mail", "for ever"]),
    ("patterns by:code", ["Bounces", "Code", "Classes"]),
    ("patterns by:sender", ["Sender"]), ("unmatched", ["Kind", "From", "Subject"]), ("class:hard", ["Status"]),
  ])
  func headingsFitTheTableThatTheFilterChooses(_ filter: String, _ titles: [String]) throws {
    let screen = try TestScreen(SampleWorkspace.morning(), columns: 160, rows: 30)
    try screen.type("3 :")
    try screen.write("filter \(filter)")
    try screen.type("Enter")
    for title in titles { #expect(screen.text.contains(title), "\(title): \(screen.text)") }
    #expect(screen.text.contains("Status ") == (filter == "class:hard"))
    #expect(screen.text.contains("most first") == filter.hasPrefix("patterns"))
  }

  @Test(arguments: [
    ("by:code", "filter code:5.1.1 kind:bounce hours:24"),
    ("by:domain hours:3", "filter destination:mail.example kind:bounce hours:3"),
    ("by:sender", "filter account:news@sender.example kind:bounce hours:24"),
    ("by:reason", "filter user unknown kind:bounce hours:24"),
  ])
  func enterOnAPatternListsItsBouncesAndEscLeadsBack(_ by: String, _ words: String) throws {
    let screen = try TestScreen(SampleWorkspace.morning(), columns: 220, rows: 30)
    try screen.type("3 :")
    try screen.write("filter patterns \(by)")
    try screen.type("Enter")
    #expect(screen.text.contains(words), "\(screen.text)")
    let pattern = try #require(screen.state.current.row?.id)
    try screen.type("Enter")
    #expect("filter \(screen.state.current.filter.source)" == words)
    #expect(screen.state.current.rows.allSatisfy { $0.id.hasPrefix("bounce/") } && !screen.state.current.rows.isEmpty)
    try screen.type("Esc")
    #expect(screen.state.current.filter.source == "patterns \(by)" && screen.state.current.row?.id == pattern)
    try screen.type("Esc")
    #expect(screen.state.current.filter.isEmpty)
  }

  @Test(arguments: [("hours:3", 1), ("hours:48", 2), ("", 1)])
  func enterOnAPatternListsNoneThatItDidNotCount(_ window: String, _ count: Int) throws {
    let workspace = try SampleWorkspace.morning()
    workspace.clock.advance(.hours(30))
    try workspace.bounce("reader4@mail.example", messageID: "<reader4@sender.example>")
    let screen = try TestScreen(workspace, columns: 160, rows: 30)
    try screen.type("3 :")
    try screen.write("filter patterns by:sender \(window)")
    try screen.type("Enter")
    guard case .listed(.pattern(let pattern, _))? = screen.state.current.row else {
      throw TestScreen.Waited(what: "a pattern")
    }
    try screen.type("Enter")
    #expect(pattern.count == count && screen.state.current.rows.count == count, "\(screen.text)")
  }

  @Test(arguments: [80, 100, 120]) func latenciesFitBesideAndBelowTheTable(_ columns: Int) throws {
    let screen = try TestScreen(SampleWorkspace.morning(), columns: columns, rows: 60)
    try screen.type(columns < 100 ? "0 Enter Enter" : "0")
    let lines = screen.text.split(separator: "\n")
    #expect(lines.contains { $0.contains("p50     p95     p99") })
    for stage in LatencyStage.allCases { #expect(lines.contains { $0.contains(stage.title) }, "\(screen.text)") }
    for window in ["last hour  ", "last day  "] {
      let rows = lines.filter { $0.contains(window) }
      #expect(rows.count == LatencyStage.allCases.count)
      #expect(
        rows.allSatisfy { row in row.split(separator: " ").count { $0 == "ms" || $0 == "s" } == 3 }, "\(screen.text)")
    }
  }

  /// A message that was enqueued a blink ago, its first attempt a blink ahead of this screen's moment.
  @Test func whatWasNeverTriedIsNotDeferred() throws {
    let workspace = try SampleWorkspace.morning()
    try workspace.enqueue("fresh@mail.example", from: SampleWorkspace.news, subject: "Late")
    let context = ViewContext(now: workspace.clock.now() - .seconds(1), glyphs: .unicode)
    let newest = try #require(try workspace.store.read { try $0.messages.page(.init(limit: 1)).rows.first })
    #expect(QueuePane().cells(.listed(.message(newest)), context)[1].text.text == "queued")
  }

  @Test func `of an id that is too long for its column the end is shown`() throws {
    let workspace = try SampleWorkspace.morning()
    let context = ViewContext(now: workspace.clock.now(), glyphs: .unicode)
    var message = try #require(try workspace.store.read { try $0.messages.page(.init(limit: 1)).rows.first })
    for (id, text) in [(9_999_999, "9999999"), (28_123_456_789, "…456789")] {
      message.id = Int64(id)
      #expect(QueuePane().cells(.listed(.message(message)), context)[0].text.text == text)
    }
  }

  @Test func thePanesOwnKeysComeFirstInTheHelp() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("2 ?")
    let text = screen.text
    let own = try #require(text.range(of: "Mark as sent"))
    let others = try #require(text.range(of: "Everywhere"))
    #expect(own.lowerBound < others.lowerBound)
  }

  @Test func thePaletteBeginsWithWhatCanBeDone() throws {
    let screen = try TestScreen(SampleWorkspace.morning(), columns: 120, rows: 40)
    try screen.type("5 C-p")
    guard case .palette(let picker)? = screen.state.overlay else { return #expect(Bool(false), "no palette") }
    let enabled = picker.items.map(\.isEnabled)
    #expect(enabled.first == true && enabled.firstIndex(of: false) == enabled.count { $0 })
  }

  @Test func helpThatDoesNotFitBehindThePromptStandsAboveIt() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("6 /")
    #expect(screen.text.contains("operation:account.restrict") && screen.text.contains("or any text"))
    try screen.write("actor:")
    #expect(screen.text.contains("or any text"), "it stays while one types")
  }

  /// A refusal that is cut off says everything but why.
  @Test func aLongMessageIsShownInFull() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type(":")
    try screen.write("pane nowhere")
    try screen.type("Enter")
    #expect(screen.notice.count > 80)
    #expect(screen.text.contains("there is no pane") && screen.text.contains("notices"))
  }

  @Test func sortByRecipientAndTurnRound() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    func first() -> String {
      guard case .listed(.message(let message))? = screen.state.current.rows.first else { return "" }
      return message.recipient
    }
    try screen.type("2 >")
    #expect(first() == "buyer10@mail.example")
    try screen.type("I")
    #expect(first() == "vip2@sender.example")
    try screen.type("<")
    #expect(first() == "early2@mail.example")
  }

  @Test func aRangeIsMarkedAndUndone() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type("2 j v j j v")
    #expect(screen.state.current.marked.count == 3)
    try screen.type("z")
    #expect(screen.state.current.marked.isEmpty)
  }

  @Test func aLongListIsReadInWindowsByKey() throws {
    let workspace = try SampleWorkspace()
    try workspace.enqueue(1...1100, from: SampleWorkspace.news)
    let screen = try TestScreen(workspace)
    try screen.type("2")
    #expect(screen.state.current.rows.count == 200)
    let page = screen.state.layout.tableHeight
    var seen: [RowID] = []
    for _ in 0..<(1100 / page) {
      seen += screen.state.current.row.map { [$0.id] } ?? []
      try screen.type("PgDn")
    }
    #expect(seen == (0..<(1100 / page)).map { "message/\(1100 - $0 * page)" })
    #expect(screen.state.current.rows.count <= 600)
    try screen.type("g")
    #expect(screen.state.current.row?.id == "message/1100")
    try screen.type("G")
    #expect(screen.state.current.row?.id == "message/1")
    var back: [RowID] = []
    for _ in 0..<(1100 / page) {
      back += screen.state.current.row.map { [$0.id] } ?? []
      try screen.type("PgUp")
    }
    #expect(back == (0..<(1100 / page)).map { "message/\(1 + $0 * page)" })
  }

  @Test func theCursorFollowsItsRow() throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace)
    try screen.type("2 j j j")
    let row = screen.state.current.row?.id
    try workspace.enqueue("fresh@mail.example", from: SampleWorkspace.news, subject: "Late")
    try screen.eventually("the new row is read") { screen.state.current.rows.count == 33 }
    #expect(screen.state.current.row?.id == row)
    #expect(screen.state.current.cursor.index == 4)
  }

  @Test func commandsAreCompletedAndRemembered() throws {
    let screen = try TestScreen(SampleWorkspace.morning())
    try screen.type(":")
    try screen.write("pane acc")
    try screen.type("Tab Enter")
    #expect(screen.state.active == .accounts)
    try screen.type(": Up")
    guard case .prompt(let prompt)? = screen.state.overlay else { throw TestScreen.Waited(what: "a prompt") }
    #expect(prompt.input.text == "pane accounts ")
    try screen.type("Esc :")
    try screen.write("nonsense")
    try screen.type("Enter")
    #expect(screen.notice.contains("there is no command 'nonsense'"))
  }

  @Test func theShippedKeymapHasNoIssue() throws {
    #expect(try TestScreen.keymap().issues(against: ConsoleVocabulary.vocabulary).map(\.description) == [])
  }

  @Test(arguments: ["dark", "light", "mono"]) func shippedThemesCanBeRead(_ name: String) throws {
    _ = try TestScreen.theme(name)
  }

  @Test func quitAndHangUp() throws {
    let screen = try TestScreen(SampleWorkspace())
    try screen.type("Q")
    #expect(screen.session.hasQuit)
    let other = try TestScreen(SampleWorkspace())
    let frames = other.terminal.framesDrawn
    other.terminal.send(.hangUp)
    other.turn()
    #expect(other.session.hasQuit)
    #expect(other.terminal.framesDrawn == frames, "nothing is drawn on a terminal that is gone")
  }
}
