import Engine
import Foundation
import GRDB
import MailModel
import Storage
import Testing

/// From a report in the mailbox to its consequences (DESIGN §6).
@Suite struct ReportIntakeTests {
  @Test func `a hard bounce suppresses, makes the recipient inactive, stops what waits, and is audited`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["gone@there.invalid"])[0]
    let waiting = try place.enqueue(["gone@there.invalid"])[0]
    let mailbox = FakeMailbox()
    mailbox.put(try place.dsn(about: id, [.init(address: "gone@there.invalid")]))
    let summary = try place.scan(mailbox)
    #expect(summary.fetched == 1)
    #expect(summary.intake.bounces == 1 && summary.intake.suppressed == 1 && summary.intake.unmatched.isEmpty)
    #expect(try place.isSuppressed("gone@there.invalid"))
    #expect(try place.store.read { try $0.recipients.get("gone@there.invalid")?.isActive } == false)
    #expect(try place.message(waiting).state == .suppressed)
    #expect(try place.message(id).state == .sent)
    let bounce = try #require(try place.store.read { try $0.bounces.list(of: id) }.first)
    #expect(bounce.bounceClass == .hard && bounce.status == EnhancedStatus(5, 1, 1))
    #expect(bounce.consequence == "suppressed" && bounce.correlation == .messageID)
    let audit = try place.audit("policy.suppress")
    #expect(audit.map(\.subject) == ["recipient:gone@there.invalid"])
    #expect(audit.map(\.actor) == ["postroom"])
    #expect(try place.account("news@sender.invalid").bounceCount == 1)
  }

  @Test func `a report that the store does not take holds up no others, and waits`() throws {
    let place = try TestWorkspace()
    let recipients = ["first@there.invalid", "poison@there.invalid", "last@there.invalid"]
    let mailbox = FakeMailbox()
    for (id, recipient) in zip(try place.send(recipients), recipients) {
      mailbox.put(try place.dsn(about: id, [.init(address: recipient)]))
    }
    let other = try DatabaseQueue(path: place.store.path)
    try other.write { db in
      try db.execute(
        sql: """
          CREATE TRIGGER poison BEFORE INSERT ON bounce WHEN NEW.recipient = 'poison@there.invalid' BEGIN
            SELECT RAISE(ABORT, 'poison');
          END
          """)
    }
    for _ in 0..<2 { #expect(throws: StoreError.refused("poison")) { try place.scan(mailbox) } }
    #expect(try recipients.map(place.isSuppressed) == [true, false, true])
    try other.write { try $0.execute(sql: "DROP TRIGGER poison") }
    #expect(try place.scan(mailbox).intake.bounces == 1)
    #expect(try recipients.allSatisfy(place.isSuppressed))
  }

  @Test func `a delay is no bounce`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["slow@there.invalid"])[0]
    let mailbox = FakeMailbox()
    mailbox.put(
      try place.dsn(
        about: id,
        [.init(address: "slow@there.invalid", action: .delayed, status: EnhancedStatus(4, 4, 1), diagnostic: "timeout")]
      ))
    let summary = try place.scan(mailbox)
    #expect(summary.intake.delays == 1 && summary.intake.bounces == 0 && summary.intake.suppressed == 0)
    #expect(try !place.isSuppressed("slow@there.invalid"))
    #expect(try place.store.read { try $0.counters.all()["bounce"] } == 0)
    #expect(try place.account("news@sender.invalid").bounceCount == 0)
  }

  @Test func `recipients of one report are decided one by one`() throws {
    let place = try TestWorkspace()
    let raw = TestWorkspace.eml(to: "a@there.invalid>, <b@there.invalid>, <c@there.invalid", messageID: "<one@test>")
    let request = Submitter.Request(source: "enqueue", raw: raw)
    _ = try place.submitter.store(try place.submitter.prepare(request))
    try place.claimAndAccept(3)
    let ids = try place.store.read { try $0.messages.find(messageID: "<one@test>") }.map(\.id)
    #expect(ids.count == 3)
    let mailbox = FakeMailbox()
    mailbox.put(
      try place.dsn(
        about: ids[0],
        [
          .init(address: "a@there.invalid"),
          .init(address: "b@there.invalid", action: .delayed, status: EnhancedStatus(4, 4, 1), diagnostic: "timeout"),
          .init(address: "c@there.invalid", action: .delivered, status: EnhancedStatus(2, 0, 0), diagnostic: "fine"),
        ]))
    try place.scan(mailbox)
    let rows = try place.store.read { try $0.bounces.page(BounceQuery(isDescending: false)).rows }
    #expect(rows.map(\.kind) == [.bounce, .delay] && rows.map(\.correlation) == [.messageID, .messageID])
    #expect(try place.isSuppressed("a@there.invalid"))
    #expect(try !place.isSuppressed("b@there.invalid"))
    #expect(try !place.isSuppressed("c@there.invalid"))
  }

  @Test func `what a report says of others beside ours is no reason to suppress ours`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["list@there.invalid"])[0]
    let mailbox = FakeMailbox()
    mailbox.put(
      try place.dsn(
        about: id,
        [
          .init(address: "list@there.invalid", action: .expanded, status: EnhancedStatus(2, 0, 0), diagnostic: ""),
          .init(address: "member@there.invalid"),
        ], to: place.tokenAddress(id)))
    try place.scan(mailbox)
    #expect(try !place.isSuppressed("list@there.invalid"))
    #expect(try !place.isSuppressed("member@there.invalid"))
  }

  @Test(arguments: [MessageTransition.doubt])
  func `a report settles doubt`(ending: MessageTransition) throws {
    let place = try TestWorkspace()
    let ids = try place.send(["gone@there.invalid", "fine@there.invalid", "slow@there.invalid"], ending: ending)
    #expect(try place.count(.uncertain) == 3)
    let mailbox = FakeMailbox()
    mailbox.put(try place.dsn(about: ids[0], [.init(address: "gone@there.invalid")]))
    mailbox.put(
      try place.dsn(
        about: ids[1],
        [.init(address: "fine@there.invalid", action: .delivered, status: EnhancedStatus(2, 0, 0), diagnostic: "")]))
    try place.scan(mailbox)
    #expect(try place.message(ids[0]).state == .sent)
    #expect(try place.message(ids[1]).state == .sent)
    #expect(try place.message(ids[2]).state == .uncertain)
    #expect(try place.isSuppressed("gone@there.invalid"))
    #expect(try place.audit("policy.settle").count == 2)
  }

  @Test func `a signed token is enough, in whatever the report returns`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["gone@there.invalid"])[0]
    let mailbox = FakeMailbox()
    mailbox.put(
      try place.dsn(
        [.init(address: "gone@there.invalid")], to: place.tokenAddress(id), header: "Subject: cut off\r\n\r\n"))
    try place.scan(mailbox)
    #expect(try place.store.read { try $0.bounces.list(of: id) }.map(\.correlation) == [.token])
    #expect(try place.isSuppressed("gone@there.invalid"))
  }
}

extension TestWorkspace {
  /// Takes everything that is due to `sent`.
  func claimAndAccept(_ count: Int) throws { try claimAndEnd(count, .accept) }

  func claimAndEnd(_ count: Int, _ ending: MessageTransition) throws {
    let now = open.clock.now()
    try store.write { transaction in
      let leased = try transaction.messages.claim(limit: count, owner: "test", now: now, leaseUntil: now + .minutes(1))
      let leases = leased.map { Lease(id: $0.id, epoch: $0.epoch) }
      _ = try transaction.messages.arm(leases, owner: "test", now: now, leaseUntil: now + .minutes(1))
      for lease in leases {
        _ = try transaction.messages.finish(
          lease, transition: ending, reason: "test", now: now, nextAttemptAt: nil, countsAttempt: true)
      }
    }
  }

  @Test func `a report that a gateway passed on inside its own is tied to the message that was sent`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["gone@there.invalid"])[0]
    let inner = try place.dsn(about: id, [.init(address: "gone@there.invalid")])
    let head =
      "From: MAILER-DAEMON@gateway.invalid\r\nTo: bounces@sender.invalid\r\nSubject: Returned mail: User unknown\r\nContent-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\nContent-Type: message/rfc822\r\n\r\n"
    let mailbox = FakeMailbox()
    mailbox.put(Array(head.utf8) + inner + Array("\r\n--outer--\r\n".utf8))
    let summary = try place.scan(mailbox)
    #expect(summary.intake.unmatched.isEmpty)
    #expect(try place.isSuppressed("gone@there.invalid"))
  }
}
