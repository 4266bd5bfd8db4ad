import Engine
import MailModel
import MailPolicy
import Storage
import Testing

/// Relays that do not take mail are somebody's trouble (runbook "Monitoring & Alerts", Connectivity).
@Suite struct RelayAlertTests {
  private func alerts(_ place: TestWorkspace) throws -> [String] {
    try place.open.overview().alerts.map(\.title).filter { $0.hasSuffix("failing") }
  }

  private func fail(_ relay: String, times: Int, in place: TestWorkspace, at now: Timestamp) throws {
    try place.store.write {
      try $0.relays.pause(relay, until: now + .minutes(5), reason: "535 no such user", failures: times, now: now)
    }
  }

  @Test func `a relay that fails again and again is an alert until it takes mail or is paused`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    try fail("localhost:2525", times: 5, in: place, at: clock.now())
    #expect(try alerts(place).isEmpty)
    try fail("localhost:2525", times: 6, in: place, at: clock.now())
    #expect(try alerts(place) == ["1 relay failing"])
    let scope = ShapingScope(.relay, "localhost:2525")
    try place.store.write {
      try $0.throttles.pause(Pause(scope: scope, reason: "moves", by: "tess", since: clock.now(), until: nil))
    }
    #expect(try alerts(place).isEmpty)
    try place.store.write { transaction in _ = try transaction.throttles.lift(scope) }
    #expect(try alerts(place) == ["1 relay failing"])
    try place.store.write { try $0.relays.clear("localhost:2525") }
    #expect(try alerts(place).isEmpty)
  }

  @Test func `one that was not tried for an hour is no alert, nor is one that is nobody's`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    try fail("elsewhere:25", times: 60, in: place, at: clock.now())
    #expect(try alerts(place).isEmpty)
    try fail("localhost:2525", times: 6, in: place, at: clock.now())
    clock.advance(.hours(1))
    #expect(try alerts(place) == ["1 relay failing"])
    clock.advance(Span(microseconds: 1))
    #expect(try alerts(place).isEmpty)
  }

  @Test func `an inbox without a password that can be read is one, and the inbox says so`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    try place.open.secrets.stage(Secret("canary"), for: "news@sender.invalid")
    try place.open.operations.perform(
      "inbox.add",
      OperationRequest(arguments: ["address": "news@sender.invalid", "smtp": "smtp.sender.invalid:587:starttls"]))
    let id = try #require(try place.store.read { try $0.inboxes.get(address: "news@sender.invalid")?.id })
    func standing() throws -> String { try place.open.inboxStatus("news@sender.invalid").standing }
    #expect(try standing() == "active")
    try fail(Inbox.serverWithoutLogin(id), times: 1, in: place, at: clock.now())
    #expect(try standing().hasPrefix("news@sender.invalid rests until") && alerts(place).isEmpty)
    try fail(Inbox.serverWithoutLogin(id), times: 6, in: place, at: clock.now())
    #expect(try alerts(place) == ["1 relay failing"])
    let origin = Provenance.all(try place.open.overview()).first { $0.number == "relay of an inbox" }
    #expect(origin?.value == "news@sender.invalid" && origin?.source.contains("535 no such user") == true)
    let waiting = try place.message(try place.enqueue(["r@there.invalid"])[0])
    clock.advance(.seconds(1))
    let story = try place.open.story(of: waiting.id).story
    #expect(story.closedRelays?.hasPrefix("news@sender.invalid rests until") == true)
    // What is over for an hour tells nothing, and a new password ends it at once.
    clock.advance(.hours(2))
    #expect(try standing() == "active" && alerts(place).isEmpty)
    try fail(Inbox.serverWithoutLogin(id), times: 6, in: place, at: clock.now())
    try place.open.secrets.stage(Secret("canary-2"), for: "news@sender.invalid")
    try place.open.operations.perform(
      "inbox.password", OperationRequest(targets: [.init(id: "news@sender.invalid")]))
    #expect(try standing() == "active" && alerts(place).isEmpty)
  }

  @Test func `an inbox's own server is one, and says why`() throws {
    let place = try TestWorkspace()
    let now = place.open.clock.now()
    try place.store.write { transaction in
      let server = MailServer(host: "smtp.sender.invalid", port: 587, security: .none, username: "news")
      _ = try transaction.inboxes.add(
        NewInbox(address: "news@sender.invalid", displayName: "", smtp: server, imap: nil, startedAt: now))
    }
    try fail("smtp.sender.invalid:587", times: 7, in: place, at: now)
    #expect(try alerts(place) == ["1 relay failing"])
    let origin = Provenance.all(try place.open.overview()).first { $0.value == "smtp.sender.invalid:587" }
    #expect(origin?.number == "relay of an inbox")
    #expect(origin?.source.contains("7 failures: 535 no such user") == true)
  }
}
