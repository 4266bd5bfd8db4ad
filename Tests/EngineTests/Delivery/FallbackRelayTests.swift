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
    engine.start()
    try eventually("the second takes all") { try place.count(.sent) == 5 }
    #expect(first.dots.isEmpty && second.dots.count == 5)
    first.setDown(false)
    try eventually("the first takes mail again") {
      try place.enqueue(["ok.more@there.invalid"])
      return !first.dots.isEmpty
    }
    engine.shutDown(patience: .seconds(10))
    #expect(try place.attempts(1).last?.relay == "second:25")
    #expect(try place.count(.sent) == first.dots.count + second.dots.count)
  }

  @Test func `doubt at one relay is not settled by another`() throws {
    let place = try TestWorkspace()
    let (first, second) = (FakeRelay("first:25"), FakeRelay("second:25"))
    let id = try place.enqueue(["lost@there.invalid"])[0]
    let engine = place.engine(first, workers: 1, backoff: backoff, fallbacks: [second])
    engine.start()
    try eventually("in doubt") { try place.message(id).state == .uncertain }
    try place.enqueue(["ok@there.invalid"])
    try eventually("the next one goes") { try place.count(.sent) == 1 }
    engine.shutDown(patience: .seconds(10))
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
    engine.start()
    try eventually("the second takes all") { try place.count(.sent) == 3 }
    engine.shutDown(patience: .seconds(10))
    #expect(first.openCount == 0)
  }
}
