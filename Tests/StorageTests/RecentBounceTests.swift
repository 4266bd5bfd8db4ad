import MailModel
import TestSupport
import Testing

@testable import Storage

/// The bounces of the last hours, found without going through older ones.
@Suite struct RecentBounceTests {
  private let temporary: TemporaryStore

  init() throws { temporary = try TemporaryStore() }

  /// Bounces of a week, dated up to a minute out of their order, with ids missing.
  private func fill(_ walk: inout SeededGenerator) throws {
    let minutes = (0..<(7 * 24 * 6)).filter { _ in Int.random(in: 0..<4, using: &walk) > 0 }
    try temporary.store.write { (transaction) throws in
      for minute in minutes {
        let late = Span.seconds(Int64.random(in: 0..<60, using: &walk))
        let moment = temporary.now + .minutes(Int64(minute * 10)) - late
        let location = MailboxLocation(mailbox: "m@h/INBOX", uidValidity: 1, uid: UInt32(minute + 1))
        let report = try #require(
          try transaction.reports.store(location, raw: [UInt8(minute % 250)], receivedAt: moment))
        let bounce = NewBounce(
          report: report, message: nil, recipient: "r@example.com", reported: ReportedRecipient(), kind: .bounce,
          correlation: .none, consequence: "")
        try transaction.bounces.insert([bounce], now: moment)
        if minute % 7 == 0 { try transaction.reports.forgetUnproven(report) }
      }
    }
  }

  @Test(arguments: 1...3)
  func `none is missed, and hardly any that is older is looked at`(seed: UInt64) throws {
    var walk = SeededGenerator(seed: seed)
    try fill(&walk)
    let all = try temporary.store.read { try $0.bounces.page(BounceQuery(isDescending: false, limit: 1_000)).rows }
    #expect(all.count > 500)
    for hours in stride(from: Int64(-2), through: 7 * 24 + 2, by: 5) {
      let moment = temporary.now + .hours(hours)
      let (found, last) = try temporary.store.read { transaction in
        (
          try transaction.bounces.page(BounceQuery(since: moment, isDescending: false, limit: 1_000)).rows,
          try transaction.bounces.lastID(before: moment.floored(to: BouncePatterns.bucket))
        )
      }
      let expected = all.filter { $0.occurredAt >= moment.floored(to: BouncePatterns.bucket) }
      #expect(found.map(\.id) == expected.map(\.id))
      let older = all.count { $0.id > last && $0.occurredAt < moment.floored(to: BouncePatterns.bucket) }
      #expect(older <= 2, "\(hours) h")
    }
  }

  @Test func `a store without bounces has none of the last hour`() throws {
    #expect(try temporary.store.read { try $0.bounces.lastID(before: temporary.now) } == 0)
  }
}
