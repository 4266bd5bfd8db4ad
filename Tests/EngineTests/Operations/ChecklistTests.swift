import Engine
import Foundation
import MailModel
import Storage
import Testing

/// The morning checklist: ticks, notes and probes that survive a restart.
@Suite struct ChecklistTests {
  static let yaml = """
    id: morning
    title: Morning
    steps:
      - {id: stop, title: Stop, instruction: Look., probe: emergency-stop, source: "Runbook 1"}
      - {id: queue, title: Queue, instruction: Look., probe: queue-health}
      - {id: coffee, title: Coffee, instruction: Drink., probe: none}
    """
  static let evening = """
    id: evening
    title: Evening
    steps:
      - {id: stop, title: Stop, instruction: Look., probe: emergency-stop}
    """

  private func place(clock: any Clock = SystemClock()) throws -> TestWorkspace {
    try TestWorkspace(
      clock: clock, checklists: ["morning.yaml": ChecklistTests.yaml, "evening.yaml": ChecklistTests.evening])
  }

  private func run(_ place: TestWorkspace, _ checklist: String = "morning") throws -> ChecklistRun {
    try #require(try place.store.read { try $0.checklists.current(checklist, dayStart: Timestamp(seconds: 0)) })
  }

  private func step(_ run: ChecklistRun, _ name: String) -> OperationRequest {
    OperationRequest(targets: [.init(id: "\(run.id)/\(name)")])
  }

  @Test func `what is done is named, the note is in the audit log, and the next day knows of the day before`() throws {
    let clock = ManualClock()
    let place = try place(clock: clock)
    let runner = place.operations(.operator)
    _ = try runner.perform("checklist.start", OperationRequest())
    let first = try run(place)
    #expect(try runner.perform("checklist.tick", step(first, "stop")).summary == "'Stop' ticked")
    #expect(try runner.perform("checklist.tick", step(first, "stop")).summary == "'Stop' taken back")
    _ = try runner.perform("checklist.tick", step(first, "queue"))
    var note = step(first, "queue")
    note.arguments["text"] = "Ana looks at the backlog"
    #expect(try runner.perform("checklist.note", note).summary == "'Queue' noted")
    #expect(try place.audit("checklist.note").first?.details.contains("Ana looks at the backlog") == true)
    #expect(try place.open.checklistToday()?.previous == nil)
    clock.advance(.days(1))
    let next = try #require(try place.open.checklistToday())
    #expect(next.run == nil && next.previous?.id == first.id && next.previous?.completedAt == nil)
    _ = try runner.perform("checklist.start", OperationRequest())
    let earlier = try #require(try place.open.checklistToday()?.earlier("queue"))
    #expect(earlier.isTicked && earlier.note == "Ana looks at the backlog")
  }

  @Test func `start probes, ticks toggle, notes stay, all ticked completes, and a restart changes nothing`() throws {
    let place = try place()
    let runner = place.operations(.operator)
    _ = try runner.perform("checklist.start", OperationRequest())
    #expect(throws: OperationRefusal.self) { try runner.perform("checklist.start", OperationRequest()) }
    let started = try run(place)
    #expect(started.steps.map(\.step) == ["stop", "queue", "coffee"])
    #expect(started.steps.map { $0.probe?.verdict } == [.ok, .ok, .unknown])
    #expect(started.steps[0].probe?.value.hasPrefix("sending allowed") == true)
    _ = try runner.perform("checklist.tick", step(started, "stop"))
    var note = step(started, "queue")
    note.arguments["text"] = "12 waiting, fine"
    _ = try runner.perform("checklist.note", note)
    let second = try TestWorkspace.open(place.folder)
    let again = try #require(
      try second.store.read { try $0.checklists.current("morning", dayStart: Timestamp(seconds: 0)) })
    #expect(again == (try run(place)))
    #expect(again.steps[0].isTicked && again.steps[0].tickedBy == "tess" && again.steps[0].tickedAt != nil)
    #expect(again.steps[1].note == "12 waiting, fine")
    second.close()
    _ = try runner.perform("checklist.tick", step(started, "stop"))
    #expect(try run(place).steps[0].isTicked == false)
    #expect(try run(place).steps[0].tickedBy == nil)
    for name in ["stop", "queue", "coffee"] { _ = try runner.perform("checklist.tick", step(started, name)) }
    #expect(try run(place).completedAt != nil)
    _ = try runner.perform("checklist.tick", step(started, "coffee"))
    #expect(try run(place).completedAt == nil)
    #expect(try place.audit("checklist.tick").count == 6)
  }

  @Test func `a probe is taken anew and shows the stop`() throws {
    let place = try place()
    let runner = place.operations(.operator)
    _ = try runner.perform("checklist.start", OperationRequest())
    place.open.stop.trip(by: TestWorkspace.person(.operator), reason: "smoke")
    #expect(place.open.stop.waitUntilDurable(timeout: .seconds(60)))
    #expect(try run(place).steps[0].probe?.verdict == .ok)
    _ = try runner.perform("checklist.probe", step(try run(place), "stop"))
    #expect(try run(place).steps[0].probe?.verdict == .critical)
  }

  @Test func `the probe of the alerts finds those of the header`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(
      clock: clock,
      checklists: [
        "morning.yaml": """
        id: morning
        title: Morning
        steps: [{id: alerts, title: Alerts, instruction: Look., probe: alerts}]
        """
      ])
    let runner = place.operations(.operator)
    for _ in 0..<2 {
      try place.store.write {
        try $0.mailboxes.noteScan("reports@test/INBOX", at: clock.now(), fetched: 0, error: "login refused")
      }
      clock.advance(.minutes(30))
    }
    _ = try runner.perform("checklist.start", OperationRequest())
    #expect(try run(place).steps[0].probe?.value == "1: 1 mailbox unread")
  }

  @Test func `a step that changed since it was drawn is refused`() throws {
    let place = try place()
    let runner = place.operations(.operator)
    _ = try runner.perform("checklist.start", OperationRequest())
    let drawn = try run(place)
    let target = OperationRequest.Target(id: "\(drawn.id)/stop", version: drawn.steps[0].version)
    _ = try runner.perform("checklist.tick", OperationRequest(targets: [target]))
    #expect(throws: OperationRefusal.self) {
      try runner.perform("checklist.tick", OperationRequest(targets: [target]))
    }
    #expect(try run(place).steps[0].isTicked)
  }

  @Test func `two checklists with a step of the same name are told apart`() throws {
    let place = try place()
    let runner = place.operations(.operator)
    _ = try runner.perform("checklist.start", OperationRequest())
    _ = try runner.perform("checklist.start", OperationRequest(arguments: ["checklist": "evening"]))
    _ = try runner.perform("checklist.tick", step(try run(place, "morning"), "stop"))
    #expect(try run(place, "morning").steps[0].isTicked)
    #expect(try run(place, "evening").steps[0].isTicked == false)
    _ = try runner.perform("checklist.tick", step(try run(place, "evening"), "stop"))
    #expect(try run(place, "evening").completedAt != nil)
  }

  @Test func `steps change only on the day of their run`() throws {
    let clock = ManualClock()
    let place = try place(clock: clock)
    let runner = place.operations(.operator)
    _ = try runner.perform("checklist.start", OperationRequest())
    let yesterday = try run(place)
    clock.advance(.days(1))
    #expect(throws: OperationRefusal.self) { try runner.perform("checklist.tick", step(yesterday, "stop")) }
    _ = try runner.perform("checklist.start", OperationRequest())
    #expect(try run(place).id != yesterday.id)
  }

  @Test(arguments: [
    "id: a\ntitle: b\n", "id: a\ntitle: b\nsteps: []\n", "steps: [", "",
    "id: a\ntitle: b\nsteps: [{id: x, title: t, instruction: i, probe: none}, {id: x, title: t, instruction: i, probe: none}]",
    "id: a\ntitle: b\nsteps: [{id: x, title: t, instruction: i, probe: no-such-probe}]",
  ])
  func `a checklist that cannot be used names its file`(yaml: String) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml")
    defer { _ = unlink(file.path) }
    try Data(yaml.utf8).write(to: file)
    #expect { try ChecklistDefinition.read(from: file) } throws: { error in
      (error as? ConfigurationError)?.place.file == file.path
    }
  }

  @Test func `the shipped checklist can be read, and every probe of it measures something`() throws {
    let definition = try ChecklistDefinition.read(
      from: TestWorkspace.repository.appending(path: "data/checklists/morning.yaml"))
    #expect(definition.id == "morning")
    #expect(definition.steps.count >= 8)
    #expect(definition.steps.allSatisfy { !$0.instruction.isEmpty && $0.source != nil })
    let place = try TestWorkspace()
    _ = try place.operations(.operator).perform("checklist.start", OperationRequest())
    for step in try run(place).steps { #expect(step.probe?.value.isEmpty == false) }
  }

  @Test func `the step about the relay says what the header says, and that about alerts knows of the latch file`()
    throws
  {
    let place = try TestWorkspace(
      settings: ["FALLBACK_SMTP_HOST": "localhost", "FALLBACK_SMTP_PORT": "2526", "FALLBACK_SMTP_TLS": "none"],
      checklists: [
        "morning.yaml": """
        id: morning
        title: Morning
        steps:
          - {id: relay, title: Relay, instruction: Look., probe: relay}
          - {id: alerts, title: Alerts, instruction: Look., probe: alerts}
        """
      ])
    let runner = place.open.operations
    _ = try runner.perform("checklist.start", OperationRequest())
    func probe(_ name: String) throws -> ProbeReading? {
      _ = try runner.perform("checklist.probe", step(try run(place), name))
      return try run(place).steps.first { $0.step == name }?.probe
    }
    let untried = try #require(try probe("relay"))
    #expect(untried.verdict == .unknown)
    #expect(untried.value == "localhost:2525 was not tried lately, nothing accepted yet; 'postroom check' tries it")
    func pause(_ relay: String) throws {
      _ = try runner.perform(
        "pause.add", OperationRequest(arguments: ["scope": "relay:\(relay)", "reason": "their maintenance"]))
    }
    try pause("localhost:2525")
    #expect(
      try probe("relay")?.value == "mail goes over localhost:2526; localhost:2525 paused by tess: their maintenance")
    try pause("localhost:2526")
    #expect(try probe("relay")?.verdict == .critical)
    #expect(try probe("alerts")?.verdict == .ok)
    try place.open.stop.latch.create(by: TestWorkspace.person(.lead), reason: "", at: nil)
    #expect(try probe("alerts")?.value == "1: Emergency stop latched")
  }
}
