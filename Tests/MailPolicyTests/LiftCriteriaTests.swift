import Foundation
import MailModel
import MailPolicy
import Testing

/// The runbook's criteria for lifting, and the policy as it would have decided on any date: tables with their edges.
@Suite struct LiftCriteriaTests {
  private static let start = Timestamp(seconds: 1_790_000_000)
  private let policy = LiftPolicy()

  private func holding(_ facts: LiftPolicy.Facts, at now: Timestamp) -> Set<LiftCriterion.Kind> {
    Set(policy.criteria(facts, now: now).filter(\.holds).map(\.kind))
  }

  private func facts(
    complaint: Timestamp? = nil, understood: Timestamp? = nil, committed: Timestamp? = nil
  ) -> LiftPolicy.Facts {
    LiftPolicy.Facts(
      restrictedAt: Self.start, lastComplaintAt: complaint, understoodAt: understood, committedAt: committed)
  }

  @Test(
    arguments: [
      (Span.seconds(0), false), (.days(29), false), (Span(microseconds: Span.days(30).microseconds - 1), false),
      (.days(30), true), (Span(microseconds: Span.days(30).microseconds + 1), true), (.days(400), true),
      (.days(-1), false),
    ] as [(Span, Bool)])
  func `thirty days, to the microsecond`(lasted: Span, holds: Bool) {
    #expect(holding(facts(), at: Self.start + lasted).contains(.time) == holds)
  }

  @Test(
    arguments: [
      (Int64(-1), true), (0, true), (1, false), (86_400_000_000, false),
    ] as [(Int64, Bool)])
  func `a complaint counts as new from the moment after the restriction`(offset: Int64, holds: Bool) {
    let complaint = Self.start + Span(microseconds: offset)
    #expect(holding(facts(complaint: complaint), at: Self.start + .days(31)).contains(.noNewComplaints) == holds)
    #expect(holding(facts(), at: Self.start).contains(.noNewComplaints))
  }

  @Test(arguments: [(Int64(-1), false), (0, true), (1, true)] as [(Int64, Bool)])
  func `what was said before the restriction does not count`(offset: Int64, holds: Bool) {
    let said = Self.start + Span(microseconds: offset)
    let found = holding(facts(understood: said, committed: said), at: Self.start + .days(1))
    #expect(found.contains(.understanding) == holds)
    #expect(found.contains(.commitment) == holds)
    #expect(!holding(facts(), at: Self.start + .days(99)).contains(.commitment))
  }

  @Test func `all four, in the runbook's order`() {
    let later = Self.start + .days(1)
    let criteria = policy.criteria(facts(understood: later, committed: later), now: Self.start + .days(30))
    #expect(criteria.map(\.kind) == LiftCriterion.Kind.allCases)
    #expect(criteria.filter { !$0.holds }.isEmpty)
  }

  /// Thirty calendar days over a change of the clocks are an hour more or less than thirty days: the rule counts what
  /// has elapsed, so the same wall-clock time is an hour early in spring and an hour late in autumn, in every zone.
  @Test(
    arguments: [
      ("Europe/Berlin", (2026, 3, 10), false), ("Europe/Berlin", (2026, 10, 10), true),
      ("Europe/Berlin", (2026, 6, 1), true), ("America/New_York", (2026, 2, 20), false),
      ("America/New_York", (2026, 10, 20), true), ("Asia/Tokyo", (2026, 3, 10), true),
      ("Australia/Lord_Howe", (2026, 9, 20), false), ("Australia/Lord_Howe", (2026, 3, 20), true),
      ("Pacific/Chatham", (2026, 9, 10), false), ("UTC", (2026, 3, 10), true),
    ] as [(String, (Int, Int, Int), Bool)])
  func `clock changes do not shorten a restriction`(zone: String, day: (Int, Int, Int), holds: Bool) throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: zone))
    let begin = try #require(
      calendar.date(from: DateComponents(year: day.0, month: day.1, day: day.2, hour: 12)))
    let end = try #require(calendar.date(byAdding: .day, value: 30, to: begin))
    let restricted = Timestamp(seconds: Int64(begin.timeIntervalSince1970))
    let known = LiftPolicy.Facts(
      restrictedAt: restricted, lastComplaintAt: nil, understoodAt: nil, committedAt: nil)
    let now = Timestamp(seconds: Int64(end.timeIntervalSince1970))
    #expect(holding(known, at: now).contains(.time) == holds)
    #expect(holding(known, at: now + .hours(1)).contains(.time))
  }

  private static let days: [Timestamp] = [0, 1, 2, 3, 4].map { start + .days($0) }
  private static let tick = Span(microseconds: 1)

  @Test(
    arguments: [
      (start - tick, 0, .good), (start, 1, .good), (start + .days(2) - tick, 2, .good), (start + .days(2), 3, .flagged),
      (start + .days(4) - tick, 4, .flagged), (start + .days(4), 5, .restricted), (start + .days(30), 5, .restricted),
      (start + .days(30) + tick, 4, .flagged), (start + .days(32), 3, .flagged), (start + .days(32) + tick, 2, .good),
      (start + .days(400), 0, .good),
    ] as [(Timestamp, Int, AccountStanding)])
  func `the policy as it would have decided on any date`(moment: Timestamp, count: Int, standing: AccountStanding) {
    let verdict = RestrictionPolicy().verdict(Self.days.reversed(), at: moment)
    #expect(verdict == PolicyVerdict(at: moment, complaints: count, calledFor: standing))
  }

  @Test func `and when it would have changed`() {
    let policy = RestrictionPolicy()
    let all = policy.history(Self.days, until: Self.start + .days(400))
    #expect(all.map(\.calledFor) == [.flagged, .restricted, .flagged, .good])
    #expect(
      all.map(\.at) == [
        Self.days[2], Self.days[4], Self.days[0] + .days(30) + Self.tick, Self.days[2] + .days(30) + Self.tick,
      ])
    #expect(policy.history(Self.days, until: Self.days[3]).map(\.calledFor) == [.flagged])
    #expect(policy.history([], until: Self.start).isEmpty)
  }
}
