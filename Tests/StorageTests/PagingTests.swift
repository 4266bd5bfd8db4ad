import GRDB
import MailModel
import Testing

@testable import Storage

@Suite("Pages by key")
struct PagingTests {
  let temporary: TemporaryStore
  var store: Store { temporary.store }

  init() throws {
    temporary = try TemporaryStore()
    try temporary.enqueue(30) { "r\($0 % 7)@example.com" }
    try temporary.enqueue(25, account: "b@example.org", recipient: { "s\($0 % 5)@example.com" }, state: .held)
  }

  @Test(
    "walking down and up again gives every row once, in order, also when the last page is full",
    arguments: MessageQuery.Sort.allCases, [(isDescending: true, limit: 7), (false, 7), (true, 5), (false, 5)])
  func walk(_ sort: MessageQuery.Sort, _ way: (isDescending: Bool, limit: Int)) throws {
    var query = MessageQuery(sort: sort, isDescending: way.isDescending, limit: way.limit)
    var down: [Message.ID] = []
    var last: Page<Message>
    repeat {
      last = try store.read { try $0.messages.page(query) }
      down += last.rows.map(\.id)
      if let key = last.last { query.position = .after(key) }
    } while last.hasMore
    #expect(down.count == (sort == .nextAttempt ? 30 : 55))
    #expect(Set(down).count == down.count)
    var up: [Message.ID] = last.rows.map(\.id)
    var first = last.first
    while let key = first {
      query.position = .before(key)
      let page = try store.read { try $0.messages.page(query) }
      up = page.rows.map(\.id) + up
      first = page.hasMore ? page.first : nil
    }
    #expect(up == down)
  }

  @Test(arguments: [(-1, 1), (0, 1), (1, 1), (1_000, 1_000), (1_001, 1_000), (.max, 1_000)])
  func `a page has from one row to a thousand`(asked: Int, given: Int) {
    let query = PageQuery(select: "", sort: "id", id: "id", isDescending: true, position: .start, limit: asked)
    #expect(query.limit == given)
  }

  @Test("rows that come in between move nothing")
  func insertsInBetween() throws {
    var query = MessageQuery(limit: 10)
    let first = try store.read { try $0.messages.page(query) }
    try temporary.enqueue(5)
    query.position = .after(try #require(first.last))
    let second = try store.read { try $0.messages.page(query) }
    #expect(first.rows.map(\.id) + second.rows.map(\.id) == (36...55).reversed())
  }

  @Test(
    "a search takes its text literally (fault 42)",
    arguments: [
      ("%", 0), ("_", 0), ("' OR 1=1 --", 0), ("r3@", 4), ("\\", 0), ("'; DROP TABLE message; --", 0),
    ])
  func search(_ text: String, _ expected: Int) throws {
    let page = try store.read { try $0.messages.page(MessageQuery(text: text, limit: 100)) }
    #expect(page.rows.count == expected)
    #expect(try store.read { try $0.messages.page(MessageQuery(limit: 100)) }.rows.count == 55)
  }

  @Test("states and account filter together")
  func filters() throws {
    let held = try store.read {
      try $0.messages.page(MessageQuery(states: [.held], account: "b@example.org", limit: 100))
    }
    #expect(held.rows.count == 25)
    let none = try store.read {
      try $0.messages.page(MessageQuery(states: [.held], account: "news@example.org", limit: 100))
    }
    #expect(none.rows.isEmpty)
  }

  @Test(
    "what is claimable is found by its own index",
    arguments: [
      (
        "SELECT m.id FROM message m WHERE m.state = 'queued' AND m.next_attempt_at <= 1 ORDER BY m.next_attempt_at, m.id LIMIT 5",
        "message_claimable"
      ),
      (
        "SELECT id FROM message WHERE state IN ('leased', 'armed') AND lease_expires_at < 1 ORDER BY lease_expires_at LIMIT 10",
        "message_leases"
      ),
      (
        "SELECT id FROM message m WHERE m.state IN ('queued') AND \(MessageIndexes.active) ORDER BY id DESC LIMIT 5",
        "message_active"
      ),
      (
        "SELECT id FROM message m WHERE m.state IN ('failed') AND \(MessageIndexes.exceptions) ORDER BY id DESC LIMIT 5",
        "message_exceptions"
      ),
      ("SELECT id FROM message WHERE account_id = 1 AND state = 'held'", "message_account_waiting"),
      ("SELECT count(*) FROM message WHERE \(MessageIndexes.leased) AND inbox_id = 1", "message_leases"),
      ("UPDATE message SET version = 2 WHERE \(MessageIndexes.leased) AND lease_owner = 'x'", "message_leases"),
      (Bounces.ofMessage.replacing("$1", with: "7"), "bounce_recipient (<expr>=?)"),
      (
        "SELECT f.id FROM follow_up f WHERE f.done_at IS NULL AND f.due_at <= 1 ORDER BY f.due_at ASC, f.id ASC LIMIT 5",
        "follow_up_due"
      ),
      (
        "SELECT count(*) FROM complaint WHERE account_id = 1 AND occurred_at >= 1 AND \(Complaints.counted)",
        "complaint_counted"
      ),
      ("SELECT id FROM message WHERE account_id = 1 AND \(MessageIndexes.accountWaiting)", "message_account_waiting"),
      (
        Messages.dueRows(.all).replacing("$1", with: "7").replacing("$2", with: "5"),
        "message_claimable (next_attempt_at<?)"
      ),
      (
        Messages.dueRows(.ofInboxes).replacing("$1", with: "7").replacing("$2", with: "5"),
        "message_inbox_claimable (next_attempt_at<?)"
      ),
    ])
  func plans(_ sql: String, _ index: String) throws {
    let plan = try temporary.raw().read { db in
      try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(sql)").map { $0["detail"] as String }.joined(separator: "\n")
    }
    #expect(plan.contains(index), "\(plan)")
    #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
  }

  @Test("held mail of a recipient and of an account is found by index, the newest three")
  func newestHeld() throws {
    try temporary.enqueue(4, recipient: { _ in "s1@example.com" }, state: .held)
    let (mine, others) = try store.read {
      (try $0.messages.newestHeld(recipient: "s1@example.com"), try $0.messages.newestHeld(recipient: "r1@example.com"))
    }
    #expect(mine.map(\.id) == [59, 58, 57] && mine.allSatisfy { $0.state == .held })
    #expect(others.isEmpty)
    for (number, reason) in [(31, "account x: a"), (55, "account x: b"), (54, "account"), (56, "account x")] {
      let message = try #require(try store.read { try $0.messages.get(Message.ID(number)) })
      try temporary.raw().write {
        try $0.execute(sql: "UPDATE message SET state_reason = ? WHERE id = ?", arguments: [reason, message.id])
      }
    }
    let sender = try #require(try store.read { try $0.messages.get(31) }).accountID
    let account = try store.read { try $0.messages.newestHeld(account: sender, reasonPrefix: "account x") }
    #expect(account.map(\.id) == [55, 31])
    for (sql, index, arguments) in [
      (Messages.heldOfRecipient, "message_recipient (<expr>=?)", ["s1@example.com"] as StatementArguments),
      (Messages.heldOfAccount, "message_account_waiting (account_id=? AND state=?)", [sender, "account x"]),
    ] {
      let plan = try temporary.raw().read { db in
        try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(sql)", arguments: arguments).map { $0["detail"] as String }
          .joined(separator: "\n")
      }
      #expect(plan.contains(index), "\(plan)")
      #expect(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN"), "\(plan)")
    }
  }

  @Test("accounts that need attention come first")
  func attention() throws {
    try store.write { (transaction) throws in
      for number in 0..<9 { _ = try transaction.accounts.getOrCreate("c\(number)@example.org", now: temporary.now) }
      _ = try transaction.accounts.setStanding(5, version: nil, standing: .restricted, reason: "", now: temporary.now)
      _ = try transaction.accounts.setStanding(7, version: nil, standing: .flagged, reason: "", now: temporary.now)
    }
    let page = try store.read { try $0.accounts.page(AccountQuery(limit: 3)) }
    #expect(page.rows.prefix(2).map(\.id) == [5, 7])
  }
}
