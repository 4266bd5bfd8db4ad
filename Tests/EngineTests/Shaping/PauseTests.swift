import Engine
import MailModel
import MailPolicy
import Storage
import Testing

/// That a pause holds what it names, for as long as it says, and says so beforehand.
@Suite struct PauseTests {
  private let google = ShapingRules(providers: [.init(name: "google", domains: ["gmail.com", "googlemail.com"])])

  private func pause(_ scope: String, _ place: TestWorkspace, for span: String? = nil) throws {
    var arguments = ["scope": scope, "reason": "a look first"]
    arguments["for"] = span
    try place.open.operations.perform("pause.add", OperationRequest(arguments: arguments))
  }

  private func inbox(_ address: String, in place: TestWorkspace, port: Int = 2526, limit: Int? = nil) throws {
    try place.store.write { transaction in
      _ = try transaction.inboxes.add(
        NewInbox(
          address: address, displayName: "",
          smtp: MailServer(host: "localhost", port: port, security: .none, username: ""), imap: nil,
          startedAt: place.open.clock.now(), dailyLimit: limit))
    }
  }

  @Test func `a campaign is held whatever letters it is written with`() throws {
    let place = try TestWorkspace()
    try pause("campaign:Autumn", place)
    var request = Submitter.Request(source: "test", raw: TestWorkspace.eml(to: "a@there.invalid"))
    request.campaign = "AUTUMN"
    _ = try place.submitter.store(try place.submitter.prepare(request))
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 1)
    try engine.start()
    try eventually("it waits") { try place.message(1).stateReason == "campaign autumn is paused by tess: a look first" }
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.isEmpty)
  }

  @Test func `one domain of a provider is held, and the others of that provider go`() throws {
    let place = try TestWorkspace()
    try pause("destination:gmail.com", place)
    let ids = try place.enqueue(["a@gmail.com", "b@googlemail.com"])
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 1, shaping: google)
    try engine.start()
    try eventually("the other goes") { try place.message(ids[1]).state == .sent }
    try eventually("it waits") { try place.message(ids[0]).stateReason.hasPrefix("destination gmail.com is paused") }
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.map(\.id) == [ids[1]])
  }

  @Test func `a shorter pause in place of an endless one lets go at its own end`() throws {
    let place = try TestWorkspace()
    try pause("account:news@sender.invalid", place)
    let id = try place.enqueue(["a@there.invalid"])[0]
    let engine = place.engine(FakeRelay(), workers: 1)
    try engine.start()
    try eventually("it waits") { try place.message(id).stateReason.contains("is paused") }
    try pause("account:news@sender.invalid", place, for: "1s")
    try eventually("it goes") { try place.message(id).state == .sent }
    engine.shutDown(patience: .seconds(60))
    let details = try place.audit("pause.add").last?.details ?? ""
    #expect(details.contains("paused by tess until lifted: a look first"), "\(details)")
  }

  @Test func `mail of an inbox with a server of its own is not held by the pause of another relay`() throws {
    let place = try TestWorkspace()
    try inbox("ann@sender.invalid", in: place)
    try pause("relay:localhost:2525", place)
    let own = try place.enqueue(["a@there.invalid"], from: "ann@sender.invalid")[0]
    let other = try place.enqueue(["b@there.invalid"])[0]
    let (relay, server) = (FakeRelay(), FakeRelay("localhost:2526"))
    let engine = DeliveryEngine(
      store: place.store, stop: place.open.stop, relays: RelayDirectory([relay]) { _ in server },
      clock: place.open.clock,
      settings: DeliverySettings(workers: 2, lease: .seconds(60), retry: .init(), owner: place.open.ownerName()),
      log: place.open.log)
    try engine.start()
    try eventually("its own goes") { try place.message(own).state == .sent }
    try eventually("the other says what it waits for") {
      try place.message(other).stateReason == "relay localhost:2525 is paused by tess: a look first"
    }
    try pause("relay:localhost:2526", place)
    let later = try place.enqueue(["c@there.invalid"], from: "ann@sender.invalid")[0]
    try eventually("its server is paused") {
      try place.message(later).stateReason == "relay localhost:2526 is paused by tess: a look first"
    }
    try place.open.operations.perform("pause.lift", OperationRequest(arguments: ["scope": "relay:localhost:2526"]))
    try eventually("it goes") { try place.message(later).state == .sent }
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.isEmpty && server.dots.count == 2)
  }

  @Test func `what waits for the only relay goes when that or another one takes mail`() throws {
    let place = try TestWorkspace()
    try pause("relay:localhost:2525", place)
    let id = try place.enqueue(["a@there.invalid"])[0]
    var engine = place.engine(FakeRelay(), workers: 1)
    try engine.start()
    try eventually("it says why") { try place.message(id).stateReason.hasPrefix("relay localhost:2525 is paused") }
    engine.shutDown(patience: .seconds(60))
    let fallback = FakeRelay("fallback:25")
    engine = place.engine(FakeRelay(), workers: 1, fallbacks: [fallback])
    try engine.start()
    try eventually("it goes over the new one") { try place.message(id).state == .sent }
    engine.shutDown(patience: .seconds(60))
    #expect(fallback.dots.count == 1)
  }

  @Test func `the preview counts what the pause holds and says when the last of it goes`() throws {
    let settings = ["FALLBACK_SMTP_HOST": "localhost", "FALLBACK_SMTP_PORT": "2527", "FALLBACK_SMTP_TLS": "none"]
    let place = try TestWorkspace(settings: settings.merging(["TIME_ZONE": "UTC"]) { $1 }, clock: ManualClock())
    try inbox("news@sender.invalid", in: place, limit: 2)
    try place.enqueue((0..<7).map { "r\($0)@there.invalid" })
    try place.enqueue(["a@there.invalid"], from: "other@sender.invalid")
    func lines(_ scope: String, for span: String? = "1h") throws -> [String] {
      var arguments = ["scope": scope, "reason": "why"]
      arguments["for"] = span
      return try place.open.operations.preview("pause.add", OperationRequest(arguments: arguments)).lines
    }
    let inbox = try lines("inbox:news@sender.invalid")
    #expect(inbox.first == "7 queued messages belong to it")
    // Two today, two on each of two days, one on the third.
    let third = place.open.clock.now() + .days(3)
    #expect(inbox[1].hasSuffix("; the last about \(Clockface.day(third)) under 2 a day"), "\(inbox)")
    let days = OperationRequest(
      targets: [.init(id: "news@sender.invalid")], arguments: ["reason": "why", "days": "1"])
    let own = try place.open.operations.preview("inbox.pause", days)
    #expect(own.summary.hasSuffix("; 7 queued messages") && own.lines.first == inbox.first)
    #expect(own.lines.contains { $0.hasPrefix("the oldest would expire at ") }, "\(own.lines)")
    let relay = try lines("relay:localhost:2525")
    #expect(relay == ["0 queued messages belong to it", "all others go over localhost:2527 meanwhile"])
    #expect(try lines("relay:localhost:2526").first == "7 queued messages belong to it")
    try pause("relay:localhost:2527", place)
    #expect(
      try lines("relay:localhost:2525", for: nil).prefix(2) == [
        "1 queued messages belong to it", "they go when somebody lifts it",
      ])
    for scope in ["relay:localhost:25", "inbox:nobody@sender.invalid"] {
      #expect(throws: OperationRefusal.self) { try lines(scope) }
    }
  }
}
