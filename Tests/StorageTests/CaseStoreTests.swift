import Foundation
import GRDB
import MailModel
import Testing

@testable import Storage

/// Cases in the store: what triggers keep, and what the schema refuses. That size does not matter is measured: Benchmarks/desk.py.
@Suite struct CaseStoreTests {
  private let place: TemporaryStore

  init() throws { place = try TemporaryStore() }

  private func account(_ address: String = "loud@example.org") throws -> Account {
    try place.store.write { try $0.accounts.getOrCreate(address, now: place.now) }
  }

  private func open(_ account: Account) throws -> AbuseCase {
    try place.store.write {
      try $0.cases.open(
        account: account.id, as: .flagged, state: .open, by: "ana", steps: ["one", "two"], now: place.now)
    }
  }

  @Test func `an account has one case that is not closed`() throws {
    let account = try account()
    var first = try open(account)
    #expect(throws: StoreError.self) { try open(account) }
    first.state = .closed
    first.closedAt = place.now
    let closing = first
    #expect(try place.store.write { try $0.cases.update(closing) })
    #expect(try !place.store.write { try $0.cases.update(closing) })
    _ = try open(account)
    let counters = try place.store.read { try $0.counters.all() }
    #expect(counters["case.open"] == 1 && counters["case.closed"] == 1)
    #expect(try place.store.read { try $0.cases.earlier(of: account.id) }.map(\.id) == [first.id])
  }

  @Test func `a closed case and a timeline stay as they are`() throws {
    var closed = try open(try account())
    try place.store.write { try $0.cases.append(.note, to: closed.id, by: "ana", text: "seen", now: place.now) }
    closed.state = .closed
    closed.closedAt = place.now
    let closing = closed
    _ = try place.store.write { try $0.cases.update(closing) }
    let raw = try place.raw()
    for sql in [
      "UPDATE abuse_case SET state = 'open', closed_at = NULL", "UPDATE case_event SET text = 'other'",
      "DELETE FROM case_event",
    ] {
      #expect(throws: DatabaseError.self, "\(sql)") { try raw.write { try $0.execute(sql: sql) } }
    }
  }

  @Test func `open follow-ups of all cases, the longest overdue first, by key`() throws {
    let (loud, other) = (try account(), try account("other@example.org"))
    let cases = [try open(loud).id, try open(other).id]
    let ids = try place.store.write { (transaction) throws in
      try (0..<6).map { number in
        try transaction.followUps.add(
          case: cases[number % 2], dueAt: place.now + .days([3, 1, 1, 0, 9, 2][number]), text: "look \(number)",
          by: "ana")
      }
    }
    _ = try place.store.write { try $0.followUps.done(ids[5], version: nil, by: "ana", now: place.now) }
    func listed(_ query: FollowUpQuery) throws -> Page<FollowUp> {
      try place.store.read { try $0.followUps.page(query) }
    }
    let first = try listed(FollowUpQuery(dueBy: nil, limit: 2))
    #expect(first.rows.map(\.text) == ["look 3", "look 1"] && first.hasMore)
    let rest = try listed(FollowUpQuery(dueBy: nil, position: .after(try #require(first.last)), limit: 9))
    #expect(rest.rows.map(\.text) == ["look 2", "look 0", "look 4"] && !rest.hasMore)
    let due = try listed(FollowUpQuery(dueBy: place.now + .days(1)))
    #expect(due.rows.map(\.text) == ["look 3", "look 1", "look 2"] && due.rows[0].accountAddress == other.address)
    #expect(try listed(FollowUpQuery(dueBy: nil, text: "other@")).rows.map(\.text) == ["look 3", "look 1"])
    #expect(try listed(FollowUpQuery(dueBy: nil, text: "look 4")).rows.map(\.id) == [ids[4]])
  }

  @Test func `attention follows standing, complaints, bounces and the review`() throws {
    let quiet = try account("quiet@example.org")
    let loud = try account()
    let id = try open(loud).id
    func order(_ now: Timestamp) throws -> [String] {
      try place.store.write {
        for account in [quiet.id, loud.id] { try $0.accounts.rank(account, window: .days(30), now: now) }
      }
      return try place.store.read { try $0.accounts.page(AccountQuery()).rows.map(\.address) }
    }
    _ = try place.store.write {
      try $0.accounts.setStanding(quiet.id, version: nil, standing: .restricted, reason: "", now: place.now)
    }
    #expect(try order(place.now) == [quiet.address, loud.address])
    var due = try #require(try place.store.read { try $0.cases.get(id) })
    due.nextReview = place.now + .days(1)
    let change = due
    _ = try place.store.write { try $0.cases.update(change) }
    #expect(try order(place.now) == [quiet.address, loud.address])
    // Time alone: the review is due, and the upkeep sees it by its index.
    #expect(try place.store.read { try !$0.accounts.isRankDue(now: place.now) })
    let later = place.now + .days(1)
    #expect(try place.store.read { try $0.accounts.isRankDue(now: later) })
    #expect(try place.store.write { try $0.accounts.rankDue(window: .days(30), now: later, limit: 9) } == 1)
    #expect(
      try place.store.read { try $0.accounts.page(AccountQuery()).rows.map(\.address) } == [
        loud.address, quiet.address,
      ])
  }

  @Test func `days are counted as messages are accepted, one by one and many at once`() throws {
    try place.enqueue(3)
    let leases = try place.armAll()
    _ = try place.store.write { try $0.messages.accept(leases.prefix(2).map { ($0, "ok") }, now: place.now) }
    _ = try place.store.write {
      try $0.messages.finish(
        leases[2], transition: .accept, reason: "ok", now: place.now + .days(1), nextAttemptAt: nil, countsAttempt: true
      )
    }
    let days = try place.store.read { try $0.accounts.days(of: 1, since: place.now - .days(1)) }
    #expect(days.map(\.sent) == [1, 2])
    let figures = try place.store.read { try $0.accounts.figures(of: 1, window: .days(30), now: place.now + .days(1)) }
    #expect(figures.sent == 3 && figures.bounceRate == 0 && figures.trend == "0")
  }

  @Test func `every correlation that is proof counts, wherever complaints are counted`() throws {
    try place.enqueue(1)
    let (start, window) = (place.now - .days(1), Span.days(30))
    var proven = 0
    for (uid, correlation) in Correlation.allCases.enumerated() {
      try place.store.write { transaction in
        let report = try #require(
          try transaction.reports.store(
            MailboxLocation(mailbox: "m@h/INBOX", uidValidity: 1, uid: UInt32(uid + 1)), raw: [UInt8(uid)],
            receivedAt: place.now))
        _ = try transaction.complaints.insert(
          report: report, message: try transaction.messages.get(1), recipient: "r@example.com", feedbackType: "abuse",
          correlation: correlation, consequence: "", now: place.now)
        try transaction.accounts.rank(1, window: window, now: place.now)
      }
      if correlation.isProof { proven += 1 }
      try place.store.read { (transaction) throws in
        let complaints = transaction.complaints
        #expect(try complaints.countSince(account: 1, since: start) == proven, "\(correlation)")
        #expect(try complaints.moments(account: 1, limit: 9).count == proven, "\(correlation)")
        #expect(try complaints.moments(account: 1, from: start, to: place.now).count == proven, "\(correlation)")
        let figures = try transaction.accounts.figures(of: 1, window: window, now: place.now)
        #expect(figures.complaints == proven, "\(correlation)")
        #expect(try transaction.accounts.days(of: 1, since: start).map(\.complained) == [proven], "\(correlation)")
      }
      let attention = try place.raw().read { try Int.fetchOne($0, sql: "SELECT attention FROM account WHERE id = 1") }
      #expect(attention == proven * 1_000, "\(correlation)")
    }
  }
}
