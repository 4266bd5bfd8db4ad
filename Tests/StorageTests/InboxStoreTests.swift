import MailModel
import Testing

@testable import Storage

@Suite("Inboxes: whose message is whose, and what is counted")
struct InboxStoreTests {
  let temporary: TemporaryStore
  var store: Store { temporary.store }
  /// On a quarter of an hour.
  let day = Timestamp(seconds: 1_699_999_200)
  var now: Timestamp { temporary.now }

  init() throws { temporary = try TemporaryStore() }

  static let server = MailServer(host: "smtp.example.org", port: 465, security: .tls, username: "a@example.org")

  @discardableResult
  private func add(_ address: String) throws -> Inbox {
    try store.write {
      try $0.inboxes.add(
        NewInbox(
          address: address, displayName: "A", smtp: InboxStoreTests.server, imap: InboxStoreTests.server, startedAt: now
        ))
    }
  }

  private func tally(_ inbox: Inbox) throws -> InboxTally {
    try store.read { try $0.inboxes.tally(inbox.id, from: day, to: day + .days(1)) }
  }

  private func inboxOf(_ submission: Submission) throws -> Int64? {
    try store.write { transaction in
      let account = try transaction.accounts.getOrCreate(submission.accountAddress, now: now)
      let insertion = try transaction.messages.insert(
        submission, account: account.id, state: .queued, reason: "", now: now)
      guard case .inserted(let id) = insertion else { return nil }
      return try transaction.inboxes.of(message: id)
    }
  }

  @Test("a message belongs to the inbox in From, else to that of its envelope sender, else to none")
  func matching() throws {
    let (a, b) = (try add("A@example.org"), try add("b@example.org"))
    #expect(a.address == "a@example.org")
    let rows: [(author: String, sender: String, inbox: Int64?)] = [
      ("a@example.org", "bounces@example.org", a.id), ("A@Example.org", "", a.id),
      ("x@example.org", "b@example.org", b.id), ("a@example.org", "b@example.org", a.id),
      ("x@example.org", "y@example.org", nil), ("", "", nil),
    ]
    for (number, row) in rows.enumerated() {
      var submission = temporary.submission(key: "k\(number)", account: "c@example.org")
      (submission.author, submission.envelopeSender) = (row.author, row.sender)
      #expect(try inboxOf(submission) == row.inbox, "\(row)")
    }
  }

  @Test("what is armed counts where it was armed, and is taken back there")
  func armed() throws {
    let inbox = try add("news@example.org")
    try temporary.enqueue(4)
    #expect(try store.read { try $0.inboxes.get(inbox.id)?.waiting } == 4)
    let leases = try temporary.armAll()
    #expect(try tally(inbox).armed == 4)
    #expect(try store.read { try $0.inboxes.get(inbox.id)?.waiting } == 0)
    let tomorrow = now + .days(1)
    let ends: [(MessageTransition, Timestamp)] = [
      (.accept, now), (.deferArmed, tomorrow), (.refuse, now), (.doubt, tomorrow),
    ]
    for (lease, end) in zip(leases, ends) {
      let isMoved = try store.write {
        try $0.messages.finish(
          lease, transition: end.0, reason: "", now: end.1, nextAttemptAt: nil, countsAttempt: true)
      }
      #expect(isMoved, "\(end.0)")
    }
    #expect(try tally(inbox) == InboxTally(armed: 3, sent: 1, refused: 1))
    let next = try store.read { try $0.inboxes.tally(inbox.id, from: day + .days(1), to: day + .days(2)) }
    #expect(next == InboxTally(), "a message that came back after midnight makes no day count below zero")
    #expect(try store.read { try $0.inboxes.get(inbox.id)?.waiting } == 1)
  }

  @Test("a series adds up between its boundaries, whatever their distance")
  func series() throws {
    let inbox = try add("news@example.org")
    for hours in [0, 1, 26, 49, 49] as [Int64] {
      try temporary.enqueue(1)
      let at = day + .hours(hours)
      try store.write { (transaction) throws in
        let claimed = try transaction.messages.claim(
          limit: 9, owner: "e", now: max(at, now), leaseUntil: at + .hours(1))
        let leases = claimed.map { Lease(id: $0.id, epoch: $0.epoch) }
        _ = try transaction.messages.arm(leases, owner: "e", now: at, leaseUntil: at + .hours(1))
      }
    }
    // The second day is one on which the clock is set back: 25 hours.
    let boundaries = [day, day + .days(1), day + .hours(49), day + .hours(73)]
    let series = try store.read { try $0.inboxes.series(inbox.id, boundaries: boundaries) }
    #expect(series.map(\.armed) == [2, 1, 2])
    #expect(try store.read { try $0.inboxes.series(inbox.id, boundaries: [day]) }.isEmpty)
  }

  @Test("a removed inbox is not seen, keeps its counts, comes back under its address; not while messages wait")
  func removal() throws {
    let inbox = try add("news@example.org")
    try temporary.enqueue(1)
    #expect(try store.write { try $0.inboxes.remove(inbox.id, version: nil, now: now) } == false)
    let leases = try temporary.armAll()
    _ = try store.write {
      try $0.messages.finish(
        leases[0], transition: .accept, reason: "", now: now, nextAttemptAt: nil, countsAttempt: true)
    }
    #expect(try store.write { try $0.inboxes.remove(inbox.id, version: 99, now: now) } == false)
    #expect(try store.write { try $0.inboxes.remove(inbox.id, version: inbox.version, now: now) })
    let seen = try store.read { try ($0.inboxes.get(inbox.id), $0.inboxes.all(), $0.counters.all()["inbox"]) }
    #expect(seen.0 == nil)
    #expect(seen.1.isEmpty)
    #expect(seen.2 == 0)
    let back = try add("news@example.org")
    #expect(back.id == inbox.id)
    #expect(try tally(back).sent == 1)
    #expect(throws: StoreError.self) { () throws in try add("news@example.org") }
  }

  @Test("pauses are counted by kind, and a pause by the program leaves a probation")
  func pauses() throws {
    let inbox = try add("news@example.org")
    func counters() throws -> [Int?] {
      try store.read { transaction in
        let all = try transaction.counters.all()
        return [all["inbox"], all["inbox.paused"], all["inbox.unhealthy"]]
      }
    }
    for isAutomatic in [false, true] {
      let pause = InboxPause(since: now, until: now + .days(7), reason: "r", by: "ana", isAutomatic: isAutomatic)
      #expect(try store.write { try $0.inboxes.setPause(inbox.id, version: nil, pause) })
      #expect(try counters() == [1, 1, isAutomatic ? 1 : 0])
      #expect(try store.read { try $0.inboxes.get(inbox.id)?.pause } == pause)
      #expect(try store.write { try $0.inboxes.clearPause(inbox.id, version: nil, now: now + .days(1)) })
      #expect(try store.read { try $0.inboxes.get(inbox.id)?.probationSince } == (isAutomatic ? now + .days(1) : nil))
    }
    #expect(try counters() == [1, 0, 0])
    #expect(try store.write { try $0.inboxes.clearPause(inbox.id, version: nil, now: now) } == false)
  }

  @Test("an inbox adopts what waits for its account")
  func adoption() throws {
    try temporary.enqueue(3, account: "news@example.org")
    try temporary.enqueue(2, account: "other@example.org")
    let inbox = try add("news@example.org")
    let adopted = try store.write { transaction in
      let account = try transaction.accounts.getOrCreate("news@example.org", now: now)
      return try transaction.inboxes.adoptWaiting(inbox.id, account: account.id)
    }
    #expect(adopted == 3)
    #expect(try store.read { try $0.inboxes.get(inbox.id)?.waiting } == 3)
  }
}
