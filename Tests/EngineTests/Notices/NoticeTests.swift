import Crypto
import Foundation
import Logging
import MailModel
import MailPolicy
import Storage
import Testing

@testable import Engine

/// Telling people: by e-mail through our own queue, by web hook; retried, visible, never to a suppressed address.
@Suite struct NoticeTests {
  static let settings = [
    "NOTICE_FROM": "Abuse desk <desk@sender.invalid>", "NOTICE_WEBHOOK_URL": "https://hooks.invalid:8443/T0KEN",
    "NOTICE_WEBHOOK_SECRET": "s3cret",
  ]
  let clock = ManualClock()
  let place: TestWorkspace
  let account: Account

  init() throws {
    place = try TestWorkspace(settings: NoticeTests.settings, clock: clock)
    try place.enqueue(["a@there.invalid"], from: "news@there.invalid")
    account = try place.account("news@there.invalid")
  }

  private func send(_ values: [String: String] = ["reason": "five complaints"]) throws -> [Notice] {
    try place.store.write { transaction in
      try place.open.notices.send(
        NoticeOrder(kind: "restriction", account: account, caseID: 7, values: values), in: transaction, by: "ana",
        now: clock.now())
    }
  }

  private func notice(_ id: Int64) throws -> Notice { try #require(try place.store.read { try $0.notices.get(id) }) }

  private func run(_ hook: FakeWebHook?) throws -> Int {
    try NoticeCourier(
      store: place.store, settings: place.open.workspace.configuration.notices, webHook: hook, clock: clock,
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ).run()
  }

  /// Takes every queued message to its end.
  private func deliver(_ ending: MessageTransition) throws {
    let now = clock.now()
    try place.store.write { transaction in
      let claimed = try transaction.messages.claim(limit: 100, owner: "e", now: now, leaseUntil: now + .minutes(5))
      let leases = claimed.map { Lease(id: $0.id, epoch: $0.epoch) }
      _ = try transaction.messages.arm(leases, owner: "e", now: now, leaseUntil: now + .minutes(5))
      for lease in leases {
        _ = try transaction.messages.finish(
          lease, transition: ending, reason: "550 no", now: now, nextAttemptAt: nil, countsAttempt: true)
      }
    }
  }

  @Test func `one notice a channel, in the transaction of the decision`() throws {
    let notices = try send()
    #expect(notices.map(\.channel) == [.email, .webhook])
    #expect(notices.allSatisfy { $0.state == .queued && $0.caseID == 7 && $0.account == account.id })
    let message = try place.message(try #require(notices[0].messageID))
    #expect(message.recipient == "news@there.invalid" && message.state == .queued && message.source == "notice")
    #expect(message.accountAddress == "desk@sender.invalid")
    #expect(message.subject == "news@there.invalid may not send mail for now")
    let body = String(decoding: try place.store.read { try $0.messages.body(of: message.id) } ?? [], as: UTF8.self)
    #expect(body.contains("Why: five complaints"))
    #expect(body.contains("\r\nAuto-Submitted: auto-generated\r\n"), "no loop of automatic answers (fault 30)")
    #expect(try place.counter("notice.queued") == 2)
    // A transaction that fails takes its notices with it.
    #expect(throws: Unexpected.self) { () throws in
      try place.store.write { transaction in
        try place.open.notices.send(
          NoticeOrder(kind: "restriction", account: account), in: transaction, by: "ana", now: clock.now())
        throw Unexpected("no")
      }
    }
    #expect(try place.counter("notice.queued") == 2)
  }

  @Test func `where nothing can be posted e-mail notices are followed to their end all the same`() throws {
    let notices = try send()
    try deliver(.accept)
    #expect(try run(nil) == 0)
    #expect(try notice(notices[0].id).state == .sent)
    #expect(try notice(notices[1].id).state == .queued, "the web hook's waits for an engine that can post")
  }

  @Test func `a restricted account does not hold up its own notice`() throws {
    _ = try place.operations(.reviewer).perform(
      "account.restrict", OperationRequest(targets: [.init(id: "\(account.id)")], arguments: ["reason": "x"]))
    let message = try place.message(try #require(try send()[0].messageID))
    #expect(message.state == .queued)
  }

  @Test func `never to a suppressed address`() throws {
    try place.store.write {
      _ = try $0.suppressions.add("news@there.invalid", reason: "hard bounce", source: "t", now: clock.now())
    }
    let notices = try send()
    #expect(notices[0].state == .suppressed && notices[0].messageID == nil)
    #expect(notices[0].lastError.contains("hard bounce"))
    #expect(notices[1].state == .queued, "the other channel is not affected")
    let words = try place.store.read {
      try place.open.notices.words(NoticeOrder(kind: "restriction", account: account), in: $0, now: clock.now())
    }
    #expect(words.contains("suppressed: not sent"))
  }

  @Test func `what has expired, or is for another sender's mail, keeps no notice back`() throws {
    try place.store.write {
      _ = try $0.suppressions.add(
        "news@there.invalid", reason: "complained", source: "t", now: clock.now(), account: account.id)
      _ = try $0.suppressions.add(
        "news@there.invalid", reason: "full", source: "t", now: clock.now(), expiresAt: clock.now() + .hours(1))
    }
    #expect(try send()[0].state == .suppressed)
    clock.advance(.hours(1))
    #expect(try send()[0].state == .queued)
    let desk = try place.store.write { try $0.accounts.getOrCreate("desk@sender.invalid", now: clock.now()) }
    try place.store.write {
      _ = try $0.suppressions.add(
        "news@there.invalid", reason: "wants none of ours", source: "t", now: clock.now(), account: desk.id)
    }
    #expect(try send()[0].lastError.contains("wants none of ours"))
  }

  @Test func `text from outside makes no header lines and no template`() throws {
    let order = NoticeOrder(
      kind: "escalation", account: account,
      values: ["level": "2\r\nBcc: victim@there.invalid", "reason": "{{account}}", "by": "ana"])
    let (subject, text) = try place.open.notices.render(order, now: clock.now())
    #expect(!subject.contains { $0.isNewline })
    #expect(text.contains("Why: {{account}}"))
  }

  @Test(arguments: ["", "nothing-there", "../../../etc/passwd", "Restriction"])
  func `a kind without a template is refused`(kind: String) throws {
    #expect(throws: ConfigurationError.self) {
      try place.open.notices.render(NoticeOrder(kind: kind, account: account), now: clock.now())
    }
  }

  @Test func `a template that cannot be used is told before a decision, not only after it`() throws {
    #expect(place.open.notices.templateProblems().isEmpty)
    let folder = place.open.workspace.folder.appending(path: "data/templates/notices")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("Dear all\n".utf8).write(to: folder.appending(path: "restriction.mustache"))
    try Data("Subject: {{#open}}\n\nx\n".utf8).write(to: folder.appending(path: "lifted.mustache"))
    let problems = place.open.notices.templateProblems()
    #expect(problems.map(\.kind) == ["restriction", "lifted"])
    #expect(problems.first?.problem.contains("restriction.mustache, line 1: does not begin with 'Subject:'") == true)
    let order = NoticeOrder(kind: "restriction", account: account, values: [:])
    let words = try place.store.read { try place.open.notices.words(order, in: $0, now: clock.now()) }
    #expect(words.hasPrefix("nobody is told: ") && words.contains("restriction.mustache, line 1"), "\(words)")
  }

  @Test func `every shipped template renders`() throws {
    for kind in ["education", "restriction", "lifted", "escalation", "test"] {
      let (subject, text) = try place.open.notices.render(
        NoticeOrder(kind: kind, account: account), now: clock.now())
      #expect(!subject.isEmpty && text.contains("news@there.invalid"), "\(kind)")
    }
  }

  @Test func `a web hook is posted once, signed, with a documented body and without its token anywhere`() throws {
    let hook = FakeWebHook([200])
    let id = try send()[1].id
    #expect(try run(hook) == 1)
    #expect(try run(hook) == 0)
    let post = try #require(hook.received.first)
    #expect(hook.received.count == 1 && post.url == "https://hooks.invalid:8443/T0KEN")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(post.body)) as? [String: Any])
    #expect(json["kind"] as? String == "restriction" && json["case"] as? Int == 7 && json["version"] as? Int == 1)
    #expect(json["account"] as? String == "news@there.invalid" && (json["values"] as? [String: String])?.count == 1)
    let signed = Array("\(id).\(clock.now().seconds).".utf8) + post.body
    let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: Array("s3cret".utf8)))
    let hex = code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    #expect(post.headers.contains("Postroom-Signature: sha256=\(hex)"))
    #expect(post.headers.contains("Postroom-Notice: \(id)"))
    let stored = try notice(id)
    #expect(stored.state == .sent && stored.attempts == 1 && stored.lastError.isEmpty)
    #expect(stored.target == "https://hooks.invalid:8443")
  }

  @Test func `a web hook that fails is tried again later, visibly, and given up in the end`() throws {
    let hook = FakeWebHook([nil, 503, 500])
    let id = try send()[1].id
    #expect(try run(hook) == 1)
    var stored = try notice(id)
    #expect(stored.state == .queued && stored.lastError == "connection refused" && stored.attempts == 1)
    #expect(stored.nextAttemptAt == clock.now() + .minutes(1))
    #expect(try run(hook) == 0, "not before its time")
    clock.advance(.minutes(1))
    #expect(try run(hook) == 1)
    #expect(try notice(id).lastError == "HTTP 503", "nothing of what it said, which may repeat the URL")
    for _ in 3...NoticePolicy.attempts {
      clock.advance(.hours(1))
      _ = try run(hook)
    }
    stored = try notice(id)
    #expect(stored.state == .failed && stored.attempts == NoticePolicy.attempts)
    #expect(try place.open.overview().alerts.contains { $0.id == "failed-notices" })
    // A person tries again.
    _ = try place.operations(.operator).perform("notice.retry", OperationRequest(targets: [.init(id: "\(id)")]))
    #expect(try run(FakeWebHook([204])) == 1)
    #expect(try notice(id).state == .sent)
    #expect(try place.counter("notice.failed") == 0)
  }

  @Test func `two engines do not post the same notice`() throws {
    _ = try send()
    let now = clock.now()
    let first = try place.store.write { try $0.notices.claimDue(now: now, until: now + .minutes(20), limit: 20) }
    let hook = FakeWebHook([200])
    #expect(first.count == 1)
    #expect(try run(hook) == 0)
    clock.advance(.minutes(20))
    #expect(try run(hook) == 1, "an engine that died leaves it to the next")
    // And the dead one, coming back, overwrites nothing.
    let late = try place.store.write {
      try $0.notices.settle(
        first[0], state: .failed, lastError: "", nextAttemptAt: now, countsAttempt: true, now: now)
    }
    #expect(!late)
  }

  @Test(arguments: [
    (MessageTransition.accept, NoticeState.sent), (.refuse, .failed), (.doubt, .queued),
  ])
  func `an e-mail notice ends as its message does`(ending: MessageTransition, state: NoticeState) throws {
    let id = try send()[0].id
    try deliver(ending)
    _ = try run(FakeWebHook([200]))
    let stored = try notice(id)
    #expect(stored.state == state)
    #expect(stored.lastError == (state == .failed ? "550 no" : ""))
    guard state == .failed else { return }
    _ = try place.operations(.operator).perform("notice.retry", OperationRequest(targets: [.init(id: "\(id)")]))
    let again = try notice(id)
    #expect(again.state == .queued && again.messageID != stored.messageID)
    #expect(try place.message(try #require(again.messageID)).state == .queued)
  }

  @Test func `without a channel nobody is told, and that is said`() throws {
    let quiet = try TestWorkspace(clock: clock)
    try quiet.enqueue(["a@there.invalid"])
    let account = try quiet.account("news@sender.invalid")
    let order = NoticeOrder(kind: "restriction", account: account)
    let (sent, words) = try quiet.store.write { transaction in
      (
        try quiet.open.notices.send(order, in: transaction, by: "ana", now: clock.now()),
        try quiet.open.notices.words(order, in: transaction, now: clock.now())
      )
    }
    #expect(sent.isEmpty && words.contains("nobody is told"))
  }

  @Test(arguments: [
    ("https://hooks.example/x", true), ("http://127.0.0.1:9/x", true), ("http://localhost/x", true), ("", true),
    ("http://hooks.example/x", false), ("ftp://hooks.example/x", false), ("hooks.example", false), ("https://", false),
  ])
  func `a web hook needs TLS unless it is on this machine`(url: String, isGood: Bool) {
    let create = { () throws in _ = try TestWorkspace(settings: ["NOTICE_WEBHOOK_URL": url]) }
    if isGood {
      #expect(throws: Never.self) { try create() }
    } else {
      #expect { try create() } throws: { error in
        // The URL may hold a token: not in the error.
        error is ConfigurationError && !"\(error)".contains("/x")
      }
    }
  }
}
