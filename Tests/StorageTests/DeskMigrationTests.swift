import Foundation
import GRDB
import MailModel
import Testing

@testable import Storage

/// A store of an older program, with people in it, brought up to date: nobody whom complaints had flagged or restricted is
/// without a case.
@Suite struct DeskMigrationTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "postroom-upgrade-\(UUID().uuidString)")
  private static let moment: Int64 = 1_700_000_000_000_000

  /// - Parameter last: the last migration that the older program knew.
  private func older(upTo last: String, _ fill: (Database) throws -> Void) throws -> Store {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: "store.sqlite").path
    let queue = try DatabaseQueue(path: path)
    try Migrations.all().migrate(queue, upTo: last)
    try queue.write(fill)
    try queue.close()
    return try Store(path: path)
  }

  private func removed(_ store: Store) throws {
    try store.close()
    try FileManager.default.removeItem(at: folder)
  }

  private func add(_ address: String, _ standing: String, _ reason: String, to db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO account (address, standing, reason, standing_changed_at, complaint_count) VALUES (?, ?, ?, ?, 4)
        """, arguments: [address, standing, reason, Self.moment])
  }

  @Test func `accounts from before there were cases get one`() throws {
    let store = try older(upTo: "13 mark") { db in
      try add("quiet@example.org", "good", "", to: db)
      try add("flagged@example.org", "flagged", "3 complaints in 30 days (threshold 3)", to: db)
      try add("policy@example.org", "restricted", "5 complaints in 30 days (threshold 5)", to: db)
      try add("person@example.org", "restricted", "restricted by ana: bought list", to: db)
    }
    func current(_ name: String) throws -> AbuseCase? {
      try store.read { transaction in
        let account = try #require(try transaction.accounts.get(address: "\(name)@example.org"))
        return try transaction.cases.current(of: account.id)
      }
    }
    let moment = Timestamp(microseconds: Self.moment)
    #expect(try current("quiet") == nil)
    let flagged = try #require(try current("flagged"))
    #expect(flagged.state == .open && flagged.opening == .flagged && flagged.openedAt == moment)
    #expect(flagged.restrictedAt == nil && flagged.restrictedBy == nil && flagged.nextReview == nil)
    let policy = try #require(try current("policy"))
    #expect(policy.opening == .restrictedAutomatically && policy.stateWords == "restricted automatically")
    #expect(policy.restrictedAt == moment && policy.nextReview == moment + .days(30))
    let person = try #require(try current("person"))
    #expect(person.opening == .byHand && person.stateWords == "restricted by hand")
    let counters = try store.read { try $0.counters.all() }
    #expect(counters["case.open"] == 1 && counters["case.restricted"] == 2 && counters["follow-up"] == 2)
    let due = try store.read { try $0.followUps.due(now: moment + .days(30), limit: 9) }
    #expect(Set(due.map(\.accountAddress)) == ["policy@example.org", "person@example.org"])
    #expect(try store.read { try $0.cases.events(of: policy.id, limit: 9) }.map(\.kind) == [.opened])
    // The order of the accounts follows as soon as an engine looks: reviews are due.
    let later = moment + .days(31)
    _ = try store.write { try $0.accounts.rankDue(window: .days(30), now: later, limit: 99) }
    let order = try store.read { try $0.accounts.page(AccountQuery()).rows.map(\.standing) }
    #expect(order == [.restricted, .restricted, .flagged, .good])
    try removed(store)
  }

  @Test func `cases that are there stay, and say who restricted`() throws {
    let store = try older(upTo: "7 cases") { db in
      try add("policy@example.org", "restricted", "6 complaints in 30 days (threshold 5)", to: db)
      try add("person@example.org", "restricted", "restricted by ana: bought list", to: db)
      try add("lifted@example.org", "good", "lifted by ana: spoke to them", to: db)
      for (account, state) in [(1, "restricted"), (2, "restricted"), (3, "watching")] {
        try db.execute(
          sql: """
            INSERT INTO abuse_case (account_id, state, opening, opened_by, opened_at, restricted_at)
            VALUES (?, ?, 'flagged', 'ana', ?, ?)
            """, arguments: [account, state, Self.moment, Self.moment])
        try db.execute(
          sql: "INSERT INTO case_event (case_id, at, kind, actor, text) VALUES (?, ?, 'opened', 'ana', 'x')",
          arguments: [account, Self.moment])
      }
    }
    let cases = try store.read { try $0.cases.page(CaseQuery()).rows.map(\.abuseCase) }
    #expect(cases.map(\.stateWords) == ["watching", "restricted by hand", "restricted automatically"])
    #expect(try store.read { try $0.counters.all()["case.restricted"] } == 2)
    #expect(try store.read { try $0.cases.events(of: 1, limit: 9) }.count == 1)
    try removed(store)
  }

  @Test func `accounts whose complaints did not count are ranked anew`() throws {
    let store = try older(upTo: "25 handled reports") { db in
      for (account, correlation) in ["header", "person", "token", "recipient"].enumerated() {
        try add("a\(account)@example.org", "good", "", to: db)
        try db.execute(
          sql: """
            INSERT INTO report (mailbox, uid_validity, uid, hash, received_at) VALUES ('m@h/INBOX', 1, ?, x'00', ?)
            """, arguments: [account + 1, Self.moment])
        try db.execute(
          sql: """
            INSERT INTO complaint (report_id, account_id, feedback_type, correlation, consequence, occurred_at)
            VALUES (?, ?, 'abuse', ?, '', ?)
            """, arguments: [account + 1, account + 1, correlation, Self.moment])
      }
    }
    let now = Timestamp(microseconds: Self.moment)
    #expect(try store.write { try $0.accounts.rankDue(window: .days(30), now: now, limit: 9) } == 2)
    #expect(try store.read { try $0.accounts.isRankDue(now: now) } == false)
    let order = try store.read { try $0.accounts.page(AccountQuery()).rows.map(\.address) }
    #expect(Set(order.prefix(2)) == ["a0@example.org", "a1@example.org"])
    try removed(store)
  }

  /// What is searched is found by its needle as by walking through everything.
  @Test func `a search finds few by their needle, many by walking, and takes nothing for a pattern`() throws {
    let place = try TemporaryStore()
    try place.raw().write { db in
      try db.execute(
        sql: """
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
          INSERT INTO account (address, standing_changed_at, reason)
          SELECT 'a' || i || '@example.org', 0, CASE WHEN i % 500 = 0 THEN '100% bought_list' ELSE '' END FROM n
          """)
    }
    func found(_ text: String, limit: Int = 1_000) throws -> [String] {
      try place.store.read { try $0.accounts.page(AccountQuery(texts: [text], sort: .address, limit: limit)).rows }
        .map(\.address)
    }
    #expect(try found("a2499@") == ["a2499@example.org"])
    #expect(try found("A2499@EX").count == 1)
    #expect(try found("100% bought_").count == 5)
    #expect(try found("%").count == 5 && found("_").count == 5)
    #expect(try found("example.org", limit: 10).count == 10)
    #expect(try found("nobody").isEmpty)
    #expect(try found("'; DROP TABLE account; --").isEmpty)
  }
}
