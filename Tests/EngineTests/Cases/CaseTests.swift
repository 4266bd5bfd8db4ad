import Foundation
import MailModel
import MailPolicy
import Storage
import Testing

@testable import Engine

/// From the third complaint to the lifted restriction.
@Suite struct CaseTests {
  let clock = ManualClock()
  let mailbox = FakeMailbox()
  let place: TestWorkspace
  static let loud = "loud@sender.invalid"

  init() throws { place = try TestWorkspace(clock: clock) }

  private func complain(_ range: Range<Int>) throws {
    let ids = try place.send(range.map { "reader.\($0)@there.invalid" }, from: Self.loud)
    for (index, id) in zip(range, ids) {
      mailbox.put(try place.complaint(about: id, by: "reader.\(index)@there.invalid"))
    }
    try place.scan(mailbox)
  }

  private var account: Account { get throws { try place.account(Self.loud) } }
  private var current: AbuseCase? {
    get throws {
      let id = try account.id
      return try place.store.read { try $0.cases.current(of: id) }
    }
  }

  @discardableResult
  private func perform(
    _ id: String, _ arguments: [String: String] = [:], by name: String = "ana", _ role: Role = .reviewer
  ) throws -> Effect {
    try place.runner(name, role).perform(
      id,
      OperationRequest(
        targets: [.init(id: Self.loud)], arguments: ["reason": "looked at it"].merging(arguments) { $1 }))
  }

  private func tick(_ step: String) throws {
    let open = try #require(try current)
    _ = try place.runner("ana", .reviewer).perform(
      "case.tick-step", OperationRequest(targets: [.init(id: "\(open.id)/\(step)")]))
  }

  private func texts() throws -> [String] {
    let open = try #require(try current)
    return try place.store.read { try $0.cases.events(of: open.id, limit: 100) }.map(\.text)
  }

  @Test func `the third complaint opens it, the fifth restricts by itself`() throws {
    try complain(0..<2)
    #expect(try current == nil)
    try complain(2..<3)
    let flagged = try #require(try current)
    #expect(flagged.state == .open && flagged.opening == .flagged)
    #expect(try account.standing == .flagged)
    try complain(3..<5)
    let restricted = try #require(try current)
    #expect(restricted.id == flagged.id && restricted.state == .restricted)
    #expect(restricted.opening == .flagged && restricted.stateWords == "restricted automatically")
    #expect(restricted.restrictedAt == clock.now())
    #expect(restricted.nextReview == Day.start(after: 30, from: clock.now()))
    let audit = try #require(try place.audit("policy.restrict").first)
    #expect(audit.details.contains("\"case\":\"\(restricted.id)\""))
    let steps = try place.store.read { try $0.cases.steps(of: restricted.id) }
    #expect(Set(steps.filter { $0.state == .ticked }.map(\.step)) == ["restrict", "follow-up"])
    #expect(try steps.count == place.open.caseSteps().count && steps.count >= 11)
  }

  @Test func `five at once open it as restricted automatically`() throws {
    let ids = try place.send((0..<5).map { "r\($0)@there.invalid" }, from: Self.loud)
    // Without a flag before: thresholds of their own would do the same.
    let now = clock.now()
    try place.store.write { transaction in
      let account = try transaction.accounts.getOrCreate(Self.loud, now: now)
      _ = try CaseDesk(
        transaction, restriction: .init(), steps: { [open = place.open] in try open.caseSteps() }, person: "postroom",
        now: now
      ).restricted(account, "5 complaints", by: .automatically)
    }
    #expect(ids.count == 5)
    #expect(try current?.opening == .restrictedAutomatically)
    #expect(try texts().last == "case opened: restricted automatically")
  }

  @Test func `watch, another complaint opens it again, dismiss closes it`() throws {
    try complain(0..<3)
    try perform("account.watch")
    #expect(try account.standing == .good && current?.state == .watching)
    try complain(3..<4)
    #expect(try account.standing == .flagged && current?.state == .open)
    try perform("account.dismiss")
    #expect(try current == nil)
    #expect(try account.standing == .good)
    let id = try account.id
    let earlier = try place.store.read { try $0.cases.earlier(of: id) }
    #expect(earlier.map(\.state) == [.closed] && earlier[0].closedAt == clock.now())
    #expect(try place.store.read { try $0.followUps.due(now: clock.now() + .days(400), limit: 9) }.isEmpty)
    #expect(throws: OperationRefusal.self) { try perform("account.dismiss") }
  }

  @Test func `lifting alone takes all four criteria`() throws {
    try complain(0..<3)
    try perform("account.restrict")
    try tick("understanding")
    try tick("commitment")
    clock.advance(Span(microseconds: Span.days(30).microseconds - 1))
    let question = try place.runner("ana", .reviewer).preview(
      "account.lift", OperationRequest(targets: [.init(id: Self.loud)]))
    #expect(question.lines.first == "needs a second person: a criterion does not hold; this asks for one")
    #expect(question.lines.filter { $0.contains("restricted for 30 days or more") }.count == 1, "told once")
    let early = try perform("account.lift")
    #expect(
      early.approval != nil && early.summary.contains("criteria that do not hold: restricted for 30 days or more"))
    #expect(try account.standing == .restricted)
    let asked = try #require(early.approval)
    let preview = "lifts the restriction of \(Self.loud): releases 0, skips 0 suppressed"
    #expect(try texts().contains("asked for a second person, approval \(asked): \(preview)"))
    _ = try place.runner("ben", .reviewer).perform(
      "approval.reject", OperationRequest(targets: [.init(id: "\(asked)")], arguments: ["reason": "wait a day"]))
    #expect(try texts().contains("approval \(asked) rejected: wait a day"))
    clock.advance(Span(microseconds: 1))
    let alone = try place.runner("ana", .reviewer).preview(
      "account.lift", OperationRequest(targets: [.init(id: Self.loud)]))
    #expect(!alone.isRequest && alone.lines.prefix(4).allSatisfy { $0.hasPrefix("holds: ") })
    let effect = try perform("account.lift")
    #expect(effect.approval == nil && effect.changed == 1)
    #expect(try account.standing == .good && current?.state == .watching)
    #expect(try current?.nextReview == Day.start(after: 30, from: clock.now()))
    #expect(try texts().contains { $0.hasPrefix("lifted (all criteria hold; ") })
  }

  @Test(arguments: [("release", MessageState.queued), ("discard", .cancelled), ("leave", .held)])
  func `held mail is released, discarded or left`(word: String, state: MessageState) throws {
    let id = try place.enqueue(["next@there.invalid"], from: Self.loud)[0]
    try perform("account.restrict")
    #expect(try place.message(id).state == .held)
    let asked = try #require(try perform("account.lift", ["held": word]).approval)
    _ = try place.runner("ben", .reviewer).perform(
      "approval.approve", OperationRequest(targets: [.init(id: "\(asked)")]))
    #expect(try place.message(id).state == state)
  }

  @Test func `mail that was rerouted while held is still held by the restriction`() throws {
    let ids = try place.enqueue((0..<3).map { "next.\($0)@there.invalid" }, from: Self.loud)
    try perform("account.restrict")
    let held = try place.message(ids[0]).stateReason
    _ = try place.operations(.operator, relays: ["second:25"]).perform(
      "queue.reroute",
      OperationRequest(targets: ids.prefix(2).map { .init(id: "\($0)") }, arguments: ["relay": "second:25"]))
    let rerouted = try place.message(ids[0])
    #expect(rerouted.relay == "second:25" && rerouted.stateReason == held)
    let asked = try #require(try perform("account.lift").approval)
    _ = try place.runner("ben", .reviewer).perform(
      "approval.approve", OperationRequest(targets: [.init(id: "\(asked)")]))
    #expect(try ids.map { try place.message($0).state } == [.queued, .queued, .queued])
  }

  @Test func `the question before a lift shows which mails it frees`() throws {
    try complain(0..<5)
    _ = try place.enqueue((0..<5).map { "next.\($0)@there.invalid" }, from: Self.loud)
    let preview = try place.runner("ana", .reviewer).preview(
      "account.lift", OperationRequest(targets: [.init(id: Self.loud)], arguments: ["reason": "spoke"]))
    #expect(preview.summary.contains("releases 5"))
    let shown = preview.lines.filter { $0.hasPrefix("held: ") }
    #expect(shown.count == 3 && shown[0].contains("next.4@there.invalid"), "\(preview.lines)")
  }

  @Test func `a restriction ends the watch, and nobody comes back for it; what people follow up stays`() throws {
    try complain(0..<3)
    try perform("account.watch")
    try perform("follow-up.add", ["due": "5", "text": "call the holder"])
    try perform("account.restrict")
    let id = try #require(try current).id
    let open = try place.store.read { try $0.followUps.list(case: id) }.filter { $0.doneAt == nil }.map(\.text)
    #expect(open.sorted() == ["Review the restriction", "call the holder"])
    #expect(throws: OperationRefusal.changed("account \(Self.loud) is restricted (restricted by ana: looked at it)")) {
      try perform("account.restrict")
    }
    let extended = try perform("account.extend", ["days": "60"])
    #expect(
      extended.summary
        == "\(Self.loud) extended by 60 days, review on \(Clockface.day(Day.start(after: 60, from: clock.now())))")
  }

  @Test func `another word for held mail is refused before anything happens`() throws {
    try place.enqueue(["next@there.invalid"], from: Self.loud)
    try perform("account.restrict")
    #expect(throws: OperationRefusal.self) { try perform("account.lift", ["held": "burn"]) }
    #expect(try account.standing == .restricted)
  }

  @Test func `two reviewers decide at once: one wins, the other is told`() async throws {
    try complain(0..<3)
    let drawn = try account.version
    let place = place
    let verbs = ["account.restrict", "account.watch", "account.dismiss", "account.restrict", "account.educate"]
    let runners = try verbs.indices.map { try place.runner("reviewer\($0)", .reviewer) }
    let outcomes = await withTaskGroup(of: String.self) { group in
      for (verb, runner) in zip(verbs, runners) {
        group.addTask {
          do {
            _ = try runner.perform(
              verb,
              OperationRequest(targets: [.init(id: Self.loud, version: drawn)], arguments: ["reason": "mine"]))
            return "won"
          } catch { return "\(error)" }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.filter { $0 == "won" }.count == 1)
    #expect(outcomes.filter { $0.contains("changed since it was drawn") }.count == verbs.count - 1)
    // The others are told who decided and what.
    #expect(outcomes.filter { $0.contains("now (reviewer") && $0.contains("mine") }.count >= verbs.count - 2)
    #expect(try account.version == drawn + 1)
    let decisions = try verbs.flatMap { try place.audit($0) }
    #expect(Set(decisions.map(\.id)).count == 1)
  }

  /// Fault 23, seen from the case: restricted between claim and arm.
  @Test func `restricted between claim and arm, nothing of it is armed`() throws {
    let id = try place.enqueue(["next@there.invalid"], from: Self.loud)[0]
    let now = clock.now()
    let leased = try place.store.write {
      try $0.messages.claim(limit: 9, owner: "e", now: now, leaseUntil: now + .minutes(5))
    }
    #expect(leased.map(\.id) == [id])
    try perform("account.restrict")
    let lease = Lease(id: id, epoch: leased[0].epoch)
    let verdicts = try place.store.write {
      try $0.messages.arm([lease], owner: "e", now: now, leaseUntil: now + .minutes(5))
    }
    #expect(verdicts[id] != .armed)
    #expect(try place.message(id).state == .held)
    #expect(try place.message(id).stateReason == AccountEvidence.holdReason)
  }

  @Test func `steps are ticked, taken back and skipped with a reason`() throws {
    _ = try place.send(["reader@there.invalid"], from: Self.loud)
    try perform("case.open")
    let open = try #require(try current)
    #expect(open.opening == .byHand && open.state == .open)
    try tick("history")
    try tick("history")
    let skip = OperationRequest(targets: [.init(id: "\(open.id)/tell-team")], arguments: ["reason": "one person team"])
    _ = try place.runner("ana", .reviewer).perform("case.skip-step", skip)
    let steps = try place.store.read { try $0.cases.steps(of: open.id) }
    #expect(steps.first { $0.step == "history" }?.state == .open)
    #expect(steps.first { $0.step == "tell-team" }?.reason == "one person team")
    let stale = OperationRequest(targets: [.init(id: "\(open.id)/tell-team", version: 1)])
    #expect(throws: OperationRefusal.self) { try place.runner("ben", .reviewer).perform("case.tick-step", stale) }
    #expect(throws: OperationRefusal.self) { try perform("case.open") }
    #expect(try texts().contains("'Tell the team' skipped: one person team"))
    let row = try #require(try place.audit("case.skip-step").first)
    #expect(row.subject == "case:\(open.id)/tell-team" && row.reason == "one person team")
  }

  @Test func `a follow-up comes back on the morning checklist on its day`() throws {
    try place.enqueue(["next@there.invalid"], from: Self.loud)
    try perform("follow-up.add", ["due": "3", "text": "ask the holder"], by: "oli", .operator)
    func probe() throws -> ProbeReading {
      try place.store.read { transaction in
        try Probe.read(.followUps, transaction, context())
      }
    }
    #expect(try probe().verdict == .ok)
    clock.advance(Day.start(after: 3, from: clock.now()) - clock.now() - .seconds(1))
    #expect(try probe().verdict == .ok)
    clock.advance(.seconds(1))
    #expect(try probe().verdict == .warning && probe().value.contains(Self.loud))
    // It stands on top of the accounts, and says so, until it was looked at.
    func top() throws -> Account? {
      let window = place.open.workspace.configuration.restriction.window
      let now = clock.now()
      try place.store.write { _ = try $0.accounts.rankDue(window: window, now: now, limit: 9) }
      return try place.store.read { try $0.accounts.page(.init(limit: 9), window: window, now: now).rows.first }
    }
    try place.enqueue(["next@there.invalid"], from: "worse@sender.invalid")
    _ = try place.runner("ana", .reviewer).perform(
      "account.restrict",
      OperationRequest(targets: [.init(id: "worse@sender.invalid")], arguments: ["reason": "bought list"]))
    #expect(try top()?.address == Self.loud && top()?.figures?.nextReview == clock.now())
    let due = try #require(try place.store.read { try $0.followUps.due(now: clock.now(), limit: 9) }.first)
    let request = OperationRequest(targets: [.init(id: "\(due.id)", version: due.version)])
    _ = try place.runner("oli", .operator).perform("follow-up.done", request)
    #expect(throws: OperationRefusal.self) { try place.runner("ana", .reviewer).perform("follow-up.done", request) }
    #expect(try top()?.address == "worse@sender.invalid")
    #expect(try probe().verdict == .ok)
    for bad in ["yesterday", "2020-01-01", "2026-02-30", "-1", "99999", ""] {
      #expect(throws: OperationRefusal.self, "\(bad)") { try perform("follow-up.add", ["due": bad, "text": "x"]) }
    }
  }

  private func context() -> OperationContext {
    OperationContext(
      actor: TestWorkspace.person(.operator), clock: clock, stop: place.open.stop, restriction: .init(),
      checklist: { [open = place.open] in try open.checklist($0) },
      probes: ProbeSources(relay: "r", mailboxes: [], scanInterval: .minutes(1), storeFolder: "/"))
  }

  @Test func `escalation climbs, and the pass over all restrictions counts down`() throws {
    for name in ["a", "b", "c"] {
      try place.enqueue(["next@there.invalid"], from: "\(name)@sender.invalid")
      _ = try place.runner("ana", .reviewer).perform(
        "account.restrict", OperationRequest(targets: [.init(id: "\(name)@sender.invalid")], arguments: ["reason": "x"])
      )
    }
    func decide(_ verb: String, _ name: String, _ arguments: [String: String] = [:]) throws {
      _ = try place.runner("ana", .reviewer).perform(
        verb,
        OperationRequest(
          targets: [.init(id: "\(name)@sender.invalid")], arguments: ["reason": "monthly"].merging(arguments) { $1 }))
    }
    let start = OperationRequest()
    _ = try place.runner("ana", .reviewer).perform("restriction-audit.start", start)
    #expect(throws: OperationRefusal.self) {
      try place.runner("ben", .reviewer).perform("restriction-audit.start", start)
    }
    try decide("account.escalate", "a")
    try decide("account.escalate", "a", ["level": "L4"])
    #expect(throws: OperationRefusal.self) { try decide("account.escalate", "a", ["level": "5"]) }
    try decide("account.keep", "a")
    try decide("account.extend", "b", ["days": "60"])
    var audit = try #require(try place.store.read { try $0.restrictionAudits.current() })
    #expect(audit.decided == 2 && audit.total == 3)
    #expect(try place.open.nextInAudit() == place.account("c@sender.invalid").id)
    // A decision outside the pass counts in it, too.
    _ = try place.runner("ben", .lead).perform("break-glass.open", OperationRequest(arguments: ["reason": "test"]))
    _ = try place.runner("ben", .lead).perform(
      "account.lift", OperationRequest(targets: [.init(id: "c@sender.invalid")], arguments: ["reason": "monthly"]))
    #expect(try place.store.read { try $0.restrictionAudits.current() } == nil)
    audit = try #require(try place.store.read { try $0.restrictionAudits.last() })
    #expect(audit.completedAt == clock.now() && audit.decided == 3)
    let b = try place.account("b@sender.invalid").id
    #expect(try place.store.read { try $0.cases.current(of: b) }?.nextReview == Day.start(after: 60, from: clock.now()))
  }
}
