import MailModel
import MailPolicy
import Storage
import Testing

@testable import Engine

/// What the forecast knows of today's limits.
@Suite struct DrainLimitsTests {
  private let clock = ManualClock()

  private func inbox(_ address: String, in place: TestWorkspace) throws -> Inbox {
    try place.open.secrets.stage(Secret("canary-4711"), for: address)
    try place.open.operations.perform(
      "inbox.add", OperationRequest(arguments: ["address": address, "smtp": "smtp.example.org:465:tls"]))
    return try #require(try place.store.read { try $0.inboxes.get(address: address) })
  }

  @Test func `an inbox's day is in the forecast with what waits for that inbox, and so is its pause`() throws {
    let place = try TestWorkspace(settings: ["TIME_ZONE": "Europe/Berlin"], clock: clock)
    let ann = try inbox("ann@our.example", in: place)
    try place.open.operations.perform(
      "inbox.limit", OperationRequest(targets: [.init(id: "\(ann.id)")], arguments: ["limit": "10", "reason": "new"]))
    try place.enqueue((0..<25).map { "r\($0)@example.com" }, from: "ann@our.example")
    try place.enqueue(["r@example.com"], from: "other@our.example")
    // It is the inbox's by its From, whatever account it is counted for.
    var request = Submitter.Request(
      source: "test", raw: TestWorkspace.eml(to: "r@example.com", from: "ann@our.example"))
    request.account = "team@our.example"
    _ = try place.submitter.store(try place.submitter.prepare(request))
    let held = try place.enqueue(["held@example.com"], from: "ann@our.example")
    try place.open.operations.perform(
      "queue.hold", OperationRequest(targets: held.map { .init(id: "\($0)") }, arguments: ["reason": "a look first"]))
    let settings = place.open.workspace.configuration.inboxes
    let midnight = LocalDay(at: clock.now(), in: settings.timeZone).end
    #expect(
      try place.store.read { try DrainLimits(transaction: $0, inboxes: settings, now: clock.now()).read() } == [
        .init(
          name: "daily limit of inbox ann@our.example", waiting: 26, perWindow: 10, remaining: 10, resetsAt: midnight,
          window: .days(1))
      ])
    try place.open.operations.perform(
      "inbox.pause", OperationRequest(targets: [.init(id: "\(ann.id)")], arguments: ["reason": "complaints"]))
    let forecast = try place.open.insight(destinations: 0).forecast
    let scopes = try place.open.insight(destinations: 1).scopes
    #expect(
      scopes.map { "\($0.scope): \($0.words(now: clock.now()))" }
        == ["inbox:ann@our.example: 10 a day; paused by tess until lifted: complaints"])
    #expect(forecast.answer == .held(26) && forecast.limitedBy == "the pause of inbox ann@our.example")
  }
}
