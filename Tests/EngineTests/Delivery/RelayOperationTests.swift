import Engine
import MailModel
import MailPolicy
import Storage
import Testing

/// Rerouting messages and limiting connections by hand.
@Suite struct RelayOperationTests {
  @Test func `a rerouted message goes over its relay and no other, and back to any`() throws {
    let place = try TestWorkspace()
    let (first, second) = (FakeRelay("first:25"), FakeRelay("second:25"))
    let ids = try place.enqueue(["a@there.invalid", "b@there.invalid", "c@there.invalid"])
    let runner = place.operations(.operator, relays: ["first:25", "second:25"])
    func reroute(_ ids: [Message.ID], _ relay: String) throws -> Effect {
      try runner.perform(
        "queue.reroute", OperationRequest(targets: ids.map { .init(id: "\($0)") }, arguments: ["relay": relay]))
    }
    #expect(throws: OperationRefusal.self) { try reroute(ids, "third:25") }
    #expect(try reroute(Array(ids[0...1]), "second:25").changed == 2)
    #expect(try reroute([ids[1]], "any").changed == 1)
    #expect(try place.message(ids[0]).relay == "second:25")
    second.setDown(true)
    let engine = place.engine(
      first, workers: 2, backoff: RelayBackoff(firstPause: .milliseconds(100), longestPause: .milliseconds(100)),
      fallbacks: [second])
    try engine.start()
    try eventually("the others are sent") { try place.count(.sent) == 2 }
    #expect(try place.message(ids[0]).state != .sent)
    second.setDown(false)
    try eventually("it goes when its relay is back") { try place.message(ids[0]).state == .sent }
    engine.shutDown(patience: .seconds(60))
    #expect(second.dots.map(\.id) == [ids[0]])
    #expect(Set(first.dots.map(\.id)) == Set(ids[1...]))
    #expect(try place.message(ids[0]).attemptCount == 1, "an unusable relay uses up no try")
  }

  @Test func `connections are limited from the next message on, and the limit is lifted while sending`() throws {
    let place = try TestWorkspace()
    let relay = FakeRelay("first:25")
    let runner = place.operations(.operator, relays: ["first:25"])
    let arguments = ["relay": "first:25", "connections": "2"]
    #expect(throws: OperationRefusal.self) {
      try runner.perform("concurrency.set", OperationRequest(arguments: ["relay": "first:25", "connections": "0"]))
    }
    try runner.perform("concurrency.set", OperationRequest(arguments: arguments))
    relay.beforeArm.close()
    try place.enqueue((0..<12).map { "r\($0)@there.invalid" })
    let engine = place.engine(relay, workers: 6)
    try engine.start()
    try eventually("two are under way") { relay.beforeArm.waiting == 2 }
    let leased = try place.count(.leased)
    #expect((3...4).contains(leased), "for each the next one may be ready, and nothing for the other four connections")
    try runner.perform("concurrency.clear", OperationRequest(arguments: ["relay": "first:25"]))
    #expect(relay.beforeArm.waiting == 2)
    relay.beforeArm.open()
    try eventually("all are sent") { try place.count(.sent) == 12 }
    relay.beforeArm.close()
    try place.enqueue((0..<12).map { "s\($0)@there.invalid" })
    try eventually("six are under way") { relay.beforeArm.waiting == 6 }
    relay.beforeArm.open()
    try eventually("all are sent") { try place.count(.sent) == 24 }
    engine.shutDown(patience: .seconds(60))
  }

  @Test func `connections that are too many close`() throws {
    let place = try TestWorkspace()
    let relay = FakeRelay("first:25")
    let runner = place.operations(.operator, relays: ["first:25"])
    func limit(_ count: Int) throws {
      try runner.perform(
        "concurrency.set", OperationRequest(arguments: ["relay": "first:25", "connections": "\(count)"]))
    }
    let engine = place.engine(relay, workers: 6)
    try engine.start()
    relay.beforeArm.close()
    try place.enqueue((0..<6).map { "r\($0)@there.invalid" })
    try eventually("six are under way") { relay.beforeArm.waiting == 6 }
    try limit(3)
    relay.beforeArm.open()
    try eventually("those that end what they were at close") {
      try place.count(.sent) == 6 && engine.status.snapshot.openConnections == 3
    }
    try limit(1)
    try eventually("those that wait close") { engine.status.snapshot.openConnections == 1 }
    relay.beforeArm.close()
    try place.enqueue((0..<12).map { "s\($0)@there.invalid" })
    try eventually("one is under way") { relay.beforeArm.waiting == 1 }
    relay.beforeArm.open()
    try eventually("all are sent") { try place.count(.sent) == 18 }
    #expect(relay.openCount == 6, "over the connection that was left")
    engine.shutDown(patience: .seconds(60))
  }
}
