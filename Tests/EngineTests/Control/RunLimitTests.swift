import Foundation
import MailModel
import MailPolicy
import Storage
import Testing

@testable import Engine

/// `max_emails_per_run` (runbook "Emergency Stop Procedure") and the ladder's gates on screen.
@Suite(.serialized) struct RunLimitTests {
  private func set(_ most: String, _ place: TestWorkspace) throws {
    _ = try place.operations(.operator).perform(
      "run.limit", OperationRequest(arguments: ["most": most, "reason": "carefully"]))
  }

  private func runs(_ place: TestWorkspace) throws -> [EngineRuns.Run] {
    try place.store.read { try $0.runs.living(now: place.open.clock.now()) }
  }

  @Test func `a run sends no more than its limit, says so, and uses up no retries`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue((0..<20).map { "ok.\($0)@there.invalid" })
    try set("7", place)
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 8)
    try engine.start()
    try eventually("the limit is used up") { engine.status.snapshot.usedUpLimit == 7 }
    try engine.wakes(place, 3)
    #expect(relay.dots.count == 7)
    try eventually("the other processes know") { try runs(place).first?.sent == 7 }
    let waiting = try ids.map { try place.message($0) }.filter { $0.state == .queued }
    #expect(waiting.count == 13)
    #expect(waiting.allSatisfy { $0.attemptCount == 0 })
    try set("9", place)
    try eventually("two more go") { relay.dots.count == 9 && engine.status.snapshot.usedUpLimit == 9 }
    try set("0", place)
    try eventually("everything is sent") { try place.count(.sent) == 20 }
    engine.shutDown(patience: .seconds(60))
    #expect(try runs(place).isEmpty)
    #expect(try place.audit("run.limit").map(\.reason) == ["carefully", "carefully", "carefully"])
  }

  @Test func `messages and limits say that the run holds them back, as long as it lives`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue((0..<5).map { "ok.\($0)@there.invalid" })
    let now = place.open.clock.now()
    try place.store.write {
      try $0.runs.note(.init(owner: "engine 1", startedAt: now, seenAt: now, most: 7, sent: 7))
    }
    // A run that is over holds nothing back.
    #expect(try place.open.usedUpRun() == nil)
    #expect(try place.open.runScopes().isEmpty)
    let lock = try EngineLock(path: place.open.workspace.engineLockPath)
    let run = try #require(try place.open.usedUpRun())
    #expect(try place.open.runScopes() == [RunScope(run: run, waiting: 5)])
    #expect(RunWords.obstacle(run) == "limit of the run: 7 of 7 sent: the rest waits for the next run or run.limit")
    let message = try place.message(ids[0])
    #expect(run.holdsBack(message, now: now + .seconds(1)))
    #expect(!run.holdsBack(message, now: message.nextAttemptAt - .seconds(1)))
    _ = try place.operations(.operator).perform(
      "queue.hold", OperationRequest(targets: [.init(id: "\(ids[0])")], arguments: [:]))
    #expect(!run.holdsBack(try place.message(ids[0]), now: now + .seconds(1)))
    withExtendedLifetime(lock) {}
  }

  @Test func `a run whose engine died holds nothing back, one that is idle for long does`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    try place.enqueue(["ok@there.invalid", "next@there.invalid"])
    try place.store.write {
      try $0.runs.note(.init(owner: "dead", startedAt: clock.now(), seenAt: clock.now(), most: 7, sent: 7))
    }
    try set("1", place)
    let engine = place.engine(FakeRelay(), workers: 1)
    try engine.start()
    try eventually("one is sent") { try place.count(.sent) == 1 }
    clock.advance(.seconds(2))
    try eventually("the limit is used up") { try runs(place).contains { $0.sent == 1 } }
    let lock = try EngineLock(path: place.open.workspace.engineLockPath)
    #expect(try place.open.overview().runs.map(\.sent).sorted() == [1, 7])
    for _ in 0..<5 {
      clock.advance(.seconds(20))
      try eventually("it is heard of") { try runs(place).contains { $0.owner != "dead" && $0.seenAt == clock.now() } }
    }
    #expect(try place.open.overview().runs.map(\.sent) == [1])
    #expect(try place.open.usedUpRun()?.most == 1 && place.open.runScopes().count == 1)
    engine.shutDown(patience: .seconds(60))
    withExtendedLifetime(lock) {}
  }

  @Test func `what is refused or put off does not count, what is in doubt does`() throws {
    let place = try TestWorkspace()
    try place.enqueue(
      ["bad@there.invalid", "busy@there.invalid", "lost@there.invalid"] + (0..<5).map { "ok.\($0)@there.invalid" })
    try set("3", place)
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 1)
    try engine.start()
    try eventually("the limit is used up") { engine.status.snapshot.usedUpLimit == 3 }
    engine.shutDown(patience: .seconds(60))
    #expect(try place.count(.sent) == 2)
    #expect(try place.count(.uncertain) == 1)
  }

  @Test(arguments: ["", "-1", "many", "10000001"])
  func `only a number is a limit`(text: String) throws {
    let place = try TestWorkspace()
    #expect(throws: OperationRefusal.self) { try set(text, place) }
    #expect(try place.store.read { try $0.runs.limit() } == nil)
  }

  @Test func `back to the configuration`() throws {
    let place = try TestWorkspace()
    try set("5", place)
    #expect(try place.store.read { try $0.runs.limit()?.most } == 5)
    try set("default", place)
    #expect(try place.store.read { try $0.runs.limit() } == nil)
  }

  @Test func `the rung's gates are on screen with what they measure`() throws {
    let place = try TestWorkspace()
    place.open.stop.trip(by: TestWorkspace.person(.operator), reason: "test")
    #expect(place.open.stop.waitUntilDurable(timeout: .seconds(60)))
    _ = try place.operations(.operator).perform("stop.reset", OperationRequest(arguments: ["reason": "looked"]))
    #expect(try place.open.overview().ladder == nil)
    _ = try place.operations(.operator).perform("stop.resume", OperationRequest())
    try place.store.write { try $0.permit.noteOutcome(accepted: 0, refused: 1, now: place.open.clock.now()) }
    let overview = try place.open.overview()
    let standing = try #require(overview.ladder)
    #expect(
      LadderWords.line(standing) == "rung 1 of 3: 0 of 1 accepted, 1 of 1 bad (limit 5 %), 0 of 3 complaints")
    #expect(LadderWords.awaited(standing, armed: 0) == nil)
    #expect(LadderWords.awaited(standing, armed: 1) == "waits for 1 reply")
    #expect(LadderWords.awaited(standing, armed: 1, span: .milliseconds(900)) == "waits for 1 reply")
    #expect(LadderWords.awaited(standing, armed: 1, span: .seconds(45)) == "has waited 45 s for 1 reply")
    try place.enqueue(["next@there.invalid"])
    let now = place.open.clock.now()
    try place.store.write { transaction in
      let claimed = try transaction.messages.claim(limit: 1, owner: "e", now: now, leaseUntil: now + .minutes(5))
      let leases = claimed.map { Lease(id: $0.id, epoch: $0.epoch) }
      _ = try transaction.messages.arm(
        leases, owner: "e", now: now - .minutes(3), leaseUntil: now + .minutes(5))
    }
    #expect(LadderWords.awaited(try place.open.overview()) == "has waited 3 min for 1 reply")
    var second = standing
    (second.rung, second.target, second.accepted) = (2, 10, 3)
    #expect(LadderWords.awaited(second, armed: 6) == nil, "one more may go out")
    #expect(LadderWords.awaited(second, armed: 7) == "waits for 7 replies")
    second.accepted = 10
    #expect(LadderWords.awaited(second, armed: 0) == nil, "it lasts its time, no reply is missing")
    let gates = LadderWords.gates(standing, waiting: 0, now: overview.takenAt)
    #expect(gates.map(\.name) == ["resume rung", "refused and bounced on it", "complaints on it", "next rung"])
    #expect(gates[1].value == "1 of 1 (100 %)")
    #expect(gates[1].rule.hasSuffix("not judged yet, 19 more definite replies are needed"))
    #expect(gates[3].value == "1 more accepted")
    #expect(gates[3].rule == "then up to 10; only 0 wait in the queue")
    let numbers = Provenance.all(overview).map(\.number)
    #expect(numbers.contains("next rung"))
  }

  @Test func `a rung that lasts is left by time, without a reply`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    try place.enqueue(["ok@there.invalid"])
    place.open.stop.trip(by: TestWorkspace.person(.operator), reason: "test")
    #expect(place.open.stop.waitUntilDurable(timeout: .seconds(60)))
    _ = try place.operations(.operator).perform("stop.reset", OperationRequest(arguments: ["reason": "looked"]))
    _ = try place.operations(.operator).perform("stop.resume", OperationRequest())
    let engine = place.engine(FakeRelay(), workers: 1, ladder: ResumeLadder(leastTime: .minutes(10)))
    try engine.start()
    try eventually("it is sent") { try place.count(.sent) == 1 }
    #expect(try place.permit().rung == 0)
    clock.advance(.minutes(11))
    try eventually("the next rung") { try place.permit().rung == 1 }
    engine.shutDown(patience: .seconds(60))
  }
}
