import Engine
import Foundation
import MailModel
import MailPolicy
import Storage
import Testing

/// Nothing that happened to a message is forgotten: every attempt, change, report and operation, by whom and why.
@Suite(.serialized) struct HistoryTests {
  @Test func `a dead letter with its whole history`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    let id = try place.enqueue(["later@there.invalid"])[0]
    let retry = RetrySchedule(firstDelay: .minutes(5), longestDelay: .minutes(5), maximumAge: .minutes(16))
    let engine = place.engine(FakeRelay(), workers: 1, retry: retry)
    try engine.start()
    try eventually("the first attempt") { try place.message(id).attemptCount == 1 }
    clock.advance(.minutes(6))
    try eventually("the second attempt") { try place.message(id).attemptCount == 2 }
    clock.advance(.minutes(6))
    try eventually("it ends") { try place.message(id).state == .expired }
    engine.shutDown(patience: .seconds(60))
    let history = try place.open.story(of: id).story.history
    #expect(history.first?.kind == .enqueued)
    let attempts = history.filter { $0.kind == .attempt }
    #expect(attempts.count == 3)
    #expect(attempts.allSatisfy { $0.reply.hasPrefix("450 4.2.1") && $0.command == "RCPT TO" && !$0.relay.isEmpty })
    #expect(attempts.allSatisfy { $0.reply.components(separatedBy: "4.2.1").count == 2 }, "\(attempts[0].reply)")
    #expect(attempts.map { $0.nextAttemptAt != nil } == [true, true, false])
    #expect(attempts.allSatisfy { $0.at != nil })
    #expect(attempts[2].reason.hasPrefix("expired: "))
    #expect(history.map { $0.at ?? clock.now() } == history.map { $0.at ?? clock.now() }.sorted())
  }

  @Test func `operations with who did them and why`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue((0..<25).map { "ok.\($0)@there.invalid" })
    let all = ids.map { OperationRequest.Target(id: "\($0)") }
    _ = try place.operations(.operator).perform(
      "queue.hold", OperationRequest(targets: all, arguments: ["reason": "wrong price"]))
    _ = try place.operations(.lead).perform("queue.release", OperationRequest(targets: [all[24]]))
    _ = try place.operations(.operator).perform(
      "queue.cancel", OperationRequest(targets: [all[24]], arguments: ["reason": "withdrawn"]))
    let history = try place.open.story(of: ids[24]).story.history
    #expect(history.map(\.title) == ["enqueued", "queued to held", "held to queued", "queued to cancelled"])
    #expect(history[1].reason == "held by tess: wrong price")
    #expect(history[2].by == "tess (lead) by queue.release")
    #expect(history[3].reason == "cancelled by tess: withdrawn")
  }

  @Test func `doubt with relay, last command and what it waits for; sent again with the same Message-ID`() throws {
    let place = try TestWorkspace()
    let id = try place.enqueue(["lost@there.invalid"])[0]
    let identity = try place.message(id).messageID
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 1)
    try engine.start()
    try eventually("it is in doubt") { try place.message(id).state == .uncertain }
    let facts = try #require(try place.open.story(of: id).story.doubt)
    #expect(facts.lastCommand == "final dot")
    #expect(facts.relay == relay.relay)
    #expect(facts.armedAt != nil)
    #expect(facts.evidence.isEmpty)
    #expect(facts.why == "no reply to the final dot")
    let request = OperationRequest(targets: [.init(id: "\(id)")], arguments: ["reason": "the relay lost it"])
    _ = try place.operations(.operator).perform("uncertain.send-again", request)
    try eventually("it is in doubt again") { try place.message(id).state == .uncertain && relay.dots.count == 2 }
    engine.shutDown(patience: .seconds(60))
    #expect(try place.message(id).messageID == identity)
    _ = try place.operations(.operator).perform("uncertain.give-up", request)
    #expect(try place.message(id).state == .failed)
    let story = try place.open.story(of: id).story
    #expect(story.doubt == nil)
    #expect(
      story.history.map(\.title) == [
        "enqueued", "uncertain at final dot", "uncertain to queued", "uncertain at final dot", "uncertain to failed",
      ])
    #expect(story.history[2].by == "tess (operator) by uncertain.send-again")
  }

  @Test func `no such message`() throws {
    let place = try TestWorkspace()
    #expect(throws: OperationRefusal.self) { try place.open.story(of: 99) }
  }
}
