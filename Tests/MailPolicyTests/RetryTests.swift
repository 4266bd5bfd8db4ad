import MailModel
import MailPolicy
import Testing

@Suite struct RetryTests {
  private let schedule = RetrySchedule(firstDelay: .minutes(5), longestDelay: .hours(4), maximumAge: .days(5))

  @Test(
    arguments: [
      (-1, 300), (0, 300), (1, 300), (2, 600), (3, 1_200), (6, 9_600), (7, 14_400), (8, 14_400), (1_000, 14_400),
      (Int.max, 14_400),
    ] as [(Int, Int64)])
  func `delays double up to the longest`(attempt: Int, seconds: Int64) {
    #expect(schedule.delay(afterAttempt: attempt, jitter: 0.5) == .seconds(seconds))
  }

  @Test(arguments: [
    (0.0, 270.0), (0.25, 285), (0.5, 300), (1, 330), (-7, 270), (99, 330), (.nan, 300), (.infinity, 330),
  ])
  func `jitter moves a delay by a tenth at most`(jitter: Double, seconds: Double) {
    #expect(schedule.delay(afterAttempt: 1, jitter: jitter).inSeconds == seconds)
  }

  @Test func `no delay overflows`() {
    let endless = RetrySchedule(
      firstDelay: Span(microseconds: .max), longestDelay: Span(microseconds: .max), maximumAge: .days(5))
    for attempt in [1, 2, 63, Int.max] {
      for jitter in [0, 0.5, 1] {
        #expect(endless.delay(afterAttempt: attempt, jitter: jitter) > .days(365 * 1000))
      }
    }
  }

  @Test func `what would be too old at its next attempt is given up`() {
    let start = Timestamp(seconds: 1_000_000)
    let limit = start + .days(5)
    let next = { (now: Timestamp) in
      schedule.nextAttempt(afterAttempt: 1, enqueuedAt: start, now: now, jitter: 0.5)
    }
    #expect(next(start) == start + .minutes(5))
    #expect(next(limit - .minutes(5) - Span(microseconds: 1)) == limit - Span(microseconds: 1))
    #expect(next(limit - .minutes(5)) == nil)
    #expect(next(limit + .days(1)) == nil)
  }

  @Test(arguments: [(0, 2), (1, 2), (2, 4), (3, 8), (8, 256), (9, 300), (10, 300), (Int.max, 300)] as [(Int, Int64)])
  func `a relay's pause doubles up to the longest`(failures: Int, seconds: Int64) {
    #expect(RelayBackoff().pause(afterFailures: failures) == .seconds(seconds))
  }

  static let classes = [
    RetryClass(
      name: "mailbox full", statuses: ["4.2.2"], phrases: ["Mailbox Full", "over quota"], firstDelay: .hours(24),
      longestDelay: .hours(24)),
    RetryClass(
      name: "rate limited", statuses: ["4.7.28"], phrases: ["too many"], firstDelay: .minutes(15),
      longestDelay: .hours(4)),
  ]

  @Test(
    arguments: [
      (EnhancedStatus(4, 2, 2), "try later", "mailbox full"), (nil, "User is OVER QUOTA", "mailbox full"),
      (EnhancedStatus(4, 7, 28), "mailbox full of our patience", "rate limited"),
      (nil, "too many messages", "rate limited"),
      (EnhancedStatus(4, 3, 0), "busy", nil), (nil, "", nil),
    ] as [(EnhancedStatus?, String, String?)])
  func `a refusal's class: its status before its words`(status: EnhancedStatus?, text: String, name: String?) {
    let schedule = RetrySchedule(classes: RetryTests.classes)
    #expect(schedule.retryClass(of: ServerReply(code: 452, enhancedStatus: status, text: text))?.name == name)
  }

  @Test(arguments: [(0, 24.0), (1, 24), (3, 24)])
  func `a full mailbox is tried again after a day, every time`(attempts: Int, hours: Double) {
    let now = Timestamp(seconds: 2_000_000)
    let full = ServerReply(code: 452, enhancedStatus: EnhancedStatus(4, 2, 2), text: "quota")
    let got = OutcomeRule.consequence(
      of: .deferred(full, stage: .rcpt), wasArmed: false, attemptCount: attempts, enqueuedAt: now,
      schedule: RetrySchedule(classes: RetryTests.classes), now: now, jitter: 0.5)
    #expect(got.nextAttemptAt == now + .hours(Int64(hours)))
    #expect(got.reason == "mailbox full: 452 4.2.2 quota (at RCPT)")
  }
}
