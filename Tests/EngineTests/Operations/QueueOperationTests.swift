import Engine
import MailModel
import Storage
import Testing

/// What people do to messages: the queue and doubt.
@Suite struct QueueOperationTests {
  private func request(_ ids: [Message.ID], _ arguments: [String: String] = ["reason": "test"]) -> OperationRequest {
    OperationRequest(targets: ids.map { .init(id: "\($0)") }, arguments: arguments)
  }

  @Test func `hold, release, cancel`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue(["a@there.invalid", "b@there.invalid"])
    let runner = place.operations(.operator)
    #expect(try runner.preview("queue.hold", request(ids)).summary == "2 to be held")
    _ = try runner.perform("queue.hold", request(ids))
    #expect(try place.count(.held) == 2)
    _ = try runner.perform("queue.release", request([ids[0]]))
    _ = try runner.perform("queue.cancel", request([ids[1]]))
    #expect(try place.message(ids[0]).state == .queued)
    #expect(try place.message(ids[1]).state == .cancelled)
    #expect(throws: OperationRefusal.self) { try runner.perform("queue.release", request([ids[1]])) }
    #expect(try runner.preview("queue.release", request(ids)).isEmpty)
  }

  @Test func `releasing goes neither past a restriction nor past a suppression`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue(["a@there.invalid"], from: "one@sender.invalid")
    let other = try place.enqueue(["b@there.invalid"], from: "two@sender.invalid")
    _ = try place.operations(.operator).perform("queue.hold", request(ids + other))
    _ = try place.operations(.reviewer).perform(
      "account.restrict", OperationRequest(targets: [.init(id: "one@sender.invalid")], arguments: ["reason": "test"]))
    _ = try place.operations(.operator).perform(
      "suppression.add", OperationRequest(targets: [.init(id: "b@there.invalid")], arguments: ["reason": "asked"]))
    #expect(throws: OperationRefusal.self) { try place.operations(.lead).perform("queue.release", request(ids)) }
    #expect(try place.message(ids[0]).state == .held)
    #expect(try place.message(other[0]).state == .held)
    _ = try place.operations(.operator).perform("queue.release", request(other))
    #expect(try place.message(other[0]).state == .suppressed)
  }

  @Test func `retry makes a deferred message due`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    let id = try place.send(["later@there.invalid"], ending: .deferArmed)[0]
    let later = clock.now() + .hours(1)
    try place.store.write { transaction in
      let leased = try transaction.messages.claim(limit: 1, owner: "test", now: clock.now(), leaseUntil: later)
      _ = try transaction.messages.finish(
        Lease(id: id, epoch: leased[0].epoch), transition: .deferLeased, reason: "451", now: clock.now(),
        nextAttemptAt: later, countsAttempt: true)
    }
    #expect(try place.message(id).nextAttemptAt == later)
    _ = try place.operations(.operator).perform("queue.retry", request([id]))
    #expect(try place.message(id).nextAttemptAt == clock.now())
    #expect(try place.audit("queue.retry").count == 1)
  }

  @Test(arguments: [
    ("uncertain.mark-sent", MessageState.sent), ("uncertain.give-up", .failed), ("uncertain.send-again", .queued),
  ])
  func `a person settles doubt`(operation: String, state: MessageState) throws {
    let place = try TestWorkspace()
    let id = try place.send(["lost@there.invalid"], ending: .doubt)[0]
    _ = try place.operations(.operator).perform(operation, request([id]))
    #expect(try place.message(id).state == state)
    #expect(try place.message(id).stateReason.contains("by tess: test"))
    #expect(throws: OperationRefusal.self) { try place.operations(.lead).perform(operation, request([id])) }
  }

  @Test func `obligation b: deliveries are at most one and a person's re-sends`() throws {
    let place = try TestWorkspace()
    let id = try place.enqueue(["lost@there.invalid"])[0]
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 2)
    engine.start()
    for round in 1...3 {
      try eventually("uncertain") { try place.message(id).state == .uncertain }
      #expect(relay.dots.count == round)
      if round < 3 { _ = try place.operations(.operator).perform("uncertain.send-again", request([id])) }
    }
    engine.shutDown(patience: .seconds(10))
    #expect(relay.dots.map(\.epoch) == [1, 2, 3])
  }

  @Test func `suppressing what is suppressed is refused and leaves no trace`() throws {
    let place = try TestWorkspace()
    let runner = place.operations(.operator)
    let target = OperationRequest(targets: [.init(id: "A@There.invalid")], arguments: ["reason": "asked"])
    _ = try runner.perform("suppression.add", target)
    #expect(try place.isSuppressed("a@there.invalid"))
    #expect(throws: OperationRefusal.self) { try runner.perform("suppression.add", target) }
    #expect(try place.audit("suppression.add").count == 1)
    _ = try runner.perform("suppression.lift", target)
    #expect(try !place.isSuppressed("a@there.invalid"))
    #expect(try place.store.read { try $0.recipients.get("a@there.invalid")?.isActive } == true)
    #expect(throws: OperationRefusal.self) { try runner.perform("suppression.lift", target) }
  }
}
