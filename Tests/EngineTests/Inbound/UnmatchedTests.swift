import Engine
import Foundation
import MailModel
import MailPolicy
import Storage
import Testing

/// What people do with reports that fit no message: match, dismiss, make a rule, read again.
@Suite struct UnmatchedTests {
  /// A workspace that has sent to `gone@` and received a DSN about it that proves nothing.
  private func unproven() throws -> (TestWorkspace, sent: Message.ID, report: Report) {
    let place = try TestWorkspace()
    let sent = try place.send(["other@there.invalid", "gone@there.invalid"])[1]
    let mailbox = FakeMailbox()
    mailbox.put(try place.dsn([.init(address: "gone@there.invalid")], header: "Subject: x\r\n\r\n"))
    try place.scan(mailbox)
    return (place, sent, try #require(try place.unmatched().first))
  }

  private func request(_ report: Report, _ arguments: [String: String] = [:]) -> OperationRequest {
    OperationRequest(targets: [.init(id: "\(report.id)", version: report.version)], arguments: arguments)
  }

  @Test func `candidates are ranked with reasons`() throws {
    let (place, sent, report) = try unproven()
    let best = try #require(try place.open.unmatched(report.id).candidates.first)
    #expect(best.message.id == sent)
    #expect(best.reasons.first == "same recipient")
    #expect(best.reasons.contains { $0.hasPrefix("sent ") && $0.hasSuffix(" before") })
  }

  @Test func `a match by hand has the consequences of a proven report and says who made it`() throws {
    let (place, sent, report) = try unproven()
    #expect(try !place.isSuppressed("gone@there.invalid"))
    let preview = try place.operations(.operator).preview("unmatched.match", request(report))
    #expect(preview.lines.contains { $0.contains("message \(sent) ") })
    #expect(
      preview.summary
        == "matches 1 report by hand: suppresses 1 recipient, settles 0 messages in doubt, flags 0 and restricts 0 accounts"
    )
    try place.operations(.operator).perform("unmatched.match", request(report))
    #expect(try place.isSuppressed("gone@there.invalid"))
    let bounces = try place.store.read { try $0.bounces.list(of: sent) }
    #expect(bounces.map(\.correlation) == [.person])
    let after = try #require(try place.store.read { try $0.reports.get(report.id) })
    #expect(!after.isUnmatched && after.handled == "matched to message \(sent) by tess")
    let counters = try place.store.read { try $0.counters.all() }
    #expect(counters["report.unmatched"] == 0 && counters["bounce"] == 1)
    #expect(try place.audit("unmatched.match").count == 1)
    #expect(throws: OperationRefusal.self) {
      try place.operations(.operator).perform("unmatched.match", request(report))
    }
  }

  @Test func `of a report about several the others wait until each is matched`() throws {
    let place = try TestWorkspace()
    let ids = try place.send(["ann@there.invalid", "ben@there.invalid", "cy@there.invalid"])
    let mailbox = FakeMailbox()
    let named = ["ann@there.invalid", "stranger@there.invalid", "ben@there.invalid"]
    mailbox.put(try place.dsn(named.map { .init(address: $0) }, header: "Subject: x\r\n\r\n"))
    try place.scan(mailbox)
    for step in 0..<2 {
      let report = try #require(try place.unmatched().first)
      let candidates = try place.open.unmatched(report.id).candidates.map(\.message.id)
      #expect(candidates.count == 2 - step && Set(candidates).isSubset(of: [ids[0], ids[1]]))
      let effect = try place.operations(.operator).perform("unmatched.match", request(report))
      #expect(effect.summary.contains("wait in Unmatched") == (step == 0))
      let rows = try place.store.read { try $0.bounces.page(BounceQuery()).rows }
      #expect(Set(rows.map(\.recipient)) == Set(named))
      #expect(rows.count { $0.correlation == .person } == step + 1)
    }
    #expect(try place.unmatched().isEmpty)
    #expect(try place.isSuppressed("ann@there.invalid") && place.isSuppressed("ben@there.invalid"))
    #expect(try !place.isSuppressed("stranger@there.invalid") && !place.isSuppressed("cy@there.invalid"))
  }

  @Test func `a report is matched to the message that a person names, and never to one that was not tried`() throws {
    let (place, sent, report) = try unproven()
    let waiting = try place.enqueue(["gone@there.invalid"])[0]
    #expect(throws: OperationRefusal.self) {
      try place.operations(.operator).perform("unmatched.match", request(report, ["message": "\(waiting)"]))
    }
    #expect(throws: OperationRefusal.self) {
      try place.operations(.operator).perform("unmatched.match", request(report, ["message": "nonsense"]))
    }
    try place.operations(.operator).perform("unmatched.match", request(report, ["message": "\(sent)"]))
    #expect(try place.message(waiting).state == .suppressed)
  }

  @Test func `dismissing takes it out and nothing follows`() throws {
    let (place, _, report) = try unproven()
    try place.operations(.operator).perform("unmatched.dismiss", request(report))
    #expect(try place.unmatched().isEmpty)
    #expect(try !place.isSuppressed("gone@there.invalid"))
    #expect(throws: OperationRefusal.self) {
      try place.operations(.operator).perform("unmatched.dismiss", request(report))
    }
  }

  @Test func `a rule takes what is there and what comes, and never stands against proof`() throws {
    let (place, sent, report) = try unproven()
    try place.operations(.operator).perform(
      "unmatched.make-rule", request(report, ["subject": "*", "verdict": "DISMISS "]))
    #expect(try place.unmatched().isEmpty)
    let mailbox = FakeMailbox()
    for _ in 0..<3 {
      mailbox.put(try place.dsn([.init(address: "gone@there.invalid")], header: "Subject: x\r\n\r\n"))
    }
    mailbox.put(try place.dsn(about: sent, [.init(address: "gone@there.invalid")]))
    mailbox.renumber()
    let summary = try place.scan(mailbox)
    #expect(summary.intake.unmatched.isEmpty)
    #expect(try place.isSuppressed("gone@there.invalid"))
    let rule = try #require(try place.store.read { try $0.reports.rules() }.first)
    #expect(rule.createdBy == "tess" && rule.verdict == .dismiss)
    try place.operations(.operator).perform(
      "unmatched.remove-rule", OperationRequest(arguments: ["rule": "\(rule.id)"]))
    #expect(try place.store.read { try $0.reports.rules() }.isEmpty)
  }

  @Test func `a rule takes all that fit it, however many, and says how many before`() throws {
    let place = try TestWorkspace()
    let mailbox = FakeMailbox()
    for _ in 0..<410 { mailbox.put(try place.dsn([.init(address: "x@there.invalid")], header: "Subject: x\r\n\r\n")) }
    try place.scan(mailbox)
    let waiting = try place.counter("report.unmatched")
    #expect(waiting == 410)
    let report = try #require(try place.unmatched().first)
    let making = request(report, ["subject": "*", "verdict": "dismiss"])
    #expect(try place.operations(.operator).preview("unmatched.make-rule", making).lines[0].hasSuffix(": 410"))
    let effect = try place.operations(.operator).perform("unmatched.make-rule", making)
    #expect(effect.summary == "rule made; 410 reports taken as dismiss")
    #expect(try place.counter("report.unmatched") == 0)
    let told = try place.audit("unmatched.make-rule")
    #expect(told.count == 3 && told.allSatisfy { $0.subject == "report:\(report.id)" })
    #expect(throws: OperationRefusal.self) {
      try place.operations(.operator).perform("unmatched.make-rule", making)
    }
  }

  @Test func `a rule is made of one report, never silently of the first of several`() throws {
    let (place, _, report) = try unproven()
    let several = OperationRequest(targets: [.init(id: "\(report.id)"), .init(id: "\(report.id + 1)")])
    #expect(throws: OperationRefusal.notNow("a rule is made of one report at a time")) {
      try place.operations(.operator).perform("unmatched.make-rule", several)
    }
    #expect(try place.store.read { try $0.reports.rules() }.isEmpty)
  }

  @Test func `reading again counts nothing twice`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["gone@there.invalid"])[0]
    let mailbox = FakeMailbox()
    mailbox.put(try place.dsn(about: id, [.init(address: "gone@there.invalid")]))
    try place.scan(mailbox)
    let report = try #require(try place.store.read { try $0.reports.page().rows }.first)
    for _ in 0..<3 {
      try place.operations(.operator).perform(
        "report.reprocess", OperationRequest(targets: [.init(id: "\(report.id)")]))
    }
    #expect(try place.store.read { try $0.counters.all()["bounce"] } == 1)
    #expect(try place.account("news@sender.invalid").bounceCount == 1)
    #expect(try place.audit("policy.suppress").count == 1)
  }

  @Test func `whom a report names is in its row, and what was dismissed by mistake is found and taken back`() throws {
    let (place, _, report) = try unproven()
    #expect(report.recipient == "gone@there.invalid")
    func rows(_ list: ListName, _ text: String = "") throws -> [Report.ID] {
      try place.open.window(ListQuery(list: list, text: text), .top, from: nil).rows.map(\.number)
    }
    #expect(try rows(.unmatched, "gone@there") == [report.id] && rows(.unmatched, "nobody@").isEmpty)
    #expect(try rows(.unmatched, "user unknown") == [report.id])
    #expect(try rows(.handled).isEmpty)
    let operators = place.operations(.operator)
    try operators.perform("unmatched.dismiss", request(report))
    #expect(try rows(.handled) == [report.id] && rows(.unmatched).isEmpty)
    let effect = try operators.perform("report.reprocess", OperationRequest(targets: [.init(id: "\(report.id)")]))
    #expect(effect.summary.hasSuffix("; 1 in Unmatched"), "\(effect.summary)")
    #expect(try rows(.handled).isEmpty && rows(.unmatched) == [report.id])
  }

  @Test func `a reply is threaded, advances the stage, and is classified by hand`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["ann@there.invalid"])[0]
    let mailbox = FakeMailbox()
    let messageID = try place.message(id).messageID
    mailbox.put(
      Array(
        "From: ann@there.invalid\r\nTo: news@sender.invalid\r\nSubject: Re: Hello\r\nIn-Reply-To: \(messageID)\r\n\r\nno thanks\r\n"
          .utf8))
    #expect(try place.scan(mailbox).intake.replies == 1)
    #expect(try place.store.read { try $0.messageEvents.stage(of: id) } == .replied)
    #expect(try place.store.read { try $0.messageEvents.list(of: id) }.map(\.kind) == ["replied"])
    let reply = try #require(try place.store.read { try $0.reports.page(kinds: [.reply]).rows }.first)
    #expect(reply.messageID == id && reply.correlation == .messageID)
    #expect(throws: OperationRefusal.self) {
      try place.operations(.operator).perform("reply.classify", request(reply, ["label": "perhaps"]))
    }
    try place.operations(.operator).perform("reply.classify", request(reply, ["label": " Unsubscribe"]))
    let entry = try #require(try place.store.read { try $0.suppressions.list("ann@there.invalid").first })
    #expect(entry.reason == "unsubscribed" && entry.accountAddress == "news@sender.invalid")
    #expect(try place.store.read { try $0.reports.get(reply.id)?.label } == .unsubscribe)
    let again = try place.operations(.operator).perform(
      "report.reprocess", OperationRequest(targets: [.init(id: "\(reply.id)")]))
    #expect(again.summary.hasPrefix("1 read again: 1 reply; "), "\(again.summary)")
    #expect(try place.store.read { try $0.messageEvents.list(of: id) }.count { $0.kind == "replied" } == 1)
    let match = try #require(Operation.named("unmatched.match"))
    let drawn = Operation.TargetState.report(.reply, isUnmatched: false, canBeMatched: reply.canBeMatched)
    #expect(match.disabledReason(drawn) == "it is about a message already")
  }

  @Test(arguments: [("", ReportKind.reply), ("Auto-Submitted: auto-replied\r\n", .autoReply)])
  func `an answer that cites nothing is matched by hand, once`(header: String, kind: ReportKind) throws {
    let place = try TestWorkspace()
    let id = try place.send(["other@there.invalid", "ann@there.invalid"])[1]
    let mailbox = FakeMailbox()
    mailbox.put(
      Array(
        "From: Ann <ann@there.invalid>\r\nTo: news@sender.invalid\r\nSubject: Re: no\r\nIn-Reply-To: <elsewhere@there.invalid>\r\n\(header)\r\nno thanks\r\n"
          .utf8))
    try place.scan(mailbox)
    let answer = try #require(try place.store.read { try $0.reports.page(kinds: [kind]).rows }.first)
    #expect(answer.correlation == .none && answer.canBeMatched && !answer.isUnmatched)
    #expect(try place.open.unmatched(answer.id).candidates.first?.message.id == id)
    let operators = place.operations(.operator)
    let lines = try operators.preview("unmatched.match", request(answer)).lines
    #expect(lines.contains { $0.hasPrefix("message \(id) to ann@") })
    #expect(lines.contains("recorded as a reply to that message") == (kind == .reply))
    try operators.perform("unmatched.match", request(answer))
    let after = try #require(try place.store.read { try $0.reports.get(answer.id) })
    #expect(after.messageID == id && after.correlation == .person && after.handled.hasPrefix("matched to message"))
    #expect(try place.store.read { try $0.messageEvents.stage(of: id) } == (kind == .reply ? .replied : nil))
    #expect(try place.store.read { try $0.counters.all()["report.unmatched"] } == 0)
    #expect(throws: OperationRefusal.self) { try operators.perform("unmatched.match", request(after)) }
  }

  @Test func `a reply that was matched by hand counts for the inbox, once`() throws {
    let place = try TestWorkspace()
    let now = place.open.clock.now()
    let inbox = try place.store.write { transaction in
      let server = MailServer(host: "smtp.sender.invalid", port: 587, security: .none, username: "news")
      return try transaction.inboxes.add(
        NewInbox(address: "news@sender.invalid", displayName: "", smtp: server, imap: nil, startedAt: now))
    }
    func replied() throws -> Int {
      try place.store.read { try $0.inboxes.series(inbox.id, boundaries: [now - .days(1), now + .days(1)]) }
        .reduce(0) { $0 + $1.replied }
    }
    let id = try place.send(["ann@there.invalid"])[0]
    let mailbox = FakeMailbox()
    mailbox.put(
      Array("From: ann@there.invalid\r\nSubject: Re: no\r\nIn-Reply-To: <elsewhere@there.invalid>\r\n\r\nno\r\n".utf8))
    try place.scan(mailbox)
    let answer = try #require(try place.store.read { try $0.reports.page(kinds: [.reply]).rows }.first)
    #expect(try replied() == 0)
    let operators = place.operations(.operator)
    try operators.perform("unmatched.match", request(answer))
    #expect(try place.store.read { try $0.reports.get(answer.id)?.messageID } == id && replied() == 1)
    for _ in 0..<2 {
      let reread = OperationRequest(targets: [.init(id: "\(answer.id)")])
      try operators.perform("report.reprocess", reread)
      let after = try #require(try place.store.read { try $0.reports.get(answer.id) })
      #expect(try replied() == (after.correlation.isProof ? 1 : 0))
      if !after.correlation.isProof { try operators.perform("unmatched.match", request(after)) }
      #expect(try replied() == 1)
    }
  }

  @Test(arguments: [("Ben <BEN@there.invalid>", "ben@there.invalid"), ("Eve <eve@there.invalid>", nil)])
  func `a reply to mail that several got is of the one who sent it`(from: String, recipient: String?) throws {
    let place = try TestWorkspace()
    let ids = try place.send(["ann@there.invalid>, <ben@there.invalid"])
    let messages = try ids.map(place.message)
    #expect(messages.count == 2 && messages[0].messageID == messages[1].messageID)
    let mailbox = FakeMailbox()
    mailbox.put(
      Array("From: \(from)\r\nSubject: Re: Hello\r\nIn-Reply-To: \(messages[0].messageID)\r\n\r\nyes\r\n".utf8))
    try place.scan(mailbox)
    let reply = try #require(try place.store.read { try $0.reports.page(kinds: [.reply]).rows }.first)
    #expect(reply.messageID == messages.first { $0.recipient == recipient }?.id)
  }
}

extension TestWorkspace {
  func unmatched() throws -> [Report] { try store.read { try $0.reports.page(onlyUnmatched: true).rows } }
}
