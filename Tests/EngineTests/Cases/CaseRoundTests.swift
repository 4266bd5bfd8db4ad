import Foundation
import MailModel
import MailPolicy
import Storage
import Testing

@testable import Engine

/// Cases that come round again, thresholds of one's own, levels of escalation, and the edges of thirty days end to end.
@Suite struct CaseRoundTests {
  let clock = ManualClock()
  let mailbox = FakeMailbox()
  static let loud = "loud@sender.invalid"
  static let contacts = """
    levels:
      - level: 1
        name: Desk
        people:
          - {name: Night desk, email: desk@team.invalid, phone: "+81 3"}
      - level: 2
        name: Engineering
        people:
          - {name: Ana, email: ana@team.invalid}
          - {name: Ben, phone: "+81 4"}

    """

  private func workspace(_ settings: [String: String] = [:], contacts: Bool = true) throws -> TestWorkspace {
    let place = try TestWorkspace(settings: settings, clock: clock)
    if contacts { try Data(Self.contacts.utf8).write(to: place.folder.appending(path: "contacts.yaml")) }
    return place
  }

  private func complain(_ range: Range<Int>, in place: TestWorkspace) throws {
    let ids = try place.send(range.map { "reader.\($0)@there.invalid" }, from: Self.loud)
    for (index, id) in zip(range, ids) {
      mailbox.put(try place.complaint(about: id, by: "reader.\(index)@there.invalid"))
    }
    try place.scan(mailbox)
  }

  private func current(_ place: TestWorkspace) throws -> AbuseCase {
    let id = try place.account(Self.loud).id
    return try #require(try place.store.read { try $0.cases.current(of: id) })
  }

  @discardableResult
  private func perform(_ id: String, _ arguments: [String: String] = [:], in place: TestWorkspace) throws -> Effect {
    try place.open.operations.perform(
      id,
      OperationRequest(
        targets: [.init(id: Self.loud)], arguments: ["reason": "looked at it"].merging(arguments) { $1 }))
  }

  private func tick(_ steps: String..., in place: TestWorkspace) throws {
    for step in steps {
      _ = try place.open.operations.perform(
        "case.tick-step", OperationRequest(targets: [.init(id: "\(current(place).id)/\(step)")]))
    }
  }

  private func ticked(_ place: TestWorkspace) throws -> Set<String> {
    let id = try current(place).id
    return Set(try place.store.read { try $0.cases.steps(of: id) }.filter { $0.state == .ticked }.map(\.step))
  }

  @Test func `flagged again after a watch: what was ticked then does not stand for it now`() throws {
    let place = try workspace()
    try complain(0..<3, in: place)
    try tick("complaints", "history", in: place)
    try perform("account.watch", in: place)
    #expect(try ticked(place) == ["complaints", "history", "monitor"])
    try complain(3..<4, in: place)
    #expect(try current(place).state == .open)
    #expect(try ticked(place).isEmpty)
  }

  @Test func `restricted again: understanding and commitment have to be shown again`() throws {
    let place = try workspace()
    try complain(0..<3, in: place)
    try perform("account.restrict", in: place)
    try tick("understanding", "commitment", in: place)
    clock.advance(.days(30))
    #expect(try perform("account.lift", in: place).approval == nil)
    #expect(try ticked(place).isSuperset(of: ["understanding", "commitment", "lift"]))
    try perform("account.restrict", in: place)
    #expect(try ticked(place).isDisjoint(with: ["understanding", "commitment", "lift"]))
    #expect(try current(place).stateWords == "restricted by hand")
  }

  @Test func `a restriction that is withheld leaves a case behind`() throws {
    let place = try workspace(["COMPLAINTS_TO_FLAG": "2", "COMPLAINTS_TO_RESTRICT": "2", "RESTRICTIONS_PER_HOUR": "0"])
    try complain(0..<2, in: place)
    #expect(try place.account(Self.loud).standing == .flagged)
    #expect(try current(place).opening == .flagged)
    let audit = try #require(try place.audit("policy.withhold").first)
    #expect(audit.details.contains("\"case\":\"\(try current(place).id)\""))
  }

  @Test func `how long a restriction lasts at least, and a watch, is configuration`() throws {
    let place = try workspace(["LEAST_RESTRICTION_DAYS": "7", "WATCH_DAYS": "14"])
    try complain(0..<3, in: place)
    try perform("account.restrict", in: place)
    #expect(try current(place).nextReview == Day.start(after: 14, from: clock.now()))
    try tick("understanding", "commitment", in: place)
    clock.advance(Span(microseconds: Span.days(7).microseconds - 1))
    #expect(
      try perform("account.lift", in: place).summary.contains(
        "criteria that do not hold: restricted for 7 days or more"))
    clock.advance(Span(microseconds: 1))
    #expect(try perform("account.lift", in: place).approval == nil)
    #expect(try current(place).nextReview == Day.start(after: 14, from: clock.now()))
  }

  /// The window as reports count it, end to end: two complaints, then a third when they are exactly so old.
  @Test(arguments: [(Int64(-1), AccountStanding.flagged), (0, .flagged), (1, .good)])
  func `a complaint counts until it is thirty days old, to the microsecond`(
    offset: Int64, standing: AccountStanding
  ) throws {
    let place = try workspace()
    try complain(0..<2, in: place)
    clock.advance(Span(microseconds: Span.days(30).microseconds + offset))
    try complain(2..<3, in: place)
    #expect(try place.account(Self.loud).standing == standing)
    // Header, table, order and case say the same as the policy decided.
    let id = try place.account(Self.loud).id
    let file = try #require(try place.open.caseFile(of: id))
    #expect(file.verdict.calledFor == standing)
    #expect(file.account.figures?.complaints == file.verdict.complaints)
    let now = clock.now()
    let counted = try place.store.read { try $0.complaints.countSince(account: id, since: now - .days(30)) }
    #expect(counted == file.verdict.complaints)
  }

  /// Days that begin an hour late, or are an hour short or long, in zones on both sides of the date line.
  @Test(
    arguments: [
      ("Europe/Berlin", (2026, 3, 1), "2026-03-31T00:00:00+02:00"),
      ("Europe/Berlin", (2026, 10, 1), "2026-10-31T00:00:00+01:00"),
      ("Africa/Cairo", (2026, 3, 25), "2026-04-24T01:00:00+03:00"),
      ("America/New_York", (2026, 2, 6), "2026-03-08T00:00:00-05:00"),
      ("Pacific/Kiritimati", (2026, 12, 2), "2027-01-01T00:00:00+14:00"),
      ("Pacific/Pago_Pago", (2026, 12, 2), "2027-01-01T00:00:00-11:00"),
      ("Australia/Lord_Howe", (2026, 3, 6), "2026-04-05T00:00:00+11:00"),
      ("UTC", (2028, 1, 30), "2028-02-29T00:00:00Z"),
    ] as [(String, (Int, Int, Int), String)])
  func `a review in thirty days begins with the local day`(zone: String, day: (Int, Int, Int), begin: String) throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: zone))
    for hour in [0, 1, 12, 23] {
      let from = try #require(
        calendar.date(from: DateComponents(year: day.0, month: day.1, day: day.2, hour: hour, minute: 59)))
      let due = Day.start(
        after: 30, from: Timestamp(seconds: Int64(from.timeIntervalSince1970)), timeZone: calendar.timeZone)
      #expect(due == Timestamp(seconds: Int64(try Date(begin, strategy: .iso8601).timeIntervalSince1970)), "\(hour)")
    }
  }

  @Test func `escalating tells the people of the level, never the holder`() throws {
    let place = try workspace(["NOTICE_FROM": "desk@sender.invalid"])
    try complain(0..<3, in: place)
    let request = OperationRequest(targets: [.init(id: Self.loud)], arguments: ["reason": "a pattern"])
    let preview = try place.open.operations.preview("account.escalate", request)
    #expect(preview.lines.first == "L2 Engineering: Ana (email ana@team.invalid); Ben (phone +81 4)")
    clock.advance(.hours(1))
    try perform("account.escalate", in: place)
    let notices = try place.store.read { try $0.notices.page(NoticeQuery()).rows }
    #expect(notices.map(\.target) == ["ana@team.invalid"] && notices[0].kind == "escalation")
    #expect(notices[0].body.contains("level 2, Engineering"))
    let file = try #require(try place.open.caseFile(of: place.account(Self.loud).id))
    #expect(file.escalation?.level == 2 && file.escalation?.since == clock.now())
    #expect(file.escalation?.who?.name == "Engineering")
    #expect(try ticked(place).contains("tell-team"))
    #expect(throws: OperationRefusal.self) { try perform("account.escalate", ["level": "2"], in: place) }
    try perform("account.escalate", ["level": "4"], in: place)
    #expect(throws: OperationRefusal.self) { try perform("account.escalate", in: place) }
    let texts = try place.store.read { try $0.cases.events(of: file.current?.id ?? 0, limit: 9) }.map(\.text)
    #expect(texts.contains("escalation: nobody was told: no address in contacts.yaml, and no web hook"))
  }

  @Test func `an automatic restriction tells holder and team; the contacts that are shipped are told nothing`() throws {
    let settings = ["NOTICE_FROM": "desk@sender.invalid"]
    for (isOwn, targets) in [(true, ["desk@team.invalid", Self.loud]), (false, [Self.loud])] {
      let place = try workspace(settings, contacts: isOwn)
      try complain(0..<5, in: place)
      let notices = try place.store.read { try $0.notices.page(NoticeQuery()).rows }
      #expect(notices.map(\.target) == targets)
      #expect(notices.map(\.kind).last == "restriction")
      let shown = try #require(try place.open.caseFile(of: place.account(Self.loud).id)?.escalation)
      #expect(shown.words.contains("sample") == !isOwn && shown.level == 1)
    }
  }

  @Test func `contacts with a mistake keep nobody from deciding; the case says what is wrong`() throws {
    let place = try workspace()
    try Data("levels:\n  - level: 1\n    nam: X\n".utf8).write(to: place.folder.appending(path: "contacts.yaml"))
    try complain(0..<3, in: place)
    try perform("account.escalate", in: place)
    let file = try #require(try place.open.caseFile(of: place.account(Self.loud).id))
    #expect(
      file.current?.level == 2 && file.contactsProblem.contains("contacts.yaml")
        && file.contactsProblem.contains("'nam'"))
    #expect(file.events.contains { $0.text.hasPrefix("escalation: not sent: ") })
  }

  @Test func `a step that came to the checklist later can be ticked`() throws {
    let place = try workspace()
    try place.enqueue(["next@there.invalid"], from: Self.loud)
    let now = clock.now()
    try place.store.write { transaction in
      let account = try #require(try transaction.accounts.get(address: Self.loud))
      _ = try CaseDesk(transaction, restriction: .init(), steps: { ["complaints"] }, person: "ana", now: now)
        .opened(account, as: .byHand)
    }
    let file = try #require(try place.open.caseFile(of: place.account(Self.loud).id))
    #expect(file.steps.allSatisfy { $0.state?.state == .open })
    let later = OperationRequest(targets: [.init(id: "\(try current(place).id)/history", version: 0)])
    _ = try place.open.operations.perform("case.tick-step", later)
    #expect(throws: OperationRefusal.self) { try place.open.operations.perform("case.tick-step", later) }
    #expect(try ticked(place) == ["history"])
    #expect(throws: OperationRefusal.self) { try tick("no-such-step", in: place) }
  }

  @Test func `a pass that skips comes to its end; the rest waits`() throws {
    let place = try workspace()
    for name in ["a", "b", "c"] {
      try place.enqueue(["next@there.invalid"], from: "\(name)@sender.invalid")
      _ = try place.open.operations.perform(
        "account.restrict",
        OperationRequest(targets: [.init(id: "\(name)@sender.invalid")], arguments: ["reason": "x"]))
    }
    func probe() throws -> String {
      let context = OperationContext(
        actor: TestWorkspace.person(.operator), clock: clock, stop: place.open.stop, restriction: .init(),
        checklist: { _ in nil },
        probes: ProbeSources(relay: "r", mailboxes: [], scanInterval: .minutes(1), storeFolder: "/"))
      return try place.store.read { try Probe.read(.restrictedAccounts, $0, context).value }
    }
    #expect(try probe() == "3 restricted accounts; never audited")
    _ = try place.open.operations.perform("restriction-audit.start", OperationRequest())
    #expect(try probe() == "3 restricted accounts; audit under way, 0 of 3")
    var seen: [Account.ID] = []
    while let next = try place.open.nextInAudit(after: seen.last ?? 0, wraps: false) { seen.append(next) }
    #expect(seen.count == 3)
    #expect(try place.open.nextInAudit(after: seen[2]) == seen[0])
    for id in seen {
      _ = try place.open.operations.perform("account.keep", OperationRequest(targets: [.init(id: "\(id)")]))
    }
    #expect(try probe().hasPrefix("3 restricted accounts; last audit "))
    #expect(try !probe().hasSuffix("due"))
    clock.advance(.days(32))
    #expect(try probe().hasSuffix(", another is due"))
  }

  /// Two processes, each with connections of its own, decide about what both have drawn; round after round.
  @Test func `of two processes that decide at once one wins and the other is told`() async throws {
    let place = try workspace()
    try complain(0..<3, in: place)
    let other = try TestWorkspace.open(place.folder, clock: clock)
    defer { other.close() }
    let first = place.open
    for round in 0..<10 {
      let version = try place.account(Self.loud).version
      let verbs = round.isMultiple(of: 2) ? ["account.restrict", "account.watch"] : ["account.lift", "account.extend"]
      // A lift alone wants all criteria.
      if verbs[0] == "account.lift" {
        try tick("understanding", "commitment", in: place)
        clock.advance(.days(30))
      }
      let request = OperationRequest(
        targets: [.init(id: Self.loud, version: version)], arguments: ["reason": "round \(round)"])
      let outcomes = await withTaskGroup(of: String?.self) { group in
        for (open, verb) in zip([first, other], verbs) {
          group.addTask {
            do {
              _ = try open.operations.perform(verb, request)
              return nil
            } catch { return "\(error)" }
          }
        }
        return await group.reduce(into: [String?]()) { $0.append($1) }
      }
      let refusals = outcomes.compactMap { $0 }
      #expect(refusals.count == 1 && refusals[0].contains("changed since it was drawn"), "\(outcomes)")
      #expect(try place.account(Self.loud).version == version + 1)
      // Every round begins restricted or not, as it needs.
      let isRestricted = try place.account(Self.loud).standing == .restricted
      if round.isMultiple(of: 2), !isRestricted { try perform("account.restrict", in: place) }
      // What was ticked for the lift that lost still stands.
      if !round.isMultiple(of: 2), isRestricted { #expect(try perform("account.lift", in: place).approval == nil) }
    }
  }
}
