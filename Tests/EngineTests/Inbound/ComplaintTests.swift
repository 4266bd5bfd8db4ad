import Engine
import Foundation
import MailModel
import Storage
import Testing

/// Complaints flag at 3, restrict at 5; lifting previews and releases exactly.
@Suite struct ComplaintTests {
  /// Sends to `count` recipients of one account and complains about each, by token or by Message-ID.
  private func complain(
    _ place: TestWorkspace, _ mailbox: FakeMailbox, _ range: Range<Int>, byToken: Bool
  ) throws {
    let ids = try place.send(range.map { "reader.\($0)@there.invalid" }, from: "loud@sender.invalid")
    for (index, id) in zip(range, ids) {
      let by = "reader.\(index)@there.invalid"
      mailbox.put(
        byToken
          ? try place.complaint(by: by, to: place.tokenAddress(id), header: "Subject: x\r\n\r\n")
          : try place.complaint(about: id, by: by))
    }
  }

  @Test(arguments: [true, false])
  func `flagged at 3, restricted at 5, what waits is held`(byToken: Bool) throws {
    let place = try TestWorkspace()
    let mailbox = FakeMailbox()
    let standing = { try place.account("loud@sender.invalid").standing }
    try complain(place, mailbox, 0..<2, byToken: byToken)
    try place.scan(mailbox)
    #expect(try standing() == .good)
    try complain(place, mailbox, 2..<3, byToken: byToken)
    #expect(try place.scan(mailbox).intake.flagged == 1)
    #expect(try standing() == .flagged)
    let waiting = try place.enqueue(["next.1@there.invalid", "next.2@there.invalid"], from: "loud@sender.invalid")
    let other = try place.enqueue(["next.1@there.invalid"], from: "quiet@sender.invalid")[0]
    try complainLater(place, mailbox, byToken: byToken)
    #expect(try place.scan(mailbox).intake.restricted == 1)
    #expect(try standing() == .restricted)
    for id in waiting { #expect(try place.message(id).state == .held) }
    #expect(try place.message(other).state == .queued)
    #expect(try place.account("loud@sender.invalid").complaintCount == 5)
    #expect(try place.audit("policy.flag").count == 1)
    let restricted = try #require(try place.audit("policy.restrict").first)
    #expect(restricted.reason == "5 complaints in 30 days (threshold 5)")
    #expect(restricted.details.contains("\"held\":\"2\""))
    // What comes in from now on is held at once.
    let late = try place.enqueue(["late@there.invalid"], from: "loud@sender.invalid")[0]
    #expect(try place.message(late).state == .held)
    for index in 0..<5 { #expect(try place.isSuppressed("reader.\(index)@there.invalid")) }
  }

  @Test func `a message is complained about once, over however many mailboxes and mails`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["reader@there.invalid"], from: "loud@sender.invalid")[0]
    for number in 0..<2 {
      let mailbox = FakeMailbox("reports\(number)@test/INBOX")
      for _ in 0..<4 { mailbox.put(try place.complaint(about: id, by: "reader@there.invalid")) }
      #expect(try place.scan(mailbox).intake.complaints == 4)
    }
    let account = try place.account("loud@sender.invalid")
    #expect(account.standing == .good && account.complaintCount == 1)
    #expect(try place.isSuppressed("reader@there.invalid"))
    let complained = try place.store.read { try $0.tallies.sum("complained", since: .init(microseconds: 0)) }
    #expect(complained == 1)
  }

  /// Two more complaints, about mail that was sent before: claiming would take what waits.
  private func complainLater(_ place: TestWorkspace, _ mailbox: FakeMailbox, byToken: Bool) throws {
    let ids = try place.enqueue(
      ["reader.3@there.invalid", "reader.4@there.invalid"], from: "loud@sender.invalid")
    let now = place.open.clock.now()
    try place.store.write { transaction in
      let leased = try transaction.messages.claim(limit: 100, owner: "test", now: now, leaseUntil: now + .minutes(1))
      for one in leased {
        let lease = Lease(id: one.id, epoch: one.epoch)
        if ids.contains(one.id) {
          _ = try transaction.messages.arm([lease], owner: "test", now: now, leaseUntil: now + .minutes(1))
        }
        _ = try transaction.messages.finish(
          lease, transition: ids.contains(one.id) ? .accept : .giveBack, reason: "test", now: now, nextAttemptAt: nil,
          countsAttempt: false)
      }
    }
    for (index, id) in zip(3..<5, ids) {
      mailbox.put(try place.complaint(about: id, by: "reader.\(index)@there.invalid"))
    }
  }

  @Test func `lifting previews and releases exactly what the restriction held`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue((0..<5).map { "wait.\($0)@there.invalid" }, from: "loud@sender.invalid")
    let reviewer = place.operations(.reviewer)
    let target = OperationRequest.Target(id: "loud@sender.invalid")
    let byHand = OperationRequest(targets: [.init(id: "\(ids[0])")], arguments: ["reason": "mine"])
    _ = try reviewer.perform("queue.hold", byHand)
    let request = OperationRequest(targets: [target], arguments: ["reason": "reviewed"])
    #expect(try reviewer.preview("account.restrict", request).summary.contains("holds 4 waiting"))
    _ = try reviewer.perform("account.restrict", request)
    try place.store.write {
      _ = try $0.suppressions.add(
        "wait.1@there.invalid", reason: "operator", source: "test", now: place.open.clock.now())
    }
    let preview = try reviewer.preview("account.lift", request)
    #expect(preview.summary.hasSuffix("releases 3, skips 1 suppressed"))
    // Nothing of what it is lifted for holds yet but that no complaint came: another person has to agree.
    let asked = try #require(try reviewer.perform("account.lift", request).approval)
    let effect = try place.runner("ben", .reviewer).perform(
      "approval.approve", OperationRequest(targets: [.init(id: "\(asked)")]))
    #expect(effect.summary.hasSuffix("released 3, suppressed 1"))
    #expect(try place.message(ids[0]).state == .held)
    #expect(try place.message(ids[1]).state == .suppressed)
    for id in ids[2...] { #expect(try place.message(id).state == .queued) }
    #expect(try place.account("loud@sender.invalid").standing == .good)
  }

  @Test func `while the stop is latched accounts are restricted, and no restriction is lifted`() throws {
    let place = try TestWorkspace()
    try place.enqueue(["a@there.invalid"], from: "loud@sender.invalid")
    place.open.stop.trip(by: TestWorkspace.person(.operator), reason: "test")
    let request = OperationRequest(targets: [.init(id: "loud@sender.invalid")], arguments: ["reason": "reviewed"])
    _ = try place.operations(.reviewer).perform("account.restrict", request)
    let asked = try #require(try place.operations(.reviewer).perform("account.lift", request).approval)
    #expect(throws: OperationRefusal.self) {
      try place.runner("ben", .reviewer).perform(
        "approval.approve", OperationRequest(targets: [.init(id: "\(asked)")]))
    }
    #expect(try place.account("loud@sender.invalid").standing == .restricted)
    #expect(try place.audit("account.lift").isEmpty)
  }

  @Test func `complaints outside the window and dismissed ones do not count`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    let mailbox = FakeMailbox()
    try complain(place, mailbox, 0..<2, byToken: false)
    try place.scan(mailbox)
    clock.advance(.days(30) + .seconds(1))
    try complain(place, mailbox, 2..<4, byToken: false)
    try place.scan(mailbox)
    #expect(try place.account("loud@sender.invalid").standing == .good)
    let newest = try place.store.read { try $0.complaints.page(ComplaintQuery()).rows }[0]
    _ = try place.operations(.reviewer).perform(
      "complaint.dismiss",
      OperationRequest(
        targets: [.init(id: "\(newest.id)", version: newest.version)], arguments: ["reason": "a mistake"]))
    try complain(place, mailbox, 4..<5, byToken: false)
    try place.scan(mailbox)
    #expect(try place.account("loud@sender.invalid").standing == .good)
    try complain(place, mailbox, 5..<6, byToken: false)
    try place.scan(mailbox)
    #expect(try place.account("loud@sender.invalid").standing == .flagged)
  }
}

private func + (left: Span, right: Span) -> Span { Span(microseconds: left.microseconds + right.microseconds) }
