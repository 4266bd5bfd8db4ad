import Engine
import MailModel
import Storage
import Testing

/// Operations on everything that matches a filter.
@Suite struct MatchingTests {
  private func matching(_ filter: String, _ arguments: [String: String] = ["reason": "test"]) -> OperationRequest {
    OperationRequest(arguments: arguments, matching: .init(filter))
  }

  @Test func `a release by filter says before what it would do: released, suppressed, left alone`() throws {
    let place = try TestWorkspace()
    let good = try place.enqueue(["a@there.invalid", "b@there.invalid", "c@there.invalid"], from: "one@sender.invalid")
    let other = try place.enqueue(["d@there.invalid"], from: "two@sender.invalid")
    let runner = place.operations(.lead)
    try runner.perform("queue.hold", matching("there.invalid"))
    try runner.perform(
      "account.restrict", OperationRequest(targets: [.init(id: "two@sender.invalid")], arguments: ["reason": "test"]))
    try place.store.write { transaction in
      _ = try transaction.suppressions.add(
        "b@there.invalid", reason: "asked", source: "test", now: place.open.clock.now())
    }
    let preview = try runner.preview("queue.release", matching("there.invalid"))
    #expect(preview.summary.hasPrefix("2 to be released, 1 to be suppressed"))
    #expect(preview.lines.contains("1: its account is restricted; lift that first"))
    let one = OperationRequest(targets: (good + other).map { .init(id: "\($0)") })
    #expect(try runner.preview("queue.release", one).summary == preview.summary)
    let done = try runner.perform("queue.release", matching("there.invalid"))
    #expect(done.changed == 3)
    #expect(done.summary == "2 released, 1 suppressed, as their recipients are, 1 left alone")
    #expect(try good.map { try place.message($0).state } == [.queued, .suppressed, .queued])
    #expect(try place.message(other[0]).state == .held)
  }

  @Test func `what came after the preview is left alone`() throws {
    let place = try TestWorkspace()
    try place.enqueue(["a@there.invalid"])
    let runner = place.operations(.operator)
    let preview = try runner.preview("queue.hold", matching(""))
    let late = try place.enqueue(["late@there.invalid"])[0]
    var request = matching("")
    request.matching?.upTo = preview.upTo
    #expect(try runner.perform("queue.hold", request).changed == 1)
    #expect(try place.message(late).state == .queued)
  }

  @Test func `more than one transaction's worth is done in parts, each with its audit row`() throws {
    let place = try TestWorkspace()
    try place.enqueue((0..<1_001).map { "r\($0)@there.invalid" }, from: "one@sender.invalid")
    try place.enqueue(["x@there.invalid"], from: "two@sender.invalid")
    let runner = place.operations(.operator)
    #expect(
      try runner.preview("queue.cancel", matching("account:one@sender.invalid")).summary == "1001 to be cancelled")
    #expect(try runner.perform("queue.cancel", matching("account:one@sender.invalid")).changed == 1_001)
    #expect(try place.count(.cancelled) == 1_001)
    #expect(try place.count(.queued) == 1)
    let parts = try place.audit("queue.cancel")
    #expect(parts.count == 2)
    #expect(parts.allSatisfy { $0.details.contains("account:one@sender.invalid") })
  }

  @Test(arguments: [
    ("destination:there.invalid", 2), ("campaign:autumn", 1), ("campaign:Autumn", 1), ("campaign:autumn b@sub", 0),
    ("", 3),
  ])
  func `by destination and by campaign`(filter: String, count: Int) throws {
    let place = try TestWorkspace()
    try place.enqueue(["a@there.invalid", "b@sub.there.invalid"])
    var request = Submitter.Request(source: "enqueue", raw: TestWorkspace.eml(to: "c@There.invalid"))
    request.campaign = "autumn"
    _ = try place.submitter.store(try place.submitter.prepare(request))
    let preview = try place.operations(.operator).preview("queue.hold", matching(filter))
    #expect(preview.isEmpty == (count == 0))
    #expect(count == 0 || preview.summary == "\(count) to be held")
  }

  @Test(arguments: ["autumn sale", "a:b", "näh", String(repeating: "x", count: 65)])
  func `a campaign that no filter could name is refused`(name: String) throws {
    let place = try TestWorkspace()
    var request = Submitter.Request(source: "enqueue", raw: TestWorkspace.eml(to: "c@there.invalid"))
    request.campaign = name
    #expect(throws: SubmissionError.badCampaign(name)) { try place.submitter.prepare(request) }
  }

  @Test(arguments: ["news", "a b@there.invalid", "a@there.invalid\r\nBcc: b@there.invalid", ""])
  func `an account that is no address is refused`(name: String) throws {
    let place = try TestWorkspace()
    var request = Submitter.Request(source: "enqueue", raw: TestWorkspace.eml(to: "c@there.invalid"))
    request.account = name
    #expect(throws: SubmissionError.badAccount(name)) { try place.submitter.prepare(request) }
  }

  @Test(arguments: [
    ("queue.hold", "state:helt"), ("queue.hold", "class:hard"), ("uncertain.send-again", "state:uncertain"),
    ("account.restrict", ""),
  ])
  func `a filter that means nothing, or an operation that takes none, is refused`(id: String, filter: String) throws {
    let place = try TestWorkspace()
    try place.send(["lost@there.invalid"], ending: .doubt)
    #expect(throws: OperationRefusal.self) { try place.operations(.lead).preview(id, matching(filter)) }
    #expect(throws: OperationRefusal.self) { try place.operations(.lead).perform(id, matching(filter)) }
  }

  @Test func `an operation that takes a filter needs no second person`() {
    #expect(Operation.all.filter { $0.takesFilter && $0.secondPerson != nil }.isEmpty)
    #expect(Operation.all.count { $0.takesFilter } == 6)
  }
}
