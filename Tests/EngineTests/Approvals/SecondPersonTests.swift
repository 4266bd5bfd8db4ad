import Engine
import Foundation
import GRDB
import MailModel
import Storage
import Testing

/// Two people means two different ones (fault 41); break-glass is loud and expires.
@Suite struct SecondPersonTests {
  let clock = ManualClock()
  let place: TestWorkspace
  /// Two uncertain messages; one more than a person may send again alone.
  let doubtful: [Message.ID]

  init() throws {
    place = try TestWorkspace(settings: ["SECOND_PERSON_MESSAGES": "1", "APPROVAL_HOURS": "2"], clock: clock)
    doubtful = try place.doubt(["a@there.invalid", "b@there.invalid"])
  }

  private func person(_ name: String, _ role: Role, operators: String? = nil) throws -> OperationRunner {
    try place.runner(name, role, operators: operators)
  }

  private var request: OperationRequest {
    OperationRequest(targets: doubtful.map { .init(id: "\($0)") }, arguments: ["reason": "relay lost its log"])
  }

  /// Ana asks.
  private func asked() throws -> Int64 {
    try #require(try person("ana", .operator).perform("uncertain.send-again", request).approval)
  }

  private func approval(_ id: Int64) throws -> Approval {
    try #require(try place.store.read { try $0.approvals.get(id) })
  }

  private func decide(
    _ verb: String, _ id: Int64, by name: String, _ role: Role = .operator, operators: String? = nil
  ) throws -> Effect {
    try person(name, role, operators: operators).perform(
      "approval.\(verb)", OperationRequest(targets: [.init(id: "\(id)")], arguments: ["reason": "looked at it"]))
  }

  @Test func `one person alone does what one person may`() throws {
    let one = OperationRequest(targets: [.init(id: "\(doubtful[0])")], arguments: ["reason": "seen in the log"])
    let effect = try person("ana", .operator).perform("uncertain.send-again", one)
    #expect(effect.approval == nil && effect.changed == 1)
    #expect(try place.message(doubtful[0]).state == .queued)
  }

  @Test func `several requests of a day are as one, whatever their number`() throws {
    func one(_ id: Message.ID) -> OperationRequest {
      OperationRequest(targets: [.init(id: "\(id)")], arguments: ["reason": "seen in the log"])
    }
    #expect(try person("ana", .operator).perform("uncertain.send-again", one(doubtful[0])).changed == 1)
    let second = try person("ana", .operator).perform("uncertain.send-again", one(doubtful[1]))
    #expect(second.approval != nil && second.summary.contains("besides 1 sent again in the last 24 hours"))
    let approval = try #require(second.approval)
    _ = try decide("approve", approval, by: "ben")
    #expect(try place.message(doubtful[1]).state == .queued)
    let third = try place.doubt(["c@there.invalid", "d@there.invalid"])
    #expect(try person("ben", .operator).perform("uncertain.send-again", one(third[0])).changed == 1)
    clock.advance(.hours(25))
    #expect(try person("ana", .operator).perform("uncertain.send-again", one(third[1])).changed == 1)
  }

  @Test func `what two people sent again together counts for neither`() throws {
    _ = try decide("approve", try asked(), by: "ben")
    #expect(try doubtful.map { try place.message($0).state } == [.queued, .queued])
    let more = try place.doubt(["c@there.invalid", "d@there.invalid"])
    for (name, id) in zip(["ana", "ben"], more) {
      let alone = OperationRequest(targets: [.init(id: "\(id)")], arguments: ["reason": "seen in the log"])
      #expect(try person(name, .operator).perform("uncertain.send-again", alone).changed == 1)
    }
  }

  @Test func `the first person's perform asks and changes nothing`() throws {
    #expect(try person("ana", .operator).preview("uncertain.send-again", request).isRequest)
    let effect = try person("ana", .operator).perform("uncertain.send-again", request)
    let id = try #require(effect.approval)
    #expect(effect.changed == 0 && effect.summary.contains("second person"))
    #expect(try doubtful.map { try place.message($0).state } == [.uncertain, .uncertain])
    let filed = try approval(id)
    #expect(filed.state == .pending && filed.requestedBy == "ana" && filed.expiresAt == clock.now() + .hours(2))
    #expect(filed.preview == "2 to be queued again")
    #expect(try place.audit("uncertain.send-again").isEmpty)
    let row = try #require(try place.audit("approval.request").first)
    #expect(row.actor == "ana" && row.subject == "approval:\(id)" && row.reason == "relay lost its log")
    #expect(row.details.contains("asks for a second person: 2 to be queued again"))
    #expect(try place.counter("approval.pending") == 1)
    let preview = try person("ana", .operator).preview("uncertain.send-again", request)
    #expect(preview.lines.first?.contains("needs a second person") == true)
  }

  @Test func `the same is asked for once, until it is decided about`() throws {
    let id = try asked()
    for name in ["ana", "ben"] {
      let refusal = #expect(throws: OperationRefusal.self) {
        try person(name, .operator).perform("uncertain.send-again", request)
      }
      #expect(refusal?.description.contains("approval \(id) asks for it already, by ana since") == true)
    }
    let preview = try person("ben", .operator).preview("uncertain.send-again", request)
    #expect(preview.isEmpty && !preview.isRequest && preview.summary.contains("asks for it already, by ana"))
    _ = try decide("reject", id, by: "ben")
    #expect(try asked() != id)
  }

  @Test func `the second person's yes does it, in one transaction, with both names`() throws {
    let id = try asked()
    let effect = try decide("approve", id, by: "ben")
    #expect(effect.summary.contains("2 queued again"))
    #expect(try doubtful.map { try place.message($0).state } == [.queued, .queued])
    #expect(try place.message(doubtful[0]).stateReason.contains("ana with ben"))
    #expect(try approval(id).state == .approved && approval(id).decidedBy == "ben")
    let row = try #require(try place.audit("uncertain.send-again").first)
    #expect(row.actor == "ana" && row.reason == "relay lost its log")
    for part in ["\"requestedBy\":\"ana\"", "\"approvedBy\":\"ben\"", "\"approval\":\"\(id)\"", "\"preview\":"] {
      #expect(row.details.contains(part), "\(row.details)")
    }
    let decision = try #require(try place.audit("approval.approve").first)
    #expect(decision.actor == "ben" && decision.details.contains("\"requestedBy\":\"ana\""))
    #expect(try place.counter("approval.pending") == 0)
  }

  @Test func `fault 41: nobody approves what they asked for, in the engine and in the store`() throws {
    let id = try asked()
    #expect(throws: OperationRefusal.self) { try decide("approve", id, by: "ana", .lead) }
    #expect(try approval(id).state == .pending)
    #expect(try doubtful.map { try place.message($0).state } == [.uncertain, .uncertain])
    #expect(throws: DatabaseError.self) { () throws in
      try DatabaseQueue(path: place.store.path).write { db in
        try db.execute(sql: "UPDATE approval SET state = 'approved', decided_by = requested_by, decided_at = 1")
      }
    }
    let filed = try approval(id)
    #expect(throws: StoreError.self) { () throws in
      try place.store.write {
        try $0.approvals.decide(filed, state: .approved, by: "ana", words: "", now: clock.now())
      }
    }
  }

  @Test(arguments: [
    ("ana operator\nben operator\neve watcher\nroot lead\n", ": ben (operator), root (lead)"),
    ("ana operator\neve watcher\n", ", but nobody else has the role operator"),
  ])
  func `who asked is told so, and who else may approve, before a yes and after it`(
    operators: String, others: String
  ) throws {
    let id = try asked()
    let ana = try place.runner("ana", .operator, operators: operators)
    let own = OperationRequest(targets: [.init(id: "\(id)")])
    let words = "approval \(id): it was you who asked for it; somebody else may approve it\(others)"
    #expect(throws: OperationRefusal.secondPerson(words)) { try ana.preview("approval.approve", own) }
    #expect(throws: OperationRefusal.secondPerson(words)) { try ana.perform("approval.approve", own) }
  }

  @Test func `the second person needs the operation's role`() throws {
    let id = try asked()
    #expect(throws: OperationRefusal.self) { try decide("approve", id, by: "eve", .watcher) }
    #expect(try approval(id).state == .pending)
  }

  @Test func `whoever approves needs the role of what is approved, not that of approving`() throws {
    let account = try place.account("news@sender.invalid")
    let target = OperationRequest(targets: [.init(id: "\(account.id)")], arguments: ["reason": "x"])
    _ = try person("ana", .reviewer).perform("account.restrict", target)
    let id = try #require(try person("ana", .reviewer).perform("account.lift", target).approval)
    for verb in ["approve", "reject"] {
      #expect(
        throws: OperationRefusal.role(needed: .reviewer, actual: .operator, operation: "account.lift", holders: [])
      ) { try decide(verb, id, by: "ben", .operator) }
    }
    #expect(try approval(id).state == .pending)
    #expect(try place.account(account.address).standing == .restricted)
    _ = try decide("approve", id, by: "ben", .reviewer)
    #expect(try place.account(account.address).standing == .good)
  }

  @Test func `what would change nothing is refused, not asked for`() throws {
    _ = try person("cem", .operator).perform("uncertain.give-up", request)
    #expect(throws: OperationRefusal.self) { try person("ana", .operator).perform("uncertain.send-again", request) }
    #expect(try place.counter("approval.pending") == 0)
  }

  @Test func `who asked must still be somebody who may`() throws {
    let id = try asked()
    #expect(throws: OperationRefusal.self) {
      try decide("approve", id, by: "ben", operators: "ben lead\nana watcher\n")
    }
    #expect(try approval(id).state == .pending)
    _ = try decide("approve", id, by: "ben", operators: "ben lead\nana operator\n")
    #expect(try approval(id).state == .approved)
  }

  @Test func `a target that changed since it was asked for is not touched`() throws {
    let id = try asked()
    // Evidence settles one of the two meanwhile.
    _ = try person("cem", .operator).perform(
      "uncertain.mark-sent", OperationRequest(targets: [.init(id: "\(doubtful[0])")], arguments: ["reason": "log"]))
    let effect = try decide("approve", id, by: "ben")
    #expect(effect.refusals.count == 1 && effect.refusals[0].contains("changed"))
    #expect(try doubtful.map { try place.message($0).state } == [.sent, .queued])
  }

  @Test func `when nothing can be done any more the approval stays open`() throws {
    let id = try asked()
    _ = try person("cem", .operator).perform("uncertain.give-up", request)
    #expect(throws: OperationRefusal.self) { try decide("approve", id, by: "ben") }
    #expect(try approval(id).state == .pending)
    #expect(try place.audit("approval.approve").isEmpty)
  }

  @Test func `two people decide at once: one wins, the other is told`() throws {
    let id = try asked()
    let version = try approval(id).version
    let runner = try person("cem", .operator)
    _ = try decide("approve", id, by: "ben")
    #expect(throws: OperationRefusal.self) { () throws in
      try runner.perform(
        "approval.reject",
        OperationRequest(targets: [.init(id: "\(id)", version: version)], arguments: ["reason": "no"]))
    }
    #expect(try approval(id).state == .approved)
  }

  @Test func `a no changes nothing, and one's own request is withdrawn`() throws {
    let first = try asked()
    _ = try decide("reject", first, by: "ben")
    #expect(try approval(first).state == .rejected)
    let second = try asked()
    _ = try decide("reject", second, by: "ana")
    #expect(try approval(second).state == .withdrawn)
    #expect(try doubtful.map { try place.message($0).state } == [.uncertain, .uncertain])
    #expect(throws: OperationRefusal.self) { try decide("approve", first, by: "cem") }
  }

  @Test func `a request expires: refused at once, ended and audited by the engine`() throws {
    let id = try asked()
    clock.advance(.hours(2))
    #expect(throws: OperationRefusal.self) { try decide("approve", id, by: "ben") }
    #expect(try approval(id).state == .pending)
    #expect(try place.expireApprovals() == 1)
    #expect(try approval(id).state == .expired)
    #expect(try place.audit("approval.expire").count == 1)
    #expect(try place.expireApprovals() == 0)
  }

  @Test func `a second before it expires it can be approved`() throws {
    let id = try asked()
    clock.advance(.hours(2) - .seconds(1))
    #expect(try place.expireApprovals() == 0)
    _ = try decide("approve", id, by: "ben")
    #expect(try approval(id).state == .approved)
  }
}

extension Span {
  static func - (left: Span, right: Span) -> Span { Span(microseconds: left.microseconds - right.microseconds) }
}
