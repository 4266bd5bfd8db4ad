import Engine
import Foundation
import MailModel
import MailPolicy
import Storage
import Testing

/// Limits, pauses and slow-downs in the engine's gate.
@Suite struct ShapingGateTests {
  private func rules(_ rates: [String: String], providers: [ShapingRules.Provider] = []) throws -> ShapingRules {
    var known: [ShapingScope: RateLimit] = [:]
    for (scope, text) in rates {
      let rate = try #require(RateLimit(text))
      known[try #require(ShapingScope(scope))] = rate
    }
    return ShapingRules(
      providers: providers, slowDowns: [.init(phrase: "try later", pause: .minutes(5))], rates: known)
  }

  @Test func `two engines together keep to one limit, and say what the rest waits for`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue((0..<30).map { "ok.\($0)@slow.invalid" } + ["ok.free@there.invalid"])
    let second = try TestWorkspace.open(place.folder)
    let relay = FakeRelay()
    let shaping = try rules(["destination:slow.invalid": "10/h"])
    let engines = [
      place.engine(relay, workers: 2, shaping: shaping),
      DeliveryEngine(
        store: second.store, stop: second.stop, relays: RelayDirectory([relay]), clock: second.clock,
        settings: DeliverySettings(
          workers: 2, lease: .seconds(60), retry: .init(), owner: second.ownerName(), shaping: shaping),
        log: second.log),
    ]
    for engine in engines { try engine.start() }
    try eventually("one goes, the rest waits") {
      try place.count(.sent) == 2
        && place.store.read { try $0.throttles.waiting(for: .init(.destination, "slow.invalid")) } == 29
    }
    for engine in engines { engine.shutDown(patience: .seconds(60)) }
    #expect(relay.dots.count == 2)
    let waiting = try place.message(ids[20])
    #expect(waiting.state == .queued && waiting.attemptCount == 0)
    #expect(waiting.stateReason == "limit of destination slow.invalid: 10/h")
    // Each is told a moment of its own, as far apart as the limit wants.
    let moments = try ids[1..<30].map { try place.message($0).nextAttemptAt }.sorted()
    let gaps = zip(moments, moments.dropFirst()).map { $1 - $0 }
    #expect(gaps.allSatisfy { $0 >= .minutes(5) })
    second.close()
  }

  @Test func `what waits goes by the limits of the engine that runs now`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue((0..<4).map { "ok.\($0)@slow.invalid" } + ["ok.paused@calm.invalid"])
    try place.store.write {
      try $0.throttles.pause(
        Pause(
          scope: ShapingScope(.destination, "calm.invalid"), reason: "rest", by: "tess", since: place.open.clock.now(),
          until: nil))
    }
    func run(_ rate: String, until isDone: () throws -> Bool) throws {
      let engine = place.engine(FakeRelay(), workers: 2, shaping: try rules(["destination:slow.invalid": rate]))
      try engine.start()
      try eventually("at \(rate)") { try isDone() }
      engine.shutDown(patience: .seconds(60))
    }
    func waiting(_ destination: String) throws -> Int {
      try place.store.read { try $0.throttles.waiting(for: .init(.destination, destination)) }
    }
    try run("1/d") { try waiting("slow.invalid") == 3 && waiting("calm.invalid") == 1 && place.count(.sent) == 1 }
    let told = try ids.map { try place.message($0).version }
    try place.enqueue(["ok@there.invalid"])
    try run("1/d") { try place.count(.sent) == 2 }
    // Where nothing has changed nobody looks at a long line again.
    #expect(try ids.map { try place.message($0).version } == told)
    try run("1000/s") { try place.count(.sent) == 5 }
    #expect(try waiting("calm.invalid") == 1)
  }

  @Test func `a pause holds one account back, eats no retries, and its end lets it go`() throws {
    let place = try TestWorkspace()
    let id = try place.enqueue(["ok@there.invalid"])[0]
    let scope = ShapingScope(.account, "news@sender.invalid")
    try place.store.write {
      try $0.throttles.pause(
        Pause(scope: scope, reason: "complaints", by: "tess", since: place.open.clock.now(), until: nil))
    }
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 2)
    try engine.start()
    try eventually("it waits") { try place.message(id).stateReason.contains("paused by tess: complaints") }
    #expect(relay.dots.isEmpty)
    let forecast = try place.open.insight(destinations: 0).forecast
    #expect(forecast.answer == .held(1) && forecast.limitedBy == "the pause of account news@sender.invalid")
    try place.store.write { transaction in
      #expect(try transaction.throttles.lift(scope))
      try transaction.throttles.wake(scope)
    }
    try eventually("it goes") { try place.count(.sent) == 1 }
    engine.shutDown(patience: .seconds(60))
    #expect(try place.message(id).attemptCount == 1)
  }

  @Test func `a reply that asks for less slows its destination down and no other`() throws {
    let place = try TestWorkspace()
    try place.enqueue(["later@slow.invalid"])
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 1, shaping: try rules([:]))
    try engine.start()
    try eventually("deferred") { try place.message(1).attemptCount == 1 }
    let ids = try place.enqueue(["ok@slow.invalid", "ok@there.invalid"])
    try eventually("the other destination goes") { try place.message(ids[1]).state == .sent }
    try eventually("this one waits") { try place.message(ids[0]).stateReason.contains("asked for less: 450") }
    engine.shutDown(patience: .seconds(60))
    let state = try place.store.read { try $0.throttles.get(.init(.destination, "slow.invalid")) }
    #expect(state.slowedTimes == 1)
    #expect(try #require(state.slowedUntil) > place.open.clock.now() + .minutes(4))
  }

  @Test func `what the engine before this one slowed down is forgiven with the first message that is taken`() throws {
    let place = try TestWorkspace()
    let scope = ShapingScope(.destination, "slow.invalid")
    try place.store.write { (transaction) throws in
      var state = Throttles.State()
      state.slowedUntil = place.open.clock.now() - .minutes(1)
      (state.slowedReason, state.slowedTimes) = ("450 4.2.1 try later", 3)
      try transaction.throttles.set(scope, state)
    }
    try place.enqueue(["ok@slow.invalid"])
    let engine = place.engine(FakeRelay(), workers: 1, shaping: try rules([:]))
    try engine.start()
    try eventually("it goes") { try place.count(.sent) == 1 }
    engine.shutDown(patience: .seconds(60))
    #expect(try place.store.read { try $0.throttles.get(scope) } == Throttles.State())
  }

  @Test func `a server that closes because of one destination slows that down, and the relay goes on`() throws {
    let place = try TestWorkspace()
    let id = try place.enqueue(["crowded@slow.invalid"])[0]
    let engine = place.engine(FakeRelay(), workers: 1, shaping: try rules([:]))
    try engine.start()
    try eventually("deferred") { try place.message(id).attemptCount == 1 }
    let other = try place.enqueue(["ok@there.invalid"])[0]
    try eventually("the other destination goes") { try place.message(other).state == .sent }
    engine.shutDown(patience: .seconds(60))
    #expect(try place.open.overview().relays[0].condition == .ready)
    let scope = try #require(try place.open.shapedScopes().first { $0.scope.key == "slow.invalid" })
    #expect(scope.slowedReason == "421 too fast, try later" && scope.slowedUntil != nil)
  }

  @Test func `a destination never has more under way than it takes`() throws {
    let place = try TestWorkspace()
    try place.enqueue((0..<12).map { "ok.\($0)@narrow.invalid" })
    let relay = FakeRelay()
    relay.beforeArm.close()
    let narrow = ShapingRules.Provider(name: "narrow", domains: ["narrow.invalid"], concurrency: 2)
    let engine = place.engine(relay, workers: 8, shaping: try rules([:], providers: [narrow]))
    try engine.start()
    try eventually("two are under way") { relay.beforeArm.waiting == 2 }
    try eventually("the others wait") {
      try place.store.read { try $0.throttles.waiting(for: .init(.destination, "narrow")) } == 10
    }
    #expect(relay.beforeArm.waiting == 2)
    relay.beforeArm.open()
    try eventually("all go") { try place.count(.sent) == 12 }
    engine.shutDown(patience: .seconds(60))
  }

  @Test func `a long line for one destination does not hold up the rest`() throws {
    let place = try TestWorkspace()
    try place.enqueue((0..<3_000).map { "ok.\($0)@slow.invalid" })
    let last = try place.enqueue(["ok@there.invalid"])[0]
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 4, shaping: try rules(["destination:slow.invalid": "1/h"]))
    try engine.start()
    try eventually("the last one goes") { try place.message(last).state == .sent }
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.count == 2)
  }
}

/// The operations on limits and pauses.
@Suite struct ShapingOperationTests {
  @Test func `a pause between claim and arm holds what has no arm yet, and eats no try`() throws {
    let place = try TestWorkspace()
    let relay = FakeRelay()
    relay.beforeArm.close()
    let id = try place.enqueue(["a@there.invalid"], from: "one@sender.invalid")[0]
    let other = try place.enqueue(["b@there.invalid"], from: "two@sender.invalid")[0]
    let engine = place.engine(relay, workers: 2)
    try engine.start()
    try eventually("both have their connections") { relay.beforeArm.waiting == 2 }
    let scope = ["scope": "account:one@sender.invalid", "reason": "wrong price"]
    try place.operations(.operator).perform("pause.add", OperationRequest(arguments: scope))
    relay.beforeArm.open()
    try eventually("the other one is sent") { try place.message(other).state == .sent }
    try eventually("it waits") { try place.message(id).state == .queued }
    #expect(try place.message(id).stateReason.contains("paused by tess: wrong price"))
    #expect(try place.message(id).attemptCount == 0)
    try place.operations(.operator).perform("pause.lift", OperationRequest(arguments: scope))
    try eventually("it goes") { try place.message(id).state == .sent }
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.count == 2)
  }

  @Test func `a pause says what it touches and when that would expire, and needs a reason`() throws {
    let place = try TestWorkspace()
    try place.enqueue(["ok.1@there.invalid", "ok.2@there.invalid", "ok@other.invalid"])
    let operations = place.operations(.operator)
    let request = OperationRequest(
      arguments: ["scope": "destination:there.invalid", "reason": "their outage", "for": "2h"])
    let preview = try operations.preview("pause.add", request)
    #expect(preview.summary.hasPrefix("pauses destination there.invalid until "))
    #expect(preview.lines.first == "2 queued messages belong to it")
    #expect(preview.lines.contains { $0.hasPrefix("the oldest would expire at ") })
    try operations.perform("pause.add", request)
    let paused = try #require(try place.open.shapedScopes().first { $0.pause != nil })
    #expect(paused.scope.description == "destination:there.invalid")
    #expect(try place.audit("pause.add").count == 1)
    try operations.perform("pause.lift", OperationRequest(arguments: ["scope": "destination:there.invalid"]))
    #expect(try place.open.shapedScopes().allSatisfy { $0.pause == nil })
    #expect(throws: OperationRefusal.self) {
      try operations.perform("pause.lift", OperationRequest(arguments: ["scope": "destination:there.invalid"]))
    }
  }

  @Test func `limits are set and cleared by operators only, in the form that is documented`() throws {
    let place = try TestWorkspace()
    let request = OperationRequest(arguments: ["scope": "campaign:autumn", "rate": "100/min"])
    #expect(throws: OperationRefusal.self) { try place.operations(.watcher).perform("limit.set", request) }
    let scope = ShapingScope(.campaign, "autumn")
    try place.store.write { (transaction) throws in
      var state = Throttles.State()
      state.fullAt = place.open.clock.now() + .days(1)
      try transaction.throttles.set(scope, state)
    }
    try place.operations(.operator).perform("limit.set", request)
    // What was used up under the old limit does not count against the new one, and what waits is looked at again.
    let state = try place.store.read { try $0.throttles.get(scope) }
    #expect(state.fullAt == Timestamp(microseconds: 0) && state.rate == "100/min")
    #expect(try place.store.read { try $0.throttles.hasWoken() })
    #expect(try place.open.shapedScopes().first { $0.source == "operator" }?.limit == "100/min")
    for bad in [["scope": "campaign", "rate": "1/s"], ["scope": "campaign:a", "rate": "fast"]] {
      #expect(throws: OperationRefusal.self) {
        try place.operations(.operator).perform("limit.set", OperationRequest(arguments: bad))
      }
    }
    try place.operations(.operator).perform(
      "limit.clear", OperationRequest(arguments: ["scope": "campaign:autumn"]))
    #expect(try place.open.shapedScopes().allSatisfy { $0.source != "operator" })
  }
}

/// Inboxes in the gate: the day's limit and the pause.
@Suite struct InboxGateTests {
  @Test func `an inbox sends no more than its day allows; the rest says when it goes`() throws {
    let place = try TestWorkspace()
    try place.store.write { transaction in
      let server = MailServer(host: "localhost", port: 2525, security: .none, username: "")
      _ = try transaction.inboxes.add(
        NewInbox(
          address: "news@sender.invalid", displayName: "News", smtp: server, imap: nil,
          startedAt: place.open.clock.now(), dailyLimit: 3))
    }
    let ids = try place.enqueue((0..<10).map { "ok.\($0)@there.invalid" })
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 4)
    try engine.start()
    try eventually("three go, seven wait") {
      try place.count(.sent) == 3
        && place.store.read { try $0.throttles.waiting(for: .init(.inbox, "news@sender.invalid")) } == 7
    }
    engine.shutDown(patience: .seconds(60))
    let waiting = try ids.map { try place.message($0) }.filter { $0.state == .queued }
    #expect(waiting.allSatisfy { $0.stateReason == "daily limit of inbox news@sender.invalid reached: 3 of 3" })
    #expect(waiting.allSatisfy { $0.attemptCount == 0 && $0.nextAttemptAt > place.open.clock.now() })
  }

  @Test func `an inbox that may send again, or more, sends what it was told to keep`() throws {
    let place = try TestWorkspace()
    try place.store.write { transaction in
      let server = MailServer(host: "localhost", port: 2525, security: .none, username: "")
      _ = try transaction.inboxes.add(
        NewInbox(
          address: "news@sender.invalid", displayName: "", smtp: server, imap: nil,
          startedAt: place.open.clock.now(), dailyLimit: 1))
    }
    try place.enqueue(["a@there.invalid", "b@there.invalid", "c@there.invalid"])
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 1)
    try engine.start()
    defer { engine.shutDown(patience: .seconds(60)) }
    let scope = ShapingScope(.inbox, "news@sender.invalid")
    func wait(_ count: Int) throws {
      try eventually("\(count) wait") { try place.store.read { try $0.throttles.waiting(for: scope) } == count }
    }
    func perform(_ operation: String, _ arguments: [String: String] = [:]) throws {
      try place.open.operations.perform(
        operation,
        OperationRequest(
          targets: [.init(id: "news@sender.invalid")], arguments: arguments.merging(["reason": "why"]) { $1 }))
    }
    try wait(2)
    try perform("inbox.limit", ["limit": "2"])
    try eventually("one more goes") { try place.count(.sent) == 2 }
    try wait(1)
    try perform("inbox.pause")
    try perform("inbox.limit", ["limit": "100"])
    try eventually("it waits for the pause") { try place.message(3).stateReason.hasSuffix("is paused: why") }
    try perform("inbox.resume")
    try eventually("the last one goes") { try place.count(.sent) == 3 }
  }
}
