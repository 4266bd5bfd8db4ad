import MailModel
import MailPolicy
import Storage
import Testing

@testable import Engine

/// The same failure is told again: by a forwarder, over a second mailbox, as a provider's event. Each telling is kept; what
/// rates, patterns and the resume ladder go by is one message.
@Suite struct RepeatedBounceTests {
  private struct Counts: Equatable {
    var rows: Int
    var bounced: Int
    var blocked: Int
    var patterns: [Int]
    var account: Int
    var fresh: Int
  }

  private func counts(_ place: TestWorkspace, _ id: Message.ID, since moment: Timestamp) throws -> Counts {
    let now = place.open.clock.now()
    let account = try place.message(id).accountID
    return try place.store.read { transaction in
      let vitals = try VitalsReading().vitals(transaction, now: now)
      return Counts(
        rows: try transaction.counters.all()["bounce"] ?? 0, bounced: vitals.bounced, blocked: vitals.blocked,
        patterns: try BouncePattern.Dimension.allCases.map {
          try transaction.bouncePatterns.top($0, since: now - .hours(1), limit: 9).reduce(0) { $0 + $1.count }
        }, account: try transaction.accounts.get(account)?.bounceCount ?? -1,
        fresh: try FreshReportCount.read(since: moment, in: transaction).bounces)
    }
  }

  /// - Parameter apart: scanned one after the other, not in one transaction.
  @Test(arguments: [true, false])
  func `told twice, a bounce counts once`(apart: Bool) throws {
    let place = try TestWorkspace()
    let ids = try place.send(["gone@there.invalid", "other@there.invalid"])
    let before = place.open.clock.now() - .hours(1)
    let fate = TestWorkspace.Fate(
      address: "gone@there.invalid", status: EnhancedStatus(5, 7, 1),
      diagnostic: "554 5.7.1 Service unavailable; client host blocked using zen.spamhaus.org")
    let mailbox = FakeMailbox()
    for _ in 0..<2 {
      mailbox.put(try place.dsn(about: ids[0], [fate], to: place.tokenAddress(ids[0])))
      if apart { try place.scan(mailbox) }
    }
    try place.scan(mailbox)
    #expect(
      try counts(place, ids[0], since: before)
        == Counts(rows: 2, bounced: 1, blocked: 1, patterns: [1, 1, 1, 1], account: 1, fresh: 1))
    let later = place.open.clock.now() + .seconds(1)
    #expect(try counts(place, ids[0], since: later).fresh == 0)

    mailbox.put(
      try place.dsn(about: ids[1], [.init(address: "other@there.invalid")], to: place.tokenAddress(ids[1])))
    try place.scan(mailbox)
    #expect(try counts(place, ids[1], since: before).bounced == 2)
    #expect(try place.store.read { try $0.bounces.list(of: ids[0]) }.count == 2)
  }
}
