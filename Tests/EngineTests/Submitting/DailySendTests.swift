import Engine
import Foundation
import MailFormats
import MailModel
import Storage
import Testing

/// Roster × template (fault 19 for names).
@Suite struct DailySendTests {
  private let template = TestWorkspace.repository.appending(path: "data/templates/daily.eml.mustache")

  private func roster(_ text: String) throws -> Roster {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).csv")
    defer { _ = unlink(file.path) }
    try Data(text.utf8).write(to: file)
    return try Roster(path: file.path)
  }

  private func plan(_ place: TestWorkspace, _ text: String) throws -> DailySend.Plan {
    let send = try DailySend(
      templatePath: template.path, fromAddress: "daily@sender.invalid", clock: place.open.clock)
    return try send.plan(try roster(text), store: place.store)
  }

  @Test func `every line that cannot be used is told by its number, the others go`() throws {
    let place = try TestWorkspace()
    try place.store.write {
      _ = try $0.suppressions.add(
        "gone@there.invalid", reason: "hard bounce", source: "test", now: place.open.clock.now())
    }
    let plan = try plan(
      place,
      #"""
      email,name,account,consent
      a@there.invalid,Ann,,double-opt-in
      not an address,Bob,,contract
      a@there.invalid,Ann again,,contract
      no@there.invalid,No,,no
      none@there.invalid,None,,
      gone@there.invalid,Gone,,contract
      spaces@there.invalid,Space,, NO
      odd@there.invalid,Odd,no account,contract
      b@there.invalid,"Bo, ""B""",news@sender.invalid,contract
      """#)
    #expect(plan.drafts.map(\.row.address.description) == ["a@there.invalid", "b@there.invalid"])
    #expect(plan.drafts.map(\.account) == ["daily@sender.invalid", "news@sender.invalid"])
    let lines = plan.skipped.compactMap { $0.split(separator: ":").first.map(String.init) }
    #expect(lines.sorted() == ["line 3", "line 4", "line 5", "line 6", "line 7", "line 8", "line 9"])
    #expect(plan.skipped.contains { $0.contains("no consent") })
    #expect(plan.skipped.contains { $0.contains("suppressed: hard bounce") })
    #expect(plan.skipped.contains("line 3: 'not an address' is no address: the address contains a space"))
    #expect(plan.skipped.contains { $0.hasPrefix("line 9: odd@there.invalid: the account 'no account' is no address") })
    #expect(plan.refused == 2, "who may not get it, or is named twice, is no mistake")
  }

  @Test(arguments: [
    "email,name\na@there.invalid,Ann\n", "\u{FEFF}email;name\r\na@there.invalid;Ann\r\n",
    "name\temail\nAnn\ta@there.invalid", "email, name\n a@there.invalid , Ann \n",
    "\"email\",\"name\"\n\n\"a@there.invalid\",Ann,more\n\n",
  ])
  func `rosters are read as spreadsheets write them`(text: String) throws {
    let roster = try roster(text)
    #expect(roster.rows.map(\.address.description) == ["a@there.invalid"])
    #expect(roster.rows.map(\.name) == ["Ann"])
    #expect(roster.problems.isEmpty && roster.mistakes == 0)
  }

  @Test func `a line keeps its number below fields of several lines, and an open quote costs no line but its own`()
    throws
  {
    let roster = try roster(
      "email,name\na@there.invalid,\"two\nlines\"\nb@there.invalid,Bob\n,\nc@there.invalid,\"open\n")
    #expect(roster.rows.map(\.line) == [4])
    #expect(
      roster.problems == [
        "line 2: column 'name' goes on over several lines: is a quote missing or one too many?",
        "line 5: column 'email' is empty",
        "line 6: a quote is not closed",
      ])
    #expect(roster.mistakes == 3)
  }

  @Test(arguments: ["", "\n", "name\nAnn\n", "\"email\n"])
  func `without a column 'email' there is no roster`(text: String) {
    let error = #expect(throws: ConfigurationError.self) { try roster(text) }
    #expect(error?.description.contains("has no column 'email'") == true)
  }

  @Test func `columns of ours are found however they are written, the template's are as they stand`() throws {
    let row = try #require(try roster("EMAIL,Name,Consent,Feed_URL\na@there.invalid,Ann,no,x\n").rows.first)
    #expect(row.name == "Ann" && row.fields["consent"] == "no" && row.fields["Feed_URL"] == "x")
  }

  @Test(arguments: [
    ("consent", "", "no consent"), ("consent", " NO ", "no consent (consent: NO)"),
    ("consent", "Opted-out", "no consent (consent: Opted-out)"),
    ("consent", "pending", "no consent (consent: pending)"), ("consent", "-", "no consent (consent: -)"),
    ("Marketing_Opt_In", "false", "no consent (Marketing_Opt_In: false)"),
    ("status", "Inactive", "not in use (status: Inactive)"),
    ("status", "un-subscribed", "not in use (status: un-subscribed)"),
  ])
  func `who gets nothing by the roster's own word`(column: String, said: String, reason: String) throws {
    let place = try TestWorkspace()
    let plan = try plan(place, "email,\(column)\na@there.invalid,\(said)\n")
    #expect(plan.drafts.isEmpty && plan.refused == 0)
    #expect(plan.skipped == ["line 2: a@there.invalid: \(reason)"])
  }

  @Test(arguments: [
    ("consent", "contract"), ("consent", "2026-01-31"), ("consent", "no-code form"), ("marketing_opt_in", "true"),
    ("status", ""), ("status", "active"), ("status", "none"), ("status", "pending"), ("standing", "inactive"),
  ])
  func `whatever else a roster says is no refusal`(column: String, said: String) throws {
    let place = try TestWorkspace()
    let plan = try plan(place, "email,\(column)\na@there.invalid,\(said)\n")
    #expect(plan.drafts.count == 1 && plan.skipped.isEmpty)
  }

  @Test func `a no on any line of an address counts`() throws {
    let place = try TestWorkspace()
    let plan = try plan(
      place, "email,consent\na@there.invalid,form\nA@there.invalid,withdrawn\na@there.invalid,form\n")
    #expect(plan.drafts.isEmpty)
    #expect(plan.skipped.last == "line 2: a@there.invalid: no consent (consent: withdrawn) on line 3")
  }

  @Test func `without a sender it says where one is to be named`() throws {
    let place = try TestWorkspace()
    let roster = place.folder.appending(path: "roster.csv")
    try Data("email\na@there.invalid\n".utf8).write(to: roster)
    let template = place.folder.appending(path: "daily.eml.mustache")
    try Data("Subject: x\n\nhi\n".utf8).write(to: template)
    let daily = try DailySend(templatePath: template.path, fromAddress: "", clock: place.open.clock)
    let plan = try daily.plan(try Roster(path: roster.path), store: place.store)
    #expect(plan.refused == 1 && plan.skipped[0].contains("names no account, and FROM_ADDRESS is not set"))
  }

  @Test(arguments: [
    "\"Eve\r\nBcc: x@y.invalid\"", "\"Eve\nSubject: x\"", "Eve\u{0}", "Eve\u{1B}[31m", "\"Eve\r\"",
  ])
  func `fault 19: a name cannot add a header line`(name: String) throws {
    let place = try TestWorkspace()
    let plan = try plan(place, "email,name\neve@there.invalid,\(name)\n")
    #expect(plan.drafts.isEmpty)
    #expect(!plan.skipped.isEmpty)
  }

  @Test(arguments: ["Eve <x@y.invalid>, Bob", "\"\"\"Eve\"\"\"", "Ева", "=?utf-8?q?Eve?=", "{{{email}}}", "a@b, c@d"])
  func `whatever a name is, there is one recipient`(name: String) throws {
    let place = try TestWorkspace()
    let quoted = name.hasPrefix("\"") ? name : "\"\(name)\""
    let plan = try plan(place, "email,name\neve@there.invalid,\(quoted)\n")
    let raw = try #require(plan.drafts.first).raw
    let submissions = try place.submitter.prepare(Submitter.Request(source: "daily", raw: raw))
    #expect(submissions.map(\.recipient) == ["eve@there.invalid"])
  }

  @Test func `started again on the same day it sends nothing twice, even when the template changed`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    let send = try DailySend(templatePath: template.path, fromAddress: "daily@sender.invalid", clock: clock)
    let start = { (text: String) in
      let plan = try send.plan(try self.roster(text), store: place.store)
      return try place.submitter.store(try plan.drafts.flatMap { try place.submitter.prepare(send.request($0)) })
    }
    let first = try start("email,name\na@there.invalid,Ann\nb@there.invalid,Bob\n")
    #expect(first.count { if case .inserted = $0.insertion { true } else { false } } == 2)
    clock.advance(.minutes(1))
    let second = try start("email,name\na@there.invalid,Anna\nb@there.invalid,Bob\nc@there.invalid,Cy\n")
    #expect(second.count { if case .duplicate = $0.insertion { true } else { false } } == 2)
    #expect(try place.count(.queued) == 3)
    clock.advance(.days(1))
    _ = try start("email,name\na@there.invalid,Ann\n")
    #expect(try place.count(.queued) == 4)
  }

  @Test(arguments: ["\u{FEFF}email,name\na@there.invalid,Ann\n", "email,name\r\na@there.invalid,Ann\r\n"])
  func `files as spreadsheets write them`(text: String) throws {
    let roster = try roster(text)
    #expect(roster.rows.map(\.address.description) == ["a@there.invalid"])
    #expect(roster.problems.isEmpty)
    #expect(roster.rows[0].name == "Ann")
  }

  @Test(arguments: ["", "name\nAnn\n", "EMAILS\na@there.invalid\n"])
  func `a file without the column is refused as a whole`(text: String) {
    #expect(throws: ConfigurationError.self) { try roster(text) }
  }

  @Test(arguments: [
    ("Subject: x\n\nhi {{#a}}\n{{/b}}\n", 4, "{{/…}} closes another section"),
    ("Subject: x\nFrom: {{name\n\nhi\n", 2, "it ends within a {{"),
    ("Subject: x\n\nhi\n{{#a}}there", 4, "a section {{#…}} is not closed"),
  ])
  func `a mistake in a template is told in words, with its line`(text: String, line: Int, words: String) throws {
    let place = try TestWorkspace()
    let file = place.folder.appending(path: "daily.eml.mustache")
    try Data(text.utf8).write(to: file)
    let error = try #require(throws: ConfigurationError.self) {
      try DailySend(templatePath: file.path, fromAddress: "", clock: place.open.clock)
    }
    #expect(error.place.line == line && error.problem.contains(words), "\(error)")
  }

  @Test func `what the template names and no column has is told`() throws {
    let place = try TestWorkspace()
    let file = place.folder.appending(path: "daily.eml.mustache")
    let text =
      "Subject: {{{date}}} {{nme}}\n\n{{ name }} {{#city}}in {{city}}{{/city}}{{^vip}}x{{/vip}} {{& feed}} {{nme}}\n"
    try Data(text.utf8).write(to: file)
    let send = try DailySend(templatePath: file.path, fromAddress: "daily@sender.invalid", clock: place.open.clock)
    let plan = try send.plan(try roster("email,name\na@there.invalid,Ann\n"), store: place.store)
    #expect(plan.empty == ["nme", "feed"] && plan.drafts.count == 1)
  }

  @Test func `drafts written for people to look at have harmless names`() throws {
    let place = try TestWorkspace()
    let send = try DailySend(templatePath: template.path, fromAddress: "daily@sender.invalid", clock: place.open.clock)
    let plan = try send.plan(
      try roster("email,name\n/../x@there.invalid,Ann\na@there.invalid,Bob\n"), store: place.store)
    let folder = try send.writeFiles(plan.drafts, to: place.open.workspace.outbox)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names.count == plan.drafts.count && !names.isEmpty)
    #expect(names.allSatisfy { $0.hasSuffix(".eml") && !$0.contains("/") })
    try Data().write(to: folder.appending(path: "notes.eml"))
    _ = try send.writeFiles(Array(plan.drafts.prefix(1)), to: place.open.workspace.outbox)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(left == [names[0], "notes.eml"], "what an earlier run wrote is gone, what is not ours stays")
  }

  @Test func `the shipped template and demonstration roster fit each other`() throws {
    let place = try TestWorkspace()
    let send = try DailySend(templatePath: template.path, fromAddress: "daily@sender.invalid", clock: place.open.clock)
    let roster = try Roster(path: TestWorkspace.repository.appending(path: "data/demo/roster.csv").path)
    let plan = try send.plan(roster, store: place.store)
    #expect(plan.drafts.count > 200)
    #expect(!plan.drafts.contains { String(decoding: $0.raw, as: UTF8.self).contains("{{") })
  }
}
