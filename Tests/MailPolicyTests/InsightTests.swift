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
    _ waiting: Int, pace: Double, _ limits: [DrainForecast.Limit] = [], lastDue: (at: Timestamp, by: String?)? = nil,
    isStopped: Bool = false
  ) -> DrainForecast {
    DrainForecast.forecast(
      waiting: waiting, lastDue: lastDue, pace: pace, limits: limits, isStopped: isStopped, now: now)
  }

  private func daily(
    _ count: Int, for waiting: Int, left: Int = 0, resetsIn: Span? = .hours(2), name: String = "daily"
  ) -> DrainForecast.Limit {
    .init(
      name: name, waiting: waiting, perWindow: count, remaining: left, resetsAt: resetsIn.map { now + $0 },
      window: .days(1))
  }

  @Test func `nothing waits, nothing goes, nothing is known`() {
    #expect(forecast(0, pace: 10).answer == .empty)
    #expect(forecast(5, pace: 10, isStopped: true).answer == .stopped)
    for pace in [0, -1, .infinity, .nan] { #expect(forecast(5, pace: pace).answer == .unknown) }
  }

  @Test func `the pace decides, or the last moment that was told`() {
    #expect(forecast(600, pace: 10) == DrainForecast(answer: .at(now + .seconds(60)), limitedBy: nil))
    let later = now + .hours(4)
    #expect(forecast(10, pace: 10, lastDue: (later, nil)) == DrainForecast(answer: .at(later)))
    #expect(forecast(10, pace: 10, lastDue: (now, nil)).answer == .at(now + .seconds(1)))
    let told = forecast(10, pace: 10, lastDue: (later, "destination big.example"))
    #expect(told == DrainForecast(answer: .at(later), limitedBy: "destination big.example"))
  }

  @Test func `a daily limit carries the rest to the next days`() {
    // 30 today, 40 at midnight, the last 42 need two midnights more.
    let found = forecast(200, pace: 10, [daily(40, for: 112, left: 30)])
    #expect(found == DrainForecast(answer: .at(now + .hours(2) + .days(2)), limitedBy: "daily"))
    #expect(forecast(200, pace: 10, [daily(40, for: 110, left: 30)]).answer == .at(now + .hours(2) + .days(1)))
  }

  @Test func `of several limits the one that takes longest is named`() {
    let limits = [
      daily(100, for: 120, name: "wide"), daily(10, for: 50, name: "narrow"), daily(10, for: 20, name: "few"),
    ]
    #expect(
      forecast(190, pace: 100, limits) == DrainForecast(answer: .at(now + .hours(2) + .days(4)), limitedBy: "narrow"))
  }

  @Test func `a limit that is not reached is not blamed`() {
    #expect(forecast(10, pace: 1, [daily(100, for: 10, left: 50, resetsIn: .hours(1))]).limitedBy == nil)
  }

  @Test func `the moments of what waits for a limit do not hide it`() {
    let told = (at: now + .hours(2) + .milliseconds(111), by: String?("inbox a@our.example"))
    #expect(
      forecast(112, pace: 10, [daily(200, for: 112)], lastDue: told)
        == DrainForecast(answer: .at(told.at), limitedBy: "daily"))
  }

  @Test func `what only a person lets go never goes`() {
    let held = DrainForecast(answer: .held(7), limitedBy: "pause")
    #expect(forecast(10, pace: 1, [daily(7, for: 7, resetsIn: nil, name: "pause")]) == held)
    #expect(forecast(10, pace: 0, [daily(0, for: 7, name: "pause")]) == held)
    #expect(
      forecast(10, pace: 0, [daily(0, for: 2, name: "a"), daily(0, for: 7, name: "b")])
        == DrainForecast(answer: .held(9), limitedBy: "b and 1 more"))
    #expect(forecast(10, pace: 1, [daily(0, for: 0, resetsIn: nil)]).answer == .at(now + .seconds(10)))
  }

  @Test func `beyond the horizon it says what is left`() {
    let most = 400 * 86_400
    let end = now + .days(400)
    #expect(forecast(most, pace: 1).answer == .at(end))
    #expect(forecast(most + 1, pace: 1).answer == .beyond(end, left: 1))
    #expect(forecast(.max, pace: .leastNonzeroMagnitude).answer == .beyond(end, left: .max))
    #expect(
      forecast(1_000, pace: 1, [daily(1, for: 500)])
        == DrainForecast(answer: .beyond(end, left: 100), limitedBy: "daily"))
    #expect(forecast(1_000, pace: 1, [daily(1, for: 400)]).answer == .at(now + .hours(2) + .days(399)))
    #expect(forecast(9, pace: 1, [daily(9, for: 9, resetsIn: .days(500))]).answer == .beyond(end, left: 9))
  }
}
