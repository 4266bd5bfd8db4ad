import Engine
import MailModel
import MailPolicy
import Storage
import Testing

/// Fallback relays in their order: failing over, coming back, and never after a dot.
@Suite struct FallbackRelayTests {
  private let backoff = RelayBackoff(firstPause: .milliseconds(200), longestPause: .milliseconds(200))

  @Test func `a relay that refuses connections fails over, and takes mail again by itself`() throws {
    let place = try TestWorkspace()
    let (first, second) = (FakeRelay("first:25"), FakeRelay("second:25"))
    first.setDown(true)
    try place.enqueue((0..<5).map { "ok.\($0)@there.invalid" })
    let engine = place.engine(first, workers: 2, backoff: backoff, fallbacks: [second])
    try engine.start()
    try eventually("the second takes all") { try place.count(.sent) == 5 }
    #expect(first.dots.isEmpty && second.dots.count == 5)
    first.setDown(false)
    try eventually("the first takes mail again") {
      try place.enqueue(["ok.more@there.invalid"])
      return !first.dots.isEmpty
    }
    engine.shutDown(patience: .seconds(60))
    #expect(try place.attempts(1).last?.relay == "second:25")
    #expect(try place.count(.sent) == first.dots.count + second.dots.count)
  }

  @Test func `it is said over which relay the mail goes, and why not over the first`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(
      settings: ["FALLBACK_SMTP_HOST": "localhost", "FALLBACK_SMTP_PORT": "2526", "FALLBACK_SMTP_TLS": "none"],
      clock: clock)
    let (first, second) = (FakeRelay("localhost:2525", clock: clock), FakeRelay("localhost:2526", clock: clock))
    #expect(try place.open.overview().relayTrouble == nil)
    first.setDown(true)
    try place.enqueue(["ok.1@there.invalid"])
    let engine = place.engine(first, workers: 1, fallbacks: [second])
    try engine.start()
    try eventually("the second takes it") {
      clock.advance(.milliseconds(10))
      return try place.count(.sent) == 1
    }
    var overview = try place.open.overview()
    #expect(overview.relayTrouble == "mail goes over localhost:2526")
    #expect(overview.relays.map(\.relay) == ["localhost:2525", "localhost:2526"])
    #expect(overview.relays[0].words(now: overview.takenAt).hasSuffix("1 failures: connection refused"))
    #expect(overview.relays[1].condition == .ready)
    second.setDown(true)
    first.setDown(false)
    clock.advance(.minutes(10))
    overview = try place.open.overview()
    #expect(overview.relays[0].words(now: overview.takenAt).hasPrefix("tried again with the next message"))
    try place.enqueue(["ok.2@there.invalid"])
    try eventually("the first takes mail again") { try place.count(.sent) == 2 }
    engine.shutDown(patience: .seconds(60))
    #expect(try place.open.overview().relayTrouble == nil)
    _ = try place.operations(.operator).perform(
      "pause.add", OperationRequest(arguments: ["scope": "relay:localhost:2525", "reason": "their maintenance"]))
    overview = try place.open.overview()
    #expect(overview.relays[0].words(now: overview.takenAt) == "paused by tess: their maintenance")
    #expect(overview.relayTrouble == "mail goes over localhost:2526")
  }

  @Test func `a due message says which relays it waits for now, not only why it was not sent before`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(
      settings: ["FALLBACK_SMTP_HOST": "localhost", "FALLBACK_SMTP_PORT": "2526", "FALLBACK_SMTP_TLS": "none"],
      clock: clock)
    let id = try place.enqueue(["ok@there.invalid"])[0]
    func closed() throws -> String? { try place.open.story(of: id).story.closedRelays }
    func rest(_ relay: String) throws {
      try place.store.write {
        try $0.relays.pause(
          relay, until: clock.now() + .minutes(5), reason: "connection refused", failures: 2, now: clock.now())
      }
    }
    try rest("localhost:2525")
    #expect(try closed() == nil, "the other one takes mail")
    try rest("localhost:2526")
    let words = try #require(try closed())
    #expect(words.contains("localhost:2525 rests until") && words.contains("; localhost:2526 rests until"))
    #expect(words.hasSuffix("2 failures: connection refused"))
    guard case .message(_, _, _, _, let story) = try place.open.details(of: .message(try place.message(id))) else {
      return #expect(Bool(false), "details of a message")
    }
    #expect(story.closedRelays == words)
    clock.advance(.minutes(6))
    #expect(try closed() == nil, "the next message tries them")
  }

  @Test func `doubt at one relay is not settled by another`() throws {
    let place = try TestWorkspace()
    let (first, second) = (FakeRelay("first:25"), FakeRelay("second:25"))
    let id = try place.enqueue(["lost@there.invalid"])[0]
    let engine = place.engine(first, workers: 1, backoff: backoff, fallbacks: [second])
    try engine.start()
    try eventually("in doubt") { try place.message(id).state == .uncertain }
    try place.enqueue(["ok@there.invalid"])
    try eventually("the next one goes") { try place.count(.sent) == 1 }
    engine.shutDown(patience: .seconds(60))
    #expect(!second.dots.map(\.id).contains(id))
    #expect(try place.message(id).state == .uncertain)
  }

  @Test func `an operator who pauses a relay switches to the next one`() throws {
    let place = try TestWorkspace()
    let (first, second) = (FakeRelay("first:25"), FakeRelay("second:25"))
    try place.operations(.operator).perform(
      "pause.add", OperationRequest(arguments: ["scope": "relay:first:25", "reason": "their maintenance"]))
    try place.enqueue((0..<3).map { "ok.\($0)@there.invalid" })
    let engine = place.engine(first, workers: 2, backoff: backoff, fallbacks: [second])
    try engine.start()
    try eventually("the second takes all") { try place.count(.sent) == 3 }
    engine.shutDown(patience: .seconds(60))
    #expect(first.openCount == 0)
  }

  @Test func `a relay that takes mail again is well, also when the engine before this one saw it fail`() throws {
    let place = try TestWorkspace()
    let relay = FakeRelay()
    let now = place.open.clock.now()
    try place.store.write {
      try $0.relays.pause(relay.relay, until: now, reason: "connection refused", failures: 1, now: now)
    }
    #expect(try place.open.overview().relays[0].condition != .ready)
    let engine = place.engine(relay, workers: 1)
    try engine.start()
    try place.enqueue(["a@there.invalid"])
    try eventually("it is sent") { try place.count(.sent) == 1 }
    engine.shutDown(patience: .seconds(60))
    #expect(try place.open.overview().relays[0].condition == .ready)
  }

  @Test func `mail of an inbox whose server is down says so, and connections that fail together are one failure`()
    throws
  {
    let place = try TestWorkspace()
    let server = FakeRelay("localhost:2526")
    server.setDown(true)
    try place.store.write { transaction in
      _ = try transaction.inboxes.add(
        NewInbox(
          address: "ann@sender.invalid", displayName: "",
          smtp: MailServer(host: "localhost", port: 2526, security: .none, username: ""), imap: nil,
          startedAt: place.open.clock.now(), dailyLimit: 100))
    }
    let ids = try place.enqueue((0..<8).map { "r\($0)@there.invalid" }, from: "ann@sender.invalid")
    let engine = DeliveryEngine(
      store: place.store, stop: place.open.stop, relays: RelayDirectory([FakeRelay()]) { _ in server },
      clock: place.open.clock,
      settings: DeliverySettings(
        workers: 4, lease: .seconds(60), retry: .init(), owner: place.open.ownerName(),
        backoff: RelayBackoff(firstPause: .minutes(1), longestPause: .minutes(1))),
      log: place.open.log)
    try engine.start()
    try eventually("each says why") {
      try ids.allSatisfy { id in
        let message = try place.message(id)
        return message.stateReason == "connection refused" && message.nextAttemptAt > place.open.clock.now()
      }
    }
    engine.shutDown(patience: .seconds(60))
    #expect(try place.store.read { try $0.relays.get(server.relay)?.consecutiveFailures } == 1)
    #expect(try place.open.inboxStatus("ann@sender.invalid").standing.contains("1 failures: connection refused"))
  }

  private static let names = ["ann", "bob"]

  /// An engine with two inboxes whose logins are at the relay's own server.
  private func engine(
    _ place: TestWorkspace, _ main: FakeRelay, _ servers: [FakeRelay], workers: Int
  ) throws -> DeliveryEngine {
    let inboxes = try place.store.write { transaction in
      try FallbackRelayTests.names.map { name in
        try transaction.inboxes.add(
          NewInbox(
            address: "\(name)@sender.invalid", displayName: "",
            smtp: MailServer(host: "localhost", port: 2526, security: .none, username: name), imap: nil,
            startedAt: place.open.clock.now(), dailyLimit: 100))
      }
    }
    for number in 0..<6 {
      for name in FallbackRelayTests.names + ["desk"] {
        try place.enqueue(["r\(number)@there.invalid"], from: "\(name)@sender.invalid")
      }
    }
    return DeliveryEngine(
      store: place.store, stop: place.open.stop,
      relays: RelayDirectory([main]) { inbox in inboxes.firstIndex { $0.id == inbox }.map { servers[$0] } },
      clock: place.open.clock,
      settings: DeliverySettings(
        workers: workers, lease: .seconds(60), retry: .init(), owner: place.open.ownerName(),
        backoff: RelayBackoff(firstPause: .milliseconds(500), longestPause: .milliseconds(500))),
      log: place.open.log)
  }

  @Test func `while the relay rests, inboxes with servers of their own do not wait behind its mail`() throws {
    let place = try TestWorkspace()
    try place.enqueue((0..<1_500).map { "r\($0)@there.invalid" }, from: "desk@sender.invalid")
    let main = FakeRelay("localhost:2525", login: "desk")
    main.setDown(true)
    let servers = FallbackRelayTests.names.map { FakeRelay("localhost:2526", login: $0) }
    let engine = try engine(place, main, servers, workers: 2)
    try engine.start()
    try eventually("all mail of inboxes is sent") { try place.count(.sent) == 12 }
    expect(servers, toHave: 6)
    main.setDown(false)
    try eventually("the rest, once the relay takes mail") { try place.count(.sent) == 1_518 }
    engine.shutDown(patience: .seconds(60))
  }

  private func expect(_ relays: [FakeRelay], toHave count: Int) {
    for relay in relays {
      #expect(relay.dots.map(\.sender) == Array(repeating: "\(relay.login)@sender.invalid", count: count))
    }
  }

  @Test func `inboxes at one server send over their own logins only`() throws {
    let place = try TestWorkspace()
    let main = FakeRelay("localhost:2526", login: "desk")
    let servers = FallbackRelayTests.names.map { FakeRelay("localhost:2526", login: $0) }
    let engine = try engine(place, main, servers, workers: 1)
    try engine.start()
    try eventually("all is sent") { try place.count(.sent) == 18 }
    engine.shutDown(patience: .seconds(60))
    expect([main] + servers, toHave: 6)
  }

  @Test func `a refused login holds up nobody else at its server, and is told of its inbox`() throws {
    let place = try TestWorkspace()
    let main = FakeRelay("localhost:2526", login: "desk")
    let servers = FallbackRelayTests.names.map { FakeRelay("localhost:2526", login: $0) }
    servers[0].setRefusingLogin(true)
    let engine = try engine(place, main, servers, workers: 2)
    try engine.start()
    try eventually("all others are sent") { try place.count(.sent) == 12 }
    try eventually("it is told") {
      try place.open.inboxStatus("ann@sender.invalid").standing.contains("535 wrong password")
    }
    #expect(try !place.open.inboxStatus("bob@sender.invalid").standing.contains("535"))
    #expect(try place.store.read { try $0.relays.get(main.relay)?.consecutiveFailures ?? 0 } == 0)
    expect([main, servers[1]], toHave: 6)
    servers[0].setRefusingLogin(false)
    try eventually("it is sent, too") { try place.count(.sent) == 18 }
    engine.shutDown(patience: .seconds(60))
    #expect(try !place.open.inboxStatus("ann@sender.invalid").standing.contains("535"))
  }
}
