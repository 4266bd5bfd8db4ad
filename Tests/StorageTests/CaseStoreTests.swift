import Foundation
import GRDB
import MailModel
import Testing

@testable import Storage

/// Cases in the store: what triggers keep, what the schema refuses, and that size does not matter.
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

  /// 100,000 accounts and 1,000,000 complaints: the pane's first page, a search that finds one, and a case's queries.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["POSTROOM_LARGE"] == "1"))
  func `the pane and a case open within 100 ms, whatever is stored`() throws {
    try fill(accounts: 100_000, complaints: 1_000_000)
    let now = place.now + .days(30)
    func measure(_ name: String, _ body: (Transaction) throws -> Int) throws {
      _ = try place.store.read(body)
      let begin = ContinuousClock.now
      let rows = try place.store.read(body)
      let took = ContinuousClock.now - begin
      print("\(name): \(took), \(rows) rows")
      #expect(took < .milliseconds(100), "\(name) took \(took)")
      #expect(rows > 0, "\(name)")
    }
    try measure("accounts, first page") {
      try $0.accounts.page(AccountQuery(limit: 200), window: .days(30), now: now).rows.count
    }
    try measure("accounts, search for one") {
      try $0.accounts.page(AccountQuery(text: "a99998@", limit: 200), window: .days(30), now: now).rows.count
    }
    try measure("case") { transaction in
      let page = try transaction.accounts.page(AccountQuery(limit: 1), window: .days(30), now: now)
      let id = page.rows[0].id
      return try transaction.complaints.list(account: id, limit: 30).count
        + transaction.complaints.moments(account: id, limit: 1_000).count
        + transaction.accounts.days(of: id, since: now - .days(30)).count + transaction.cases.earlier(of: id).count
    }
  }

  private func fill(accounts: Int, complaints: Int) throws {
    let raw = try place.raw()
    try raw.write { db in
      try db.execute(
        sql: """
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
          INSERT INTO account (id, address, standing, standing_changed_at)
          SELECT i, 'a' || i || '@example.org',
            CASE WHEN i % 97 = 0 THEN 'restricted' WHEN i % 31 = 0 THEN 'flagged' ELSE 'good' END, 0 FROM n
          """, arguments: [accounts])
      // One account in a hundred has ten times as many complaints.
      try db.execute(
        sql: """
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
          INSERT INTO report (id, mailbox, uid_validity, uid, received_at, hash) SELECT i, 'm', 1, i, 0, x'00' FROM n
          """, arguments: [complaints])
      try db.execute(
        sql: """
          INSERT INTO complaint (report_id, account_id, recipient, feedback_type, correlation, consequence, occurred_at)
          SELECT id, CASE WHEN id % 10 = 0 THEN (id / 10 % (? / 100)) * 100 + 97 ELSE id % ? + 1 END, 'r', 'abuse', 'token',
            'counted', ? + (id % 60) * 86400000000 FROM report
          """, arguments: [accounts, accounts, (place.now - .days(30)).microseconds])
      try db.execute(
        sql: """
          INSERT INTO account_day (account_id, day, sent, bounced)
          SELECT a.id, ? + d.day, 10, a.id % 3 FROM account a,
            (SELECT 0 AS day UNION SELECT 7 UNION SELECT 14 UNION SELECT 21 UNION SELECT 28) d
          """, arguments: [place.now.microseconds / 86_400_000_000])
      try db.execute(sql: "UPDATE account SET attention_until = 0; ANALYZE")
    }
    let now = place.now + .days(30)
    while try place.store.write({ try $0.accounts.rankDue(window: .days(30), now: now, limit: 10_000) }) > 0 {}
  }
}
