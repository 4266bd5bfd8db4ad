import Foundation
import MailModel
import Storage
import Testing

@testable import Engine

/// Acting alone: only by who may, loud, reviewed afterwards, over after minutes (fault 41).
@Suite struct BreakGlassTests {
  let clock = ManualClock()
  let place: TestWorkspace
  let doubtful: [Message.ID]

  init() throws {
    place = try TestWorkspace(settings: ["SECOND_PERSON_MESSAGES": "1", "BREAK_GLASS_MINUTES": "10"], clock: clock)
    doubtful = try place.doubt(["a@there.invalid", "b@there.invalid"])
  }

  private var request: OperationRequest {
    OperationRequest(targets: doubtful.map { .init(id: "\($0)") }, arguments: ["reason": "nobody answers at 2 am"])
  }
  private let why = OperationRequest(arguments: ["reason": "nobody answers at 2 am"])

  private func alerts() throws -> [String] { try place.open.overview().alerts.map(\.id) }
  private func open() throws -> Approval {
    try #require(try place.store.read { try $0.approvals.page(ApprovalQuery(states: [.alone])).rows.first })
  }

  @Test(arguments: [Role.watcher, .operator, .reviewer])
  func `only who may breaks it`(role: Role) throws {
    let runner = try place.runner("ana", role)
    #expect(throws: OperationRefusal.self) { try runner.perform("break-glass.open", why) }
    #expect(try !alerts().contains("break-glass"))
    if role >= .operator {
      #expect(try runner.perform("uncertain.send-again", request).approval != nil)
    }
  }

  @Test func `it needs a reason`() throws {
    #expect(throws: OperationRefusal.self) {
      try place.runner("ana", .lead).perform("break-glass.open", OperationRequest(arguments: ["reason": " "]))
    }
  }

  @Test func `what is done alone is done at once, loud, and stays so until it is reviewed`() throws {
    let ana = try place.runner("ana", .lead)
    #expect(try !alerts().contains("break-glass"))
    _ = try ana.perform("break-glass.open", why)
    #expect(try alerts().contains("break-glass"))
    #expect(try ana.preview("uncertain.send-again", request).lines.first?.contains("BREAK-GLASS") == true)
    #expect(try ana.preview("uncertain.send-again", request).lines.contains { $0.contains("gets it twice") })
    let effect = try ana.perform("uncertain.send-again", request)
    #expect(effect.approval == nil && effect.changed == 2)
    #expect(try doubtful.map { try place.message($0).state } == [.queued, .queued])
    let row = try #require(try place.audit("uncertain.send-again").first)
    #expect(row.details.contains("\"breakGlass\":\"1: nobody answers at 2 am\""), "\(row.details)")
    #expect(try alerts().contains("done-alone"))
    let alone = try open()
    // Not by the same person, neither way.
    let own = OperationRequest(targets: [.init(id: "\(alone.id)")], arguments: ["reason": "fine"])
    #expect(throws: OperationRefusal.self) { try ana.perform("approval.approve", own) }
    #expect(throws: OperationRefusal.self) { try ana.perform("approval.reject", own) }
    _ = try ana.perform("break-glass.close", OperationRequest())
    #expect(try !alerts().contains("break-glass") && alerts().contains("done-alone"))
    // Time does not review anything.
    clock.advance(.days(3))
    #expect(try place.expireApprovals() == 0)
    #expect(try alerts().contains("done-alone"))
    _ = try place.runner("ben", .operator).perform("approval.approve", own)
    #expect(try !alerts().contains("done-alone"))
    #expect(try place.store.read { try $0.approvals.get(alone.id)?.state } == .reviewed)
  }

  @Test func `an objection is recorded; what was done stays done`() throws {
    let ana = try place.runner("ana", .lead)
    _ = try ana.perform("break-glass.open", why)
    _ = try ana.perform("uncertain.send-again", request)
    let id = try open().id
    _ = try place.runner("ben", .operator).perform(
      "approval.reject", OperationRequest(targets: [.init(id: "\(id)")], arguments: ["reason": "could have waited"]))
    #expect(try place.store.read { try $0.approvals.get(id)?.state } == .objected)
    #expect(try place.message(doubtful[0]).state == .queued)
  }

  @Test func `the right to act alone expires`() throws {
    let ana = try place.runner("ana", .lead)
    _ = try ana.perform("break-glass.open", why)
    #expect(throws: OperationRefusal.self) { try ana.perform("break-glass.open", why) }
    clock.advance(.minutes(10))
    #expect(try !alerts().contains("break-glass"))
    #expect(try ana.perform("uncertain.send-again", request).approval != nil)
    #expect(throws: OperationRefusal.self) { try ana.perform("break-glass.close", OperationRequest()) }
  }

  @Test func `it is known beforehand whether a request needs it`() throws {
    let ana = try place.runner("ana", .lead)
    #expect(try ana.secondPerson("uncertain.send-again", request)?.contains("may arrive twice") == true)
    var one = request
    one.targets.removeLast()
    #expect(try ana.secondPerson("uncertain.send-again", one) == nil)
    #expect(try ana.secondPerson("uncertain.give-up", request) == nil)
    one.arguments = [:]
    #expect(throws: OperationRefusal.self, "what would be refused anyway") {
      try ana.secondPerson("uncertain.send-again", one)
    }
  }

  @Test func `it is the right of one person only`() throws {
    _ = try place.runner("ana", .lead).perform("break-glass.open", why)
    #expect(try place.runner("ben", .lead).perform("uncertain.send-again", request).approval != nil)
  }

  @Test func `an effect that is refused leaves nothing to review`() throws {
    let ana = try place.runner("ana", .lead)
    _ = try ana.perform("break-glass.open", why)
    _ = try ana.perform("uncertain.give-up", request)
    #expect(throws: OperationRefusal.self) { try ana.perform("uncertain.send-again", request) }
    #expect(try place.counter("approval.alone") == 0)
  }

  @Test func `what needs two people is not prepared by one`() {
    // An operation with a preparation acts before anybody approved it.
    for operation in Operation.all where operation.secondPerson != nil { #expect(operation.prepare == nil) }
  }
}
