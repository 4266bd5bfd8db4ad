import MailModel
import Storage
import Testing

@testable import Engine

/// Who has an alert, how to reach them, and since when it stands.
@Suite struct AlertStandingTests {
  let clock = ManualClock()

  @Test func `the engine remembers since when an alert stands, and forgets it when it is over`() throws {
    let place = try TestWorkspace(clock: clock)
    try place.enqueue(["next@there.invalid"], from: "loud@sender.invalid")
    func standing() throws -> AlertStanding? {
      try place.open.overview().standingAlerts(place.open.contacts()).first { $0.alert.id == "restricted-accounts" }
    }
    func restrict(_ id: String) throws {
      _ = try place.open.operations.perform(
        id, OperationRequest(targets: [.init(id: "loud@sender.invalid")], arguments: ["reason": "x"]))
    }
    #expect(try standing() == nil)
    try restrict("account.restrict")
    #expect(try standing()?.since == nil)
    #expect(try standing()?.words(now: clock.now()).hasPrefix("not seen by an engine yet") == true)
    let begin = clock.now()
    try AlertWatch.run(place.store, now: begin)
    clock.advance(.minutes(59))
    try AlertWatch.run(place.store, now: clock.now())
    let early = try #require(try standing())
    #expect(early.since == begin && early.escalation.level == 1 && early.escalation.who?.name == "Operations")
    #expect(early.words(now: clock.now()).contains("(59 min), answer within 60 min; L1 Operations: "))
    clock.advance(.minutes(1))
    #expect(try standing()?.escalation.level == 2)
    clock.advance(.days(9))
    #expect(try standing()?.escalation.level == 3)
    _ = try place.open.operations.perform("break-glass.open", OperationRequest(arguments: ["reason": "test"]))
    try restrict("account.lift")
    try AlertWatch.run(place.store, now: clock.now())
    #expect(try place.store.read { try $0.standingAlerts.all()["restricted-accounts"] } == nil)
    #expect(try standing() == nil)
  }
}
