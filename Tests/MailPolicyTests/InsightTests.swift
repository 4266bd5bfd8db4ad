import MailModel
import Testing

@testable import MailPolicy

@Suite struct LatencyBinTests {
  @Test("a bin's middle is within a tenth of everything in it")
  func error() {
    var microseconds: Int64 = 1
    while microseconds < 10_000_000_000_000 {
      let middle = LatencyBins.middle(of: LatencyBins.index(of: Span(microseconds: microseconds)))
      let difference = abs(Double(middle.microseconds - microseconds))
      #expect(difference <= Double(microseconds) * 0.1 + 0.5, "\(microseconds)")
      microseconds = microseconds * 9 / 8 + 1
    }
  }

  @Test("bins grow with the duration and end somewhere")
  func order() {
    let spans: [Int64] = [-5, 0, 1, 2, 3, 1_000, 1_500, 2_000_000, .max]
    let bins = spans.map { LatencyBins.index(of: Span(microseconds: $0)) }
    #expect(bins == bins.sorted())
    #expect(bins[0] == 0 && bins.last == LatencyBins.last)
  }

  @Test("percentiles by nearest rank")
  func percentiles() {
    let fast = LatencyBins.index(of: .milliseconds(1))
    let slow = LatencyBins.index(of: .seconds(2))
    let histogram = [fast: 98, slow: 2]
    #expect(LatencyBins.percentile(0.5, of: histogram) == LatencyBins.middle(of: fast))
    #expect(LatencyBins.percentile(0.98, of: histogram) == LatencyBins.middle(of: fast))
    #expect(LatencyBins.percentile(0.99, of: histogram) == LatencyBins.middle(of: slow))
    #expect(LatencyBins.percentile(0.5, of: [:]) == nil)
  }
}

@Suite struct AgeColumnTests {
  @Test(
    "columns double from five minutes on",
    arguments: [
      (0, 0), (299, 0), (300, 1), (599, 1), (600, 2), (1_200, 3), (4_799, 4), (4_800, 5), (76_799, 8), (76_800, 9),
      (9_999_999, 9), (-60, 0),
    ])
  func column(_ seconds: Int64, _ expected: Int) {
    #expect(AgeColumns.index(of: .seconds(seconds)) == expected)
  }

  @Test("a message counts as old as the youngest of its cohort")
  func cohorts() {
    let now = Timestamp(seconds: 1_000_000)
    let counts = AgeColumns.counts(
      [(start: now - .minutes(4), count: 3), (start: now - .minutes(11), count: 2), (start: now - .days(3), count: 1)],
      width: .minutes(5), now: now)
    #expect(counts == [3, 2, 0, 0, 0, 0, 0, 0, 0, 1])
  }
}

@Suite struct ReplyShapeTests {
  @Test(
    "what differs from message to message goes",
    arguments: [
      ("queue file 4F1A02 full", "queue file # full"),
      ("<ann@a.example>: mailbox is full", "…@…: mailbox is full"),
      ("try again in 300 4 5 seconds", "try again in # seconds"),
      ("see https://help.example/x?id=9 please", "see …://… please"),
      ("token abcdefghijklmnopqrstuvwxyzabc.", "token …."),
      ("", ""), ("  \t ", ""),
    ])
  func shape(_ text: String, _ expected: String) { #expect(ReplyShape.of(text) == expected) }

  @Test("two replies of one cause are one")
  func same() {
    #expect(
      ReplyShape.of("4.2.1 <a@x.example> rate limited, id 77aa")
        == ReplyShape.of("4.2.1 <b@y.example> rate limited, id 1")
    )
    #expect(ReplyShape.of("mailbox full") != ReplyShape.of("mailbox busy"))
  }

  @Test("hostile lengths are bounded")
  func bounds() {
    let long = String(repeating: "word ", count: 100_000)
    #expect(ReplyShape.of(long).count <= ReplyShape.maximumLength)
    #expect(ReplyShape.of(String(repeating: "a", count: 1_000_000)) == "…")
  }
}

@Suite struct DrainForecastTests {
  private let now = Timestamp(seconds: 1_000_000)

  private func forecast(
    _ waiting: Int, pace: Double, _ limits: [DrainForecast.Limit] = [], lastDue: Timestamp? = nil,
    isStopped: Bool = false
  ) -> DrainForecast {
    DrainForecast.forecast(
      waiting: waiting, lastDue: lastDue, pace: pace, limits: limits, isStopped: isStopped, now: now)
  }

  private func daily(_ count: Int, left: Int, resetsIn: Span, name: String = "daily") -> DrainForecast.Limit {
    .init(name: name, perWindow: count, remaining: left, resetsAt: now + resetsIn, window: .days(1))
  }

  @Test("nothing waits, nothing goes, nothing is known")
  func plain() {
    #expect(forecast(0, pace: 10).answer == .empty)
    #expect(forecast(5, pace: 10, isStopped: true).answer == .stopped)
    #expect(forecast(5, pace: 0).answer == .unknown)
    #expect(forecast(5, pace: .infinity).answer == .unknown)
  }

  @Test("the pace decides") func pace() {
    let found = forecast(600, pace: 10)
    #expect(found == DrainForecast(answer: .at(now + .seconds(60)), limitedBy: nil))
  }

  @Test("the last retry decides") func retry() {
    #expect(forecast(10, pace: 10, lastDue: now + .hours(4)).answer == .at(now + .hours(4)))
  }

  @Test("a daily limit carries the rest to the next days") func limit() {
    // 30 today, 40 at midnight, the last 42 at the midnight after.
    let found = forecast(112, pace: 10, [daily(40, left: 30, resetsIn: .hours(2))])
    #expect(found.limitedBy == "daily")
    #expect(found.answer == .at(now + .hours(2) + .days(2) + .milliseconds(200)))
  }

  @Test("of two limits the tighter one") func two() {
    let wide = daily(1_000, left: 1_000, resetsIn: .hours(2), name: "wide")
    let found = forecast(50, pace: 100, [wide, daily(10, left: 10, resetsIn: .hours(1), name: "narrow")])
    #expect(found.limitedBy == "narrow")
    #expect(found.answer == .at(now + .hours(1) + .days(3) + .milliseconds(100)))
  }

  @Test("a limit that is not reached is not blamed") func unreached() {
    #expect(forecast(10, pace: 1, [daily(100, left: 50, resetsIn: .hours(1))]).limitedBy == nil)
  }

  @Test("beyond the horizon it says what is left, and always ends") func beyond() {
    let found = forecast(1_000_000, pace: 100, [daily(1, left: 0, resetsIn: .hours(1))])
    guard case .beyond(let moment, let left) = found.answer else {
      Issue.record("\(found)")
      return
    }
    #expect(moment >= now + .days(400))
    #expect(left > 999_000)
    guard case .beyond = forecast(10, pace: 1, [daily(0, left: 0, resetsIn: .hours(1))]).answer else {
      Issue.record("a limit of nothing lets something through")
      return
    }
  }
}
