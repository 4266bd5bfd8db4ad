import Engine
import Foundation
import MailModel
import MailPolicy
import Storage
import Testing

/// Delivery over a scripted relay: DESIGN §4, obligations a to d and g.
@Suite struct DeliveryTests {
  @Test func `500 messages over 8 connections: one dot each, all sent, all recorded in order`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue((0..<500).map { "ok.\($0)@there.invalid" })
    let relay = FakeRelay()
    let engine = place.engine(relay)
    try engine.start()
    try eventually("everything is sent") { try place.count(.sent) == 500 }
    #expect(engine.shutDown(patience: .seconds(60)))
    #expect(relay.dots.map(\.id).sorted() == ids.sorted())
    #expect(relay.openCount <= 8)
    for id in ids {
      let attempts = try place.attempts(id)
      let attempt = try #require(attempts.first)
      #expect(attempts.count == 1)
      #expect(attempt.outcome == "accepted")
      #expect(attempt.replyCode == 250)
      #expect(attempt.enhancedStatus == EnhancedStatus(2, 0, 0))
      let (rendered, armed, replied) = (attempt.renderedAt, attempt.armedAt, attempt.repliedAt)
      #expect(try #require(rendered) <= #require(armed))
      #expect(try #require(armed) <= #require(replied))
      #expect(try place.message(id).attemptCount == 1)
    }
  }

  @Test func `the next message is announced when no other connection is free, and follows on its own`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue((0..<50).map { "ok.\($0)@there.invalid" } + ["lost.1@there.invalid"])
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 1)
    try engine.start()
    try eventually("everything has ended") { try place.count(.sent) == 50 && place.count(.uncertain) == 1 }
    #expect(engine.shutDown(patience: .seconds(60)))
    #expect(relay.announcedCount > 10)
    #expect(relay.dots.map(\.id).sorted() == ids.sorted())
  }

  @Test func `a message that was announced goes over another connection when its own breaks`() throws {
    let place = try TestWorkspace()
    // One message makes the pace known; then every dot's reply is lost, with the next envelope announced.
    try place.enqueue(["ok@there.invalid"])
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 1)
    try engine.start()
    try eventually("the first is sent") { try place.count(.sent) == 1 }
    let ids = try place.enqueue((0..<20).map { $0 % 2 == 0 ? "lost.\($0)@there.invalid" : "ok.\($0)@there.invalid" })
    try eventually("all have ended") { try place.count(.sent) == 11 && place.count(.uncertain) == 10 }
    #expect(engine.shutDown(patience: .seconds(60)))
    for id in ids { #expect(relay.dots.count { $0.id == id } == 1) }
  }

  @Test func `draining ends with every message sent or queued, the announced ones included`() throws {
    let place = try TestWorkspace()
    try place.enqueue((0..<300).map { "ok.\($0)@there.invalid" })
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 2)
    try engine.start()
    try eventually("some are sent") { relay.announcedCount > 5 }
    #expect(engine.shutDown(patience: .seconds(60)))
    let (sent, queued) = (try place.count(.sent), try place.count(.queued))
    #expect(sent + queued == 300)
    #expect(relay.dots.count == sent)
  }

  struct Outcome: Sendable, CustomTestStringConvertible {
    var recipient: String
    var state: MessageState
    var outcome: String
    var dots: Int
    /// Whether the next attempt waits for the schedule.
    var waits: Bool
    var testDescription: String { recipient }
  }

  @Test(arguments: [
    Outcome(recipient: "ok@there.invalid", state: .sent, outcome: "accepted", dots: 1, waits: false),
    Outcome(recipient: "bad@there.invalid", state: .failed, outcome: "refused", dots: 0, waits: false),
    Outcome(recipient: "spam@there.invalid", state: .failed, outcome: "refused", dots: 1, waits: false),
    Outcome(recipient: "later@there.invalid", state: .queued, outcome: "deferred", dots: 0, waits: true),
    Outcome(recipient: "busy@there.invalid", state: .queued, outcome: "deferred", dots: 1, waits: true),
    Outcome(recipient: "drop@there.invalid", state: .queued, outcome: "interrupted", dots: 0, waits: true),
    Outcome(recipient: "lost@there.invalid", state: .uncertain, outcome: "uncertain", dots: 1, waits: false),
  ])
  func `every outcome leaves its state, its attempt and no second dot`(expected: Outcome) throws {
    let place = try TestWorkspace()
    let id = try place.enqueue([expected.recipient])[0]
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 2)
    try engine.start()
    try eventually("the attempt is recorded") { try !place.attempts(id).isEmpty }
    // Another message shows that the engine went on and had the chance to take the first one again.
    let other = try place.enqueue(["ok.other@there.invalid"])[0]
    try eventually("the other one is sent") { try place.message(other).state == .sent }
    engine.shutDown(patience: .seconds(60))
    let message = try place.message(id)
    let attempts = try place.attempts(id)
    #expect(message.state == expected.state)
    #expect(attempts.map(\.outcome) == [expected.outcome])
    #expect(message.attemptCount == 1)
    #expect(relay.dots.count { $0.id == id } == expected.dots)
    if expected.waits {
      let delay = message.nextAttemptAt - message.stateChangedAt
      #expect(delay >= .seconds(270) && delay <= .seconds(330))
    }
  }

  @Test func `fault 16: an uncertain message is not taken again, not even by another engine after its lease`() throws {
    let place = try TestWorkspace()
    let id = try place.enqueue(["lost@there.invalid"])[0]
    let relay = FakeRelay()
    for _ in 0..<3 {
      let engine = place.engine(relay, workers: 2, lease: .seconds(1))
      try engine.start()
      try eventually("uncertain") { try place.message(id).state == .uncertain }
      let other = try place.enqueue(["ok@there.invalid"])[0]
      try eventually("the other one is sent") { try place.message(other).state == .sent }
      engine.shutDown(patience: .seconds(60))
    }
    #expect(relay.dots.count { $0.id == id } == 1)
  }

  @Test func `a deferred message that would be too old at its next attempt expires`() throws {
    let place = try TestWorkspace()
    let id = try place.enqueue(["later@there.invalid"])[0]
    let engine = place.engine(
      FakeRelay(), workers: 1,
      retry: RetrySchedule(firstDelay: .minutes(5), longestDelay: .hours(1), maximumAge: .minutes(4)))
    try engine.start()
    try eventually("given up") { try place.message(id).state == .expired }
    engine.shutDown(patience: .seconds(60))
    #expect(try place.message(id).stateReason.contains("given up"))
  }

  @Test func `an unusable relay leaves messages untouched, pauses, and sending goes on when it is back`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue((0..<20).map { "ok.\($0)@there.invalid" })
    let relay = FakeRelay()
    relay.setDown(true)
    let engine = place.engine(
      relay, workers: 4, backoff: RelayBackoff(firstPause: .milliseconds(50), longestPause: .milliseconds(100)))
    try engine.start()
    try eventually("it has tried several times") { (engine.relayPause?.failures ?? 0) >= 3 }
    #expect(try place.store.read { try $0.relays.get("localhost:2525")?.reason } == "connection refused")
    relay.setDown(false)
    try eventually("everything is sent") { try place.count(.sent) == 20 }
    engine.shutDown(patience: .seconds(60))
    for id in ids { #expect(try place.message(id).attemptCount == 1) }
    #expect(engine.relayPause == nil)
    #expect(try place.store.read { try $0.relays.get("localhost:2525")?.pausedUntil } == nil)
  }

  @Test func `an envelope sender carries a signed token, the null sender stays null`() throws {
    let place = try TestWorkspace()
    let id = try place.enqueue(["ok@there.invalid"])[0]
    let relay = FakeRelay()
    let returnPath = try ReturnPath(
      bounceAddress: "bounces@sender.invalid", tokenKey: TokenKey.read(from: place.open.workspace.keyPath))
    let engine = place.engine(relay, workers: 1, returnPath: returnPath)
    try engine.start()
    try eventually("sent") { try place.message(id).state == .sent }
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.map(\.sender) == [try place.tokenAddress(id)])
  }

  @Test func `what is older than the maximum age is not sent, however much there is of it`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    try place.enqueue((0..<1_100).map { "ok.\($0)@there.invalid" })
    clock.advance(.days(5) - .seconds(1))
    try place.enqueue(["ok.new@there.invalid"])
    clock.advance(.seconds(2))
    let relay = FakeRelay(clock: clock)
    let engine = place.engine(relay, workers: 4)
    try engine.start()
    try eventually("the new one is sent") { try place.count(.sent) == 1 }
    try eventually("all others expired") { try place.count(.expired) == 1_100 }
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.map(\.recipient) == ["ok.new@there.invalid"])
  }
}
