import Engine
import MailModel
import Storage
import Testing

/// What bounced softly goes out once more a day later (runbook 2), as a new message, whatever tells of it and how often.
@Suite struct SoftBounceRetryTests {
  private let clock = ManualClock()
  private let mailbox = FakeMailbox()

  /// - Parameter isSigned: whether it comes to the address with the token, else the Message-ID alone ties it.
  private func bounce(
    _ place: TestWorkspace, _ id: Message.ID, _ text: String = "552 5.2.2 mailbox full", isSigned: Bool = true
  ) throws {
    let address = try place.message(id).recipient
    mailbox.put(
      try place.dsn(
        about: id, [.init(address: address, status: EnhancedStatus(5, 2, 2), diagnostic: text)],
        to: isSigned ? place.tokenAddress(id) : "bounces@sender.invalid"))
    try place.scan(mailbox)
  }

  private func successor(_ place: TestWorkspace, _ id: Message.ID) throws -> Message? {
    try place.store.read { transaction in
      try transaction.messages.successor(of: id).flatMap { try transaction.messages.get($0) }
    }
  }

  @Test func `a full mailbox gets it three times, a day apart, and is then suppressed`() throws {
    let place = try TestWorkspace(clock: clock)
    var id = try place.send(["full@there.invalid"])[0]
    for expected in ["soft 1 of 3, tried again after 24 h", "soft 2 of 3, tried again after 24 h"] {
      try bounce(place, id)
      #expect(try place.store.read { try $0.bounces.list(of: id) }.map(\.consequence) == [expected])
      let next = try #require(try successor(place, id))
      #expect(next.state == .queued && next.nextAttemptAt == clock.now() + .hours(24))
      #expect(next.stateReason == "message \(id) bounced softly: mailbox full")
      #expect(try place.message(id).state == .sent, "what is over stays over")
      #expect(try next.messageID == place.message(id).messageID)
      clock.advance(.hours(25))
      try place.claimAndAccept(1)
      #expect(try place.message(next.id).state == .sent)
      id = next.id
    }
    try bounce(place, id)
    #expect(try successor(place, id) == nil)
    #expect(try place.isSuppressed("full@there.invalid"))
    let audit = try place.store.read { try $0.audit.page(AuditQuery(operation: "policy.retry")).rows }
    #expect(audit.count == 2 && audit.allSatisfy { $0.reason == "soft bounce: mailbox full" })
  }

  @Test func `told again it is tried once, and a hard bounce in between keeps it back`() throws {
    let place = try TestWorkspace(clock: clock)
    let id = try place.send(["full@there.invalid"])[0]
    for _ in 0..<3 { try bounce(place, id) }
    let next = try #require(try successor(place, id))
    #expect(try place.store.read { try $0.counters.all()["message.queued"] } == 1)
    try bounce(place, id, "550 5.1.1 no such user here")
    #expect(try place.message(next.id).state == .suppressed)
  }

  @Test func `a late report that may be about the first is no reason for a third`() throws {
    let place = try TestWorkspace(clock: clock)
    let id = try place.send(["full@there.invalid"])[0]
    try bounce(place, id, isSigned: false)
    let next = try #require(try successor(place, id))
    clock.advance(.hours(25))
    try place.claimAndAccept(1)
    for _ in 0..<3 { try bounce(place, id, isSigned: false) }
    #expect(try successor(place, next.id) == nil)
    let told = try place.store.read { try $0.bounces.list(of: next.id) }.map(\.consequence)
    #expect(told == Array(repeating: "soft 2 of 3", count: 3))
    #expect(try !place.isSuppressed("full@there.invalid"))
  }

  @Test func `nor does it settle the doubt about the second`() throws {
    let place = try TestWorkspace(clock: clock)
    let id = try place.send(["full@there.invalid"])[0]
    try bounce(place, id)
    let next = try #require(try successor(place, id))
    clock.advance(.hours(25))
    try place.claimAndEnd(1, .doubt)
    try bounce(place, id, isSigned: false)
    #expect(try place.message(next.id).state == .uncertain)
    try bounce(place, next.id)
    #expect(try place.message(next.id).state == .sent)
  }

  @Test func `what was in doubt once is not tried again, as it may have arrived`() throws {
    let place = try TestWorkspace(clock: clock)
    let id = try place.send(["full@there.invalid"], ending: .doubt)[0]
    try place.store.write { transaction in
      try transaction.attempts.append(
        Attempt(
          id: 0, messageID: id, epoch: 1, relay: "", outcome: "uncertain", stage: .dot, replyCode: nil,
          enhancedStatus: nil, text: "", renderedAt: nil, armedAt: nil, repliedAt: nil))
    }
    for expected in [1, 2] {
      try bounce(place, id)
      #expect(try place.message(id).state == .sent)
      #expect(try successor(place, id) == nil)
      #expect(try place.store.read { try $0.bounces.list(of: id) }.count == expected)
    }
  }

  @Test func `what a restored store has from before is not, as it may have been in what is lost`() throws {
    let place = try TestWorkspace(clock: clock)
    let id = try place.send(["full@there.invalid"])[0]
    let restored = try TestWorkspace(copyOf: place, clock: clock)
    try bounce(restored, id)
    #expect(try successor(restored, id) == nil)
    #expect(try restored.store.read { try $0.bounces.list(of: id) }.map(\.consequence) == ["soft 1 of 3"])
    let later = try restored.send(["later@there.invalid"])[0]
    try bounce(restored, later)
    #expect(try successor(restored, later) != nil)
  }

  @Test func `of a restricted account it is held`() throws {
    let place = try TestWorkspace(clock: clock)
    let id = try place.send(["full@there.invalid"])[0]
    let account = try place.message(id).accountID
    try place.store.write {
      _ = try $0.accounts.setStanding(account, version: nil, standing: .restricted, reason: "x", now: clock.now())
    }
    try bounce(place, id)
    #expect(try successor(place, id)?.state == .held)
  }

  @Test func `a person may send again what bounced, once, and not what was tried again by itself`() throws {
    let place = try TestWorkspace(clock: clock)
    let ids = try place.send([
      "full@there.invalid", "blocked@there.invalid", "gone@there.invalid", "fine@there.invalid",
    ])
    try bounce(place, ids[0])
    try bounce(place, ids[1], "554 5.7.1 Service unavailable; client host blocked using zen.spamhaus.org")
    try bounce(place, ids[2], "550 5.1.1 no such user here")
    let runner = place.operations(.operator)
    let all = OperationRequest(arguments: ["reason": "unlisted"], matching: .init("state:sent"))
    #expect(try runner.preview("queue.enqueue-anew", all).summary == "1 to be enqueued anew, 3 left alone")
    #expect(try runner.perform("queue.enqueue-anew", all).changed == 1)
    #expect(try successor(place, ids[1])?.state == .queued)
    #expect(try successor(place, ids[2]) == nil && successor(place, ids[3]) == nil)
    #expect(try runner.preview("queue.enqueue-anew", all).isEmpty)
  }

  @Test(arguments: [("SOFT_BOUNCE_RETRY_HOURS", "0"), ("MAXIMUM_AGE_HOURS", "24")])
  func `never, or not too late, where it is configured so`(key: String, value: String) throws {
    let place = try TestWorkspace(settings: [key: value], clock: clock)
    let id = try place.send(["full@there.invalid"])[0]
    try bounce(place, id)
    #expect(try successor(place, id) == nil)
    #expect(try place.store.read { try $0.bounces.list(of: id) }.map(\.consequence) == ["soft 1 of 3"])
  }
}
