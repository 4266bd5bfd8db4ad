import Engine
import Foundation
import MailModel
import Storage
import Testing

/// That an audit row says what was before, what was asked for, and what is after.
@Suite struct BeforeAfterTests {
  private func details(_ operation: String, in place: TestWorkspace) throws -> [String: String] {
    let row = try #require(try place.audit(operation).last)
    return try JSONDecoder().decode([String: String].self, from: Data(row.details.utf8))
  }

  @Test func `of messages their states and what was asked for`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue(["a@there.invalid", "b@there.invalid"])
    let runner = place.operations(.operator, relays: ["first:25"])
    func perform(_ operation: String, _ arguments: [String: String] = [:]) throws -> [String: String] {
      try runner.perform(
        operation, OperationRequest(targets: ids.map { .init(id: "\($0)") }, arguments: arguments))
      return try details(operation, in: place)
    }
    var row = try perform("queue.hold")
    #expect(row["before"] == "2 queued" && row["after"] == "2 held")
    row = try perform("queue.reroute", ["relay": "first:25"])
    #expect(row["before"] == "2 held" && row["after"] == "2 held" && row["relay"] == "first:25")
    try place.open.operations.perform(
      "suppression.add", OperationRequest(targets: [.init(id: "a@there.invalid")], arguments: ["reason": "asked us"]))
    row = try perform("queue.release")
    #expect(row["before"] == "2 held" && row["after"] == "1 queued, 1 suppressed")
  }

  @Test func `of a suppression what it was, which is gone with its lift`() throws {
    let place = try TestWorkspace(clock: ManualClock())
    func perform(_ operation: String, _ arguments: [String: String] = [:]) throws -> [String: String] {
      try place.open.operations.perform(
        operation,
        OperationRequest(
          targets: [.init(id: "a@there.invalid")], arguments: arguments.merging(["reason": "asked us"]) { $1 }))
      return try details(operation, in: place)
    }
    var row = try perform("suppression.add", ["days": "30"])
    #expect(row["before"] == "not suppressed" && row["after"]?.hasPrefix("suppressed until ") == true)
    #expect(row["days"] == "30")
    row = try perform("suppression.lift")
    #expect(row["before"]?.hasPrefix("a@there.invalid: operator, until ") == true, "\(row)")
    #expect(row["before"]?.hasSuffix("(tess: asked us)") == true && row["after"] == "not suppressed")
  }

  @Test func `of a step who had ticked it`() throws {
    let place = try TestWorkspace(
      checklists: [
        "case.yaml": "id: case\ntitle: C\nsteps:\n  - {id: look, title: L, instruction: I, probe: none}\n",
        "morning.yaml": "id: morning\ntitle: M\nsteps:\n  - {id: look, title: L, instruction: I, probe: none}\n",
      ])
    try place.enqueue(["a@there.invalid"])
    let runner = place.open.operations
    let account = [OperationRequest.Target(id: "news@sender.invalid")]
    try runner.perform("case.open", OperationRequest(targets: account, arguments: ["reason": "a call"]))
    let step = OperationRequest(targets: [.init(id: "news@sender.invalid/look")])
    try runner.perform("case.tick-step", step)
    #expect(try details("case.tick-step", in: place)["before"] == "open")
    try runner.perform("case.tick-step", step)
    var row = try details("case.tick-step", in: place)
    #expect(row["before"] == "ticked by tess" && row["after"] == "open")
    try runner.perform("checklist.start", OperationRequest())
    let first = OperationRequest(targets: [.init(id: "1/look")])
    try runner.perform("checklist.tick", first)
    try runner.perform("checklist.tick", first)
    row = try details("checklist.tick", in: place)
    #expect(row["before"]?.hasPrefix("ticked by tess") == true && row["after"]?.hasPrefix("open") == true, "\(row)")
  }

  @Test func `of an account its standing, and the level and review of its case`() throws {
    let place = try TestWorkspace(clock: ManualClock())
    try place.enqueue(["a@there.invalid"])
    func perform(_ operation: String, _ arguments: [String: String] = [:]) throws -> (String?, String?) {
      try place.open.operations.perform(
        operation,
        OperationRequest(
          targets: [.init(id: "news@sender.invalid")], arguments: arguments.merging(["reason": "why"]) { $1 }))
      let row = try details(operation, in: place)
      return (row["before"], row["after"])
    }
    let review = Clockface.day(Day.start(after: 30, from: place.open.clock.now()))
    #expect(try perform("account.restrict") == ("good", "restricted, level 1, review on \(review)"))
    let later = Clockface.day(Day.start(after: 10, from: place.open.clock.now()))
    #expect(
      try perform("account.extend", ["days": "10"])
        == ("restricted, level 1, review on \(review)", "restricted, level 1, review on \(later)"))
    #expect(try perform("account.escalate").1 == "restricted, level 2, review on \(later)")
  }
}
