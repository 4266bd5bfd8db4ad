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
    let question = try runner.preview("queue.hold", request(ids))
    #expect(question.summary == "2 to be held")
    // Whoever says yes sees to what.
    #expect(question.lines.count == 2 && question.lines[0].hasPrefix("message \(ids[0]) to a@there.invalid: "))
    let many = try place.enqueue((0..<6).map { "many.\($0)@there.invalid" })
    #expect(try runner.preview("queue.hold", request(many)) == Preview(summary: "6 to be held"))
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

  @Test func `what is over stays over, and is enqueued anew as a message of its own, once`() throws {
    let place = try TestWorkspace()
    let sent = try place.send(["sent@there.invalid"])
    let ids = try place.enqueue((0..<4).map { "r\($0)@there.invalid" })
    let runner = place.operations(.operator)
    _ = try runner.perform("queue.cancel", request(ids))
    _ = try runner.perform(
      "suppression.add", OperationRequest(targets: [.init(id: "r3@there.invalid")], arguments: ["reason": "asked"]))
    for operation in ["queue.retry", "queue.hold", "queue.cancel", "queue.release", "queue.reroute"] {
      let relay = operation == "queue.reroute" ? ["relay": "any"] : [:]
      let preview = try runner.preview(operation, request([ids[0]], relay.merging(["reason": "test"]) { $1 }))
      #expect(preview.isEmpty && preview.lines[0].contains("queue.enqueue-anew makes a new message of it"))
    }
    let all = OperationRequest(arguments: ["reason": "too early"], matching: .init("state:cancelled,sent"))
    #expect(
      try runner.preview("queue.enqueue-anew", all).summary == "3 to be enqueued anew, \(1 + sent.count) left alone")
    #expect(try runner.perform("queue.enqueue-anew", all).changed == 3)
    let old = try place.message(ids[0])
    #expect(old.state == .cancelled)
    let new = try #require(try place.store.read { try $0.messages.find(messageID: old.messageID) }.last)
    #expect(new.id != old.id && new.state == .queued && new.source == "anew" && new.recipient == old.recipient)
    #expect(new.stateReason == "message \(old.id) enqueued anew by tess: too early")
    let bodies = try place.store.read { transaction in
      try [old.id, new.id].map { try transaction.messages.body(of: $0) }
    }
    #expect(bodies[0] == bodies[1] && bodies[0]?.isEmpty == false)
    let again = try runner.preview("queue.enqueue-anew", request([ids[0]]))
    #expect(again.isEmpty && again.lines == ["message \(ids[0]): it was enqueued anew already"])
    #expect(throws: OperationRefusal.self) { try runner.perform("queue.enqueue-anew", all) }
    #expect(throws: OperationRefusal.self) { try runner.perform("queue.enqueue-anew", request([ids[0]])) }
    #expect(try place.count(.queued) == 3)
    #expect(try place.audit("queue.enqueue-anew").count == 1)
  }

  @Test func `a row that changes between the question and the yes is left alone`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue(["a@there.invalid", "b@there.invalid"])
    let runner = place.operations(.operator)
    let asked = try runner.pinned("queue.cancel", request(ids + [999]))
    _ = try runner.perform("queue.hold", request([ids[0]]))
    let effect = try runner.perform("queue.cancel", asked)
    #expect(effect.changed == 1 && effect.refusals.count == 2)
    #expect(effect.refusals[0] == "message \(ids[0]) changed since it was drawn and is held now; look again")
    #expect(try place.message(ids[0]).state == .held && place.message(ids[1]).state == .cancelled)
  }

  @Test func `anew is no way around what sending doubt again asks for`() throws {
    let place = try TestWorkspace()
    let ids = try place.send((0..<2).map { "r\($0)@there.invalid" }, ending: .doubt)
    try place.store.write { transaction in
      for id in ids {
        try transaction.attempts.append(
          Attempt(
            id: 0, messageID: id, epoch: 1, relay: "", outcome: "uncertain", stage: .dot, replyCode: nil,
            enhancedStatus: nil, text: "no reply", renderedAt: nil, armedAt: nil, repliedAt: nil))
      }
    }
    let runner = place.operations(.operator)
    _ = try runner.perform("uncertain.give-up", request([ids[0]]))
    _ = try runner.perform("uncertain.send-again", request([ids[1]]))
    _ = try runner.perform("queue.cancel", request([ids[1]]))
    let lost = OperationRequest(arguments: ["reason": "test"], matching: .init("state:failed,cancelled"))
    for request in [request(ids), lost] {
      let preview = try runner.preview("queue.enqueue-anew", request)
      #expect(preview.isEmpty && preview.lines[0].contains("it was in doubt"))
      #expect(throws: OperationRefusal.self) { try runner.perform("queue.enqueue-anew", request) }
    }
    #expect(try place.count(.queued) == 0)
  }

  @Test func `anew is not past a restriction`() throws {
    let place = try TestWorkspace()
    let id = try place.enqueue(["a@there.invalid"], from: "one@sender.invalid")[0]
    let runner = place.operations(.operator)
    _ = try runner.perform("queue.cancel", request([id]))
    _ = try place.operations(.reviewer).perform(
      "account.restrict", OperationRequest(targets: [.init(id: "one@sender.invalid")], arguments: ["reason": "test"]))
    _ = try runner.perform("queue.enqueue-anew", request([id]))
    #expect(try place.count(.held) == 1 && place.count(.queued) == 0)
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
    try engine.start()
    for round in 1...3 {
      try eventually("uncertain") { try place.message(id).state == .uncertain }
      #expect(relay.dots.count == round)
      if round < 3 { _ = try place.operations(.operator).perform("uncertain.send-again", request([id])) }
    }
    engine.shutDown(patience: .seconds(60))
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
