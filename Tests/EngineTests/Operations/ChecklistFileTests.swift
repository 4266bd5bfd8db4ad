import Engine
import Foundation
import MailModel
import Storage
import Testing

/// A checklist with a mistake in it hurts what needs it, and nothing else.
@Suite struct ChecklistFileTests {
  private static let broken = "id: case\ntitle: Abuse case\nsteps: [\n"
  private static let mended = "id: case\ntitle: Abuse case\nsteps:\n" + step("complaints")
  private static let loud = "loud@sender.invalid"

  private static func step(_ id: String, probe: String = "none") -> String {
    "  - {id: \(id), title: A step, instruction: Look., probe: \(probe)}\n"
  }

  private func write(_ text: String, _ name: String = "case.yaml", to place: TestWorkspace) throws {
    try Data(text.utf8).write(to: place.folder.appending(path: "data/checklists/\(name)"))
  }

  private func problem(_ body: () throws -> Void) throws -> String {
    "\(try #require(throws: ConfigurationError.self) { try body() })"
  }

  @Test func `what needs no checklist works, what needs the broken one says where, and the others stand`() throws {
    let place = try TestWorkspace(checklists: ["case.yaml": Self.broken])
    try place.enqueue(["a@there.invalid"])
    #expect(try place.open.overview().queue[.queued] == 1)
    _ = try place.open.operations.perform(
      "queue.hold", OperationRequest(targets: [.init(id: "1")], arguments: ["reason": "x"]))
    _ = try place.open.operations.perform("checklist.start", OperationRequest())
    #expect(try place.open.checklistToday()?.run != nil)
    let note = OperationRequest(targets: [.init(id: "news@sender.invalid")], arguments: ["text": "x"])
    let said = try problem { _ = try place.open.operations.perform("case.note", note) }
    #expect(said.contains("/data/checklists/case.yaml, line 4: is no YAML") && said.contains("as in the files shipped"))
    try write(Self.mended, to: place)
    // The program that runs takes up the mended file.
    _ = try place.open.operations.perform("case.note", note)
    #expect(try place.open.caseSteps() == ["complaints"])
  }

  @Test func `a program that runs follows what is edited, put in the place of the shipped one, or taken away`() throws {
    let place = try TestWorkspace(checklists: ["case.yaml": Self.mended])
    #expect(try place.open.caseSteps() == ["complaints"])
    try write(Self.mended + Self.step("later"), to: place)
    #expect(try place.open.caseSteps() == ["complaints", "later"])
    try write("id: morning\ntitle: Ours\nsteps:\n" + Self.step("coffee"), "morning.yaml", to: place)
    #expect(try place.open.checklistToday()?.definition.steps.map(\.id) == ["coffee"])
    try FileManager.default.removeItem(at: place.folder.appending(path: "data/checklists/case.yaml"))
    #expect(try place.open.caseSteps().count >= 11)
    try write(Self.broken, to: place)
    #expect(try problem { _ = try place.open.caseSteps() }.contains("case.yaml, line 4"))
    #expect(try place.open.checklist("morning")?.title == "Ours")
  }

  @Test func `a broken morning checklist keeps no case from being opened`() throws {
    let place = try TestWorkspace(checklists: ["morning.yaml": "steps"])
    #expect(try place.open.caseSteps().count >= 11)
    #expect(try problem { _ = try place.open.checklistToday() }.contains("morning.yaml, line 1: "))
    let said = try problem { _ = try place.open.operations.perform("checklist.start", OperationRequest()) }
    #expect(said.contains("morning.yaml, line 1: "))
    #expect(try place.open.checklistProblems().filter { $0.problem != nil }.map(\.file) == ["morning.yaml"])
  }

  @Test func `a file by another name is found by its id, also beside a broken one`() throws {
    let evening = "id: evening\ntitle: Evening\nsteps:\n" + Self.step("lights")
    let place = try TestWorkspace(checklists: ["late.yaml": evening, "broken.yaml": "x: ["])
    #expect(try place.open.checklist("evening")?.steps.map(\.id) == ["lights"])
    #expect(try problem { _ = try place.open.checklist("night") }.contains("broken.yaml"))
  }

  @Test(arguments: [
    (
      "id: case\ntitle: X\nsteps:\n  - {id: a, title: A, instruction: B, probe: none, operatoin: case.note}",
      "line 4: 'operatoin' means nothing here; known are id, title, instruction, probe, source, group, operation in steps 1"
    ),
    (
      "id: case\ntitle: X\nsteps:\n  - {id: a, title: A, instruction: B, probe: none}\n  - {id: b, title: A, probe: none}",
      "case.yaml, line 5: 'instruction' is missing in steps 2; expected id, title and steps"
    ),
    (
      "id: case\ntitle: X\nsteps:\n  - id: a\n    title: A\n    instruction: B\n    probe: relais",
      "case.yaml, line 7: is not of the kind that belongs there in steps 1 probe: 'relais' is no probe; there are emergency-stop, relay"
    ),
    ("id: case\ntitle: X\nsteps: 7", "case.yaml, line 3: is not of the kind that belongs there in steps: "),
    ("id: case\ntitle: X\nsteps: []", "case.yaml: has no steps; expected at least one step"),
  ])
  func `a mistake is told with its line and what belongs there`(text: String, words: String) throws {
    let place = try TestWorkspace(checklists: ["case.yaml": text])
    let said = try problem { _ = try place.open.caseSteps() }
    #expect(said.contains(words) && !said.contains("\n"), "\(said)")
  }

  // MARK: Reports

  /// Three complaints about an account, which flag it, among bounces.
  private func fill(_ mailbox: FakeMailbox, _ place: TestWorkspace) throws {
    let ids = try place.send((0..<6).map { "r.\($0)@there.invalid" }, from: Self.loud)
    for (index, id) in ids.enumerated() {
      let recipient = "r.\(index)@there.invalid"
      mailbox.put(
        try index.isMultiple(of: 2)
          ? place.complaint(about: id, by: recipient) : place.dsn(about: id, [.init(address: recipient)]))
    }
  }

  @Test func `a scan of bounces, or of complaints that open no case, needs no checklist`() throws {
    let place = try TestWorkspace(checklists: ["case.yaml": Self.broken])
    let mailbox = FakeMailbox()
    let ids = try place.send(["gone@there.invalid", "cross@there.invalid"], from: Self.loud)
    mailbox.put(try place.dsn(about: ids[0], [.init(address: "gone@there.invalid")]))
    mailbox.put(try place.complaint(about: ids[1], by: "cross@there.invalid"))
    let summary = try place.scan(mailbox).intake
    #expect(summary.bounces == 1 && summary.complaints == 1 && mailbox.seen == [1, 2])
  }

  @Test func `a complaint that opens a case waits in the store for the checklist; all others are processed`() throws {
    let place = try TestWorkspace(checklists: ["case.yaml": Self.broken])
    let mailbox = FakeMailbox()
    try fill(mailbox, place)
    for _ in 0..<2 {
      let said = try problem { try place.scan(mailbox) }
      #expect(said.contains("case.yaml, line 4: is no YAML") && said.hasSuffix("; 1 report in the store waits for it"))
      #expect(try place.store.read { try $0.mailboxes.lastScan(mailbox.name)?.error } == said)
      #expect(try place.store.read { try $0.reports.unclassified(limit: 9).count } == 1)
      #expect(try place.account(Self.loud).standing == .good)
      for index in [1, 3, 5] { #expect(try place.isSuppressed("r.\(index)@there.invalid")) }
    }
    #expect(mailbox.seen == [1, 2, 3, 4, 5, 6], "all are on record, so all are flagged")
    try write(Self.mended, to: place)
    let summary = try place.scan(mailbox)
    #expect(summary.fetched == 0 && summary.intake.complaints == 1 && summary.intake.flagged == 1)
    #expect(try place.account(Self.loud).standing == .flagged)
    #expect(try place.store.read { try $0.mailboxes.lastScan(mailbox.name)?.error } == nil)
    let account = try place.account(Self.loud).id
    #expect(try place.open.caseFile(of: account)?.steps.map(\.definition.id) == ["complaints"])
  }

  @Test func `a case that is open goes on with a broken checklist, and its file says why it shows no steps`() throws {
    let place = try TestWorkspace(checklists: ["case.yaml": Self.mended + Self.step("restrict") + Self.step("later")])
    let mailbox = FakeMailbox()
    try fill(mailbox, place)
    try place.scan(mailbox)
    try write(Self.broken, to: place)
    let account = try place.account(Self.loud).id
    _ = try place.open.operations.perform(
      "account.restrict", OperationRequest(targets: [.init(id: "\(account)")], arguments: ["reason": "x"]))
    let file = try #require(try place.open.caseFile(of: account))
    #expect(file.account.standing == .restricted && file.steps.isEmpty)
    #expect(file.stepsProblem.contains("case.yaml, line 4: is no YAML"))
    let ticked = try place.open.store.read { try $0.cases.steps(of: file.current?.id ?? 0) }.filter {
      $0.state == .ticked
    }
    #expect(ticked.map(\.step) == ["restrict"])
  }
}
