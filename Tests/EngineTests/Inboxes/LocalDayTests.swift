import Foundation
import MailModel
import MailPolicy
import Storage
import Testing

@testable import Engine

/// Days of limits where clocks are changed (fault: a day that is counted twice or not at all).
@Suite struct LocalDayTests {
  private func zone(_ name: String) throws -> TimeZone { try #require(TimeZone(identifier: name)) }

  private func moment(_ text: String) throws -> Timestamp {
    Timestamp(seconds: Int64(try Date(text, strategy: .iso8601).timeIntervalSince1970))
  }

  static let days: [(zone: String, at: String, start: String, hours: Int64)] = [
    ("Europe/Berlin", "2026-07-01T12:00:00Z", "2026-06-30T22:00:00Z", 24),
    ("Europe/Berlin", "2026-03-29T00:30:00Z", "2026-03-28T23:00:00Z", 23),
    ("Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-28T23:00:00Z", 23),
    ("Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-24T22:00:00Z", 25),
    ("Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-24T22:00:00Z", 25),
    ("America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T04:00:00Z", 25),
    ("Asia/Kathmandu", "2026-01-01T00:00:00Z", "2025-12-31T18:15:00Z", 24),
    // The clock is set forward at midnight: the day begins at 1:00.
    ("Africa/Cairo", "2026-04-24T10:00:00Z", "2026-04-23T22:00:00Z", 23),
    ("Australia/Lord_Howe", "2026-04-04T20:00:00Z", "2026-04-04T13:00:00Z", 24),
    ("Etc/UTC", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", 24),
    ("Etc/UTC", "1969-12-31T23:59:59Z", "1969-12-31T00:00:00Z", 24),
  ]

  @Test(arguments: days.indices)
  func `a day begins and ends at its own midnights`(index: Int) throws {
    let row = LocalDayTests.days[index]
    let timeZone = try zone(row.zone)
    let day = LocalDay(at: try moment(row.at), in: timeZone)
    #expect(day.start == (try moment(row.start)))
    if row.zone != "Australia/Lord_Howe" { #expect(day.end - day.start == .hours(row.hours)) }
    #expect(LocalDay(at: day.start, in: timeZone) == day)
    #expect(LocalDay(at: day.end - Span(microseconds: 1), in: timeZone) == day)
    #expect(LocalDay(at: day.end, in: timeZone).number == day.number + 1)
    #expect(LocalDay(at: day.end, in: timeZone).start == day.end)
  }

  @Test func `numbers of days differ by one over two years in every zone with its own rules`() throws {
    for name in ["Europe/Berlin", "Africa/Cairo", "America/Santiago", "Australia/Lord_Howe", "Pacific/Chatham"] {
      let timeZone = try zone(name)
      var day = LocalDay(at: try moment("2025-01-01T12:00:00Z"), in: timeZone)
      for _ in 0..<730 {
        let next = LocalDay(at: day.end, in: timeZone)
        #expect(next.number == day.number + 1, "\(name)")
        #expect(next.start == day.end, "\(name)")
        day = next
      }
    }
  }

  @Test func `a week of warm-up is seven midnights, also over a change of the clock`() throws {
    let timeZone = try zone("Europe/Berlin")
    // Started at 23:50 on the day before; a week is over at midnight, six days and ten minutes later.
    let started = LocalDay(at: try moment("2026-03-24T22:50:00Z"), in: timeZone)
    let rows = [("2026-03-30T21:59:59Z", 1), ("2026-03-30T22:00:00Z", 2), ("2026-04-06T22:00:00Z", 3)]
    for (text, week) in rows {
      let today = LocalDay(at: try moment(text), in: timeZone)
      #expect(WarmupSchedule.week(started: started.number, today: today.number) == week, "\(text)")
    }
  }

  @Test func `boundaries are midnights, the last one the end of today`() throws {
    let timeZone = try zone("Europe/Berlin")
    let day = LocalDay(at: try moment("2026-03-31T12:00:00Z"), in: timeZone)
    let boundaries = day.boundaries(ofLast: 4, in: timeZone)
    let expected = [
      "2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z",
      "2026-03-31T22:00:00Z",
    ]
    #expect(boundaries == (try expected.map(moment)))
    for name in TimeZone.knownTimeZoneIdentifiers {
      let day = LocalDay(at: try moment("2026-03-31T12:00:00Z"), in: try zone(name))
      #expect(day.start.seconds % 900 == 0, "\(name): counts are kept by the quarter of an hour")
    }
  }

  @Test(
    arguments: [
      ("2026-03-29", true), ("2024-02-29", true), ("2026-02-29", false), ("2026-13-01", false), ("2026-3-29", false),
      ("", false), ("2026-03-29x", false), ("-026-03-29", false), ("２０２６-03-29", false),
    ])
  func `a day is read or refused`(text: String, isDay: Bool) throws {
    #expect((LocalDay(text, in: try zone("Europe/Berlin")) != nil) == isDay)
  }
}
