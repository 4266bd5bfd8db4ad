import GRDB
import MailModel
import TestSupport
import Testing

@testable import Storage

@Suite("Counts by destination and age equal what counting finds")
struct InsightStoreTests {
  private struct Line: Hashable {
    var domain: String
    var kind: String
    var cohort: Int64
  }

  @Test("after a random walk over every arrow", arguments: [1, 2, 3])
  func randomWalk(_ seed: UInt64) throws {
    let temporary = try TemporaryStore()
    var generator = SeededGenerator(seed: seed)
    try temporary.enqueue(60) { "r\($0)@\(["A.example", "b.example", "c.example"][$0 % 3])" }
    for step in 0..<400 {
      let now = temporary.now + .minutes(Int64(step))
      try temporary.store.write { (transaction) throws in
        let id = Int64(generator.next() % 60) + 1
        guard let message = try transaction.messages.get(id) else { return }
        let lease = Lease(id: id, epoch: message.epoch)
        switch generator.next() % 4 {
        case 0:
          // Some are armed at once: that arrow is counted for the whole group.
          _ = try transaction.messages.claim(
            limit: 4, scan: 4, owner: "e", now: now, leaseUntil: now + .seconds(9)
          ) { due in due.id % 2 == 0 ? .arm : .lease }
        case 1: _ = try transaction.messages.arm([lease], owner: "e", now: now, leaseUntil: now + .seconds(9))
        default:
          let transition = MessageTransition.allCases[Int(generator.next() % UInt64(MessageTransition.allCases.count))]
          guard transition != .claim, transition != .arm else { return }
          _ = try transaction.messages.finish(
            lease, transition: transition, reason: "", now: now, nextAttemptAt: nil, countsAttempt: step % 2 == 0)
        }
      }
    }
    try compare(temporary)
  }

  private func compare(_ temporary: TemporaryStore) throws {
    let queue = try temporary.raw()
    let (kept, kinds, messages) = try queue.read { (db) throws in
      (
        try Row.fetchAll(db, sql: "SELECT domain, kind, cohort, value FROM destination_age"),
        try Row.fetchAll(db, sql: "SELECT domain, kind, value FROM destination"),
        try Row.fetchAll(db, sql: "SELECT recipient, state, attempt_count, enqueued_at FROM message")
      )
    }
    var expected: [Line: Int] = [:]
    for row in messages where ["queued", "held", "uncertain"].contains(row[1] as String) {
      let domain = (row[0] as String).split(separator: "@").last.map { $0.lowercased() } ?? ""
      let kind = row[1] as String == "queued" && (row[2] as Int) > 0 ? "deferred" : row[1] as String
      let enqueued: Int64 = row[3]
      expected[Line(domain: domain, kind: kind, cohort: enqueued - enqueued % 300_000_000), default: 0] += 1
    }
    #expect(!expected.isEmpty)
    #expect(
      Dictionary(uniqueKeysWithValues: kept.map { (Line(domain: $0[0], kind: $0[1], cohort: $0[2]), $0[3]) })
        == expected)
    for row in kinds {
      let wanted = expected.filter { $0.key.domain == row[0] && $0.key.kind == row[1] }.values.reduce(0, +)
      #expect(wanted == row[2] as Int, "\(row)")
    }
  }

  @Test("the domain is what follows the last @, whatever stands before it")
  func domains() throws {
    let temporary = try TemporaryStore()
    let recipients = [
      #""odd@name"@Big.example"#, "a@big.example", "big.example@big.example", "plain", "@", "x@[192.0.2.1]",
    ]
    try temporary.enqueue(recipients.count) { recipients[$0] }
    let found = try temporary.store.read { try $0.destinations.largest(10) }
    #expect(found.first == Destination(domain: "big.example", queued: 3))
    #expect(Set(found.map(\.domain)) == ["big.example", "plain", "", "[192.0.2.1]"])
  }

  @Test("largest first, with their cohorts; the sum over all")
  func reading() throws {
    let temporary = try TemporaryStore()
    try temporary.enqueue(5) { "r\($0)@one.example" }
    try temporary.enqueue(2, recipient: { "h\($0)@two.example" }, state: .held)
    try temporary.store.read { (transaction) throws in
      let total = try transaction.destinations.total()
      #expect(total == Destination(domain: "TOTAL", queued: 5, held: 2))
      #expect(try transaction.destinations.largest(1).map(\.domain) == ["one.example"])
      #expect(try transaction.destinations.cohorts(domain: "two.example").isEmpty)
      #expect(try transaction.destinations.cohorts().map(\.count) == [5])
    }
  }

  @Test("histograms and reasons add up by window, and are forgotten in time")
  func histograms() throws {
    let temporary = try TemporaryStore()
    let now = temporary.now
    let reason = DeliveryReason(
      domain: "a.example", outcome: "deferred", replyCode: 450, enhancedStatus: "4.2.1", shape: "busy")
    try temporary.store.write { (transaction) throws in
      for age in [Span.minutes(0), .minutes(1), .hours(3), .days(9)] {
        try transaction.latencies.add(stage: "reply", bin: 40, count: 2, at: now - age)
        try transaction.deliveryReasons.add(reason, count: 1, at: now - age)
      }
    }
    let hour = try temporary.store.read { try $0.latencies.histograms(since: now - .hours(1)) }
    #expect(hour == ["reply": [40: 4]])
    let day = try temporary.store.read { try $0.deliveryReasons.top(since: now - .days(1), limit: 5) }
    #expect(day.map(\.count) == [3])
    #expect(day.first?.reason == reason)
    #expect(try temporary.store.read { try $0.deliveryReasons.top(since: now, domain: "b.example", limit: 5) }.isEmpty)
    let oldest = now - .days(8)
    #expect(try temporary.store.read { try $0.deliveryReasons.hasAny(before: oldest) })
    #expect(try temporary.store.write { try $0.deliveryReasons.forget(before: oldest) } == 2)
    #expect(try temporary.store.read { try !$0.deliveryReasons.hasAny(before: oldest) })
  }
}
