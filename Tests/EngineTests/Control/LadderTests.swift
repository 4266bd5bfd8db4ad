import Engine
import Foundation
import MailModel
import MailPolicy
import Storage
import Testing

/// Reset is not resume, and resume climbs 1, 10, 100, open (DESIGN §5).
@Suite(.serialized) struct LadderTests {
  private func reset(_ place: TestWorkspace, resume: Bool = true) throws {
    place.open.stop.trip(by: TestWorkspace.person(.operator), reason: "test")
    #expect(place.open.stop.waitUntilDurable(timeout: .seconds(60)))
    _ = try place.operations(.operator).perform("stop.reset", OperationRequest(arguments: ["reason": "looked into it"]))
    if resume { _ = try place.operations(.operator).perform("stop.resume", OperationRequest()) }
  }

  @Test func `reset needs a role and a reason, gives READY, and nothing is sent`() throws {
    let place = try TestWorkspace()
    let id = try place.enqueue(["ok@there.invalid"])[0]
    let reason = OperationRequest(arguments: ["reason": "looked into it"])
    #expect(throws: OperationRefusal.self) { try place.operations(.lead).perform("stop.reset", reason) }
    // What is open is not taken down to the first rung by a resume.
    #expect(throws: OperationRefusal.notNow("sending is not stopped")) {
      try place.operations(.lead).perform("stop.resume", OperationRequest())
    }
    #expect(try place.permit().state == .open)
    try reset(place, resume: false)
    place.open.stop.trip(by: TestWorkspace.person(.operator), reason: "again")
    #expect(place.open.stop.waitUntilDurable(timeout: .seconds(60)))
    #expect(throws: OperationRefusal.role(needed: .operator, actual: .watcher, operation: "stop.reset")) {
      try place.operations(.watcher).perform("stop.reset", reason)
    }
    for empty in ["", "  "] {
      #expect(throws: OperationRefusal.missingArgument("reason", operation: "stop.reset")) {
        try place.operations(.lead).perform("stop.reset", OperationRequest(arguments: ["reason": empty]))
      }
    }
    #expect(throws: OperationRefusal.self) { try place.operations(.lead).perform("stop.resume", OperationRequest()) }
    _ = try place.operations(.operator).perform("stop.reset", reason)
    #expect(try place.permit().state == .ready)
    #expect(!place.open.stop.latch.isPresent())
    #expect(place.open.stop.isRaised)
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 2, lease: .seconds(1))
    try engine.start()
    try engine.wakes(place, 2)
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.isEmpty)
    #expect(try place.message(id).state == .queued)
    #expect(try place.audit("stop.reset").map(\.reason) == ["looked into it", "looked into it"])
  }

  @Test(arguments: ["", "customer complains"])
  func `a stop that came after the question is not reset by its answer`(reason: String) throws {
    let place = try TestWorkspace()
    let (ann, ben) = (place.operations(.operator), TestWorkspace.person(.watcher))
    place.open.stop.trip(by: TestWorkspace.person(.operator), reason: "first")
    #expect(place.open.stop.waitUntilDurable(timeout: .seconds(60)))
    var request = OperationRequest(arguments: ["reason": "looked into it"])
    request.version = try ann.preview("stop.reset", request).version
    #expect(try request.version == place.permit().generation)
    place.open.stop.trip(by: ben, reason: reason)
    #expect(place.open.stop.waitUntilDurable(timeout: .seconds(60)))
    let refusal = try #require(throws: OperationRefusal.self) { try ann.perform("stop.reset", request) }
    #expect("\(refusal)".hasPrefix("the emergency stop is another one than was shown; tess stopped at "))
    #expect("\(refusal)".hasSuffix(reason.isEmpty ? "no reason given yet" : reason))
    #expect(try place.permit().state == .stopped && place.open.stop.latch.isPresent())
    request.version = try ann.preview("stop.reset", request).version
    try ann.perform("stop.reset", request)
    #expect(try place.permit().state == .ready)
  }

  @Test func `resume climbs 1, 10, 100 and then opens, never more in flight than the rung allows`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue((0..<160).map { "ok.\($0)@there.invalid" })
    try reset(place)
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 16)
    try engine.start()
    try eventually("everything is sent") { try place.count(.sent) == 160 }
    engine.shutDown(patience: .seconds(60))
    #expect(try place.permit().state == .open)
    let climbs = try place.audit("stop.climb").map(\.at)
    let opened = try #require(try place.audit("stop.open").first?.at)
    #expect(climbs.count == 2)
    let attempts = try ids.flatMap { try place.attempts($0) }
    let armedBefore = { (moment: Timestamp) in attempts.count { $0.armedAt.map { $0 < moment } ?? false } }
    #expect(armedBefore(climbs[0]) == 1)
    #expect(armedBefore(climbs[1]) == 11)
    #expect(armedBefore(opened) == 111)
    // On the second rung no more than ten were armed at the same time.
    let onSecond = attempts.filter { ($0.armedAt ?? climbs[1]) < climbs[1] }
    for one in onSecond {
      guard let armed = one.armedAt else { continue }
      let together = onSecond.count { ($0.armedAt ?? armed) <= armed && ($0.repliedAt ?? armed) > armed }
      #expect(together <= 10)
    }
  }

  @Test func `on the first rung one message is in flight, however many connections there are`() throws {
    let place = try TestWorkspace()
    try place.enqueue((0..<50).map { "ok.\($0)@there.invalid" })
    try reset(place)
    let relay = FakeRelay()
    relay.afterDot.close()
    let engine = place.engine(relay, workers: 8, lease: .seconds(2))
    try engine.start()
    try eventually("one dot is out") { relay.afterDot.waiting == 1 }
    try engine.wakes(place, 2)
    #expect(relay.dots.count == 1)
    #expect(try place.count(.armed) == 1)
    relay.afterDot.open()
    try eventually("everything is sent") { try place.count(.sent) == 50 }
    engine.shutDown(patience: .seconds(60))
  }

  @Test func `doubt takes its place on a rung until it is settled`() throws {
    let place = try TestWorkspace()
    try place.enqueue((0..<20).map { "lost.\($0)@there.invalid" })
    try reset(place)
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 4)
    try engine.start()
    try eventually("one is in doubt") { try place.count(.uncertain) == 1 }
    try engine.wakes(place, 3)
    #expect(relay.dots.count == 1)
    let standing = try #require(try place.open.overview().ladder)
    #expect(LadderWords.awaited(standing, armed: 0) == "waits until 1 message in doubt is settled")
    engine.shutDown(patience: .seconds(60))
  }

  @Test func `refusals on a rung latch the stop again, with a reason`() throws {
    let place = try TestWorkspace()
    try place.enqueue((0..<60).map { "spam.\($0)@there.invalid" })
    try reset(place)
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 4)
    try engine.start()
    try eventually("it is stopped") { try place.permit().state == .stopped }
    try eventually("the flag is up") { place.open.stop.isRaised }
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.count == 20)
    let permit = try place.permit()
    #expect(permit.reason.hasPrefix("while resuming: 20 refused"))
    #expect(permit.changedBy == "postroom")
    #expect(try place.audit("stop.trip").last?.reason == permit.reason)
  }

  @Test func `complaints since the resume latch the stop again; those from before it do not`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    let mailbox = FakeMailbox()
    let old = try place.send((0..<4).map { "old.\($0)@there.invalid" }, from: "a@sender.invalid")
    for (index, id) in old.enumerated() {
      mailbox.put(try place.complaint(about: id, by: "old.\(index)@there.invalid"))
    }
    try place.scan(mailbox)
    clock.advance(.seconds(1))
    try reset(place)
    clock.advance(.seconds(1))
    try place.enqueue(["ok.1@there.invalid"])
    let relay = FakeRelay(clock: clock)
    let engine = place.engine(relay, workers: 1)
    try engine.start()
    try eventually("the first rung is passed") { try place.permit().rung == 1 }
    clock.advance(.seconds(1))
    for (index, id) in try place.send((0..<3).map { "new.\($0)@there.invalid" }, from: "b@sender.invalid").enumerated()
    {
      mailbox.put(try place.complaint(about: id, by: "new.\(index)@there.invalid"))
    }
    try place.scan(mailbox)
    try place.enqueue(["ok.2@there.invalid"])
    try eventually("it is stopped") { try place.permit().state == .stopped }
    engine.shutDown(patience: .seconds(60))
    #expect(try place.permit().reason == "while resuming: 3 complaints on rung 2")
  }
}
