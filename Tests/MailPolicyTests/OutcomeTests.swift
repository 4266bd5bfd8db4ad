import MailModel
import MailPolicy
import Testing

/// What each outcome does, armed or not.
@Suite struct OutcomeTests {
  static let now = Timestamp(seconds: 2_000_000)
  static let reply = ServerReply(code: 451, enhancedStatus: EnhancedStatus(4, 3, 0), text: "busy")

  struct Row: Sendable, CustomTestStringConvertible {
    var outcome: DeliveryOutcome
    var leased: MessageTransition
    var armed: MessageTransition
    var waits = false
    var counts = true
    var reason: String
    var testDescription: String { reason }
  }

  static let rows: [Row] = [
    Row(outcome: .accepted(reply), leased: .accept, armed: .accept, reason: "451 4.3.0 busy"),
    Row(outcome: .refused(reply, stage: .rcpt), leased: .refuse, armed: .refuse, reason: "451 4.3.0 busy (at RCPT)"),
    Row(
      outcome: .deferred(reply, stage: .dot), leased: .deferLeased, armed: .deferArmed, waits: true,
      reason: "451 4.3.0 busy (at DOT)"),
    Row(
      outcome: .interrupted(reason: "closed", stage: .body), leased: .deferLeased, armed: .deferArmed, waits: true,
      reason: "closed (at BODY, before the final dot)"),
    Row(
      outcome: .relayUnavailable(reason: "no route", reply: nil, stage: .connect), leased: .giveBack,
      armed: .deferArmed, counts: false, reason: "no route"),
    Row(
      outcome: .withdrawn, leased: .giveBack, armed: .deferArmed, counts: false,
      reason: "withdrawn before the final dot"),
    Row(outcome: .uncertain(reason: "silence"), leased: .doubt, armed: .doubt, reason: "silence"),
  ]

  @Test(arguments: rows, [false, true])
  func `every outcome, armed or not`(row: Row, wasArmed: Bool) {
    let schedule = RetrySchedule()
    let got = OutcomeRule.consequence(
      of: row.outcome, wasArmed: wasArmed, attemptCount: 2, enqueuedAt: OutcomeTests.now - .hours(1),
      schedule: schedule, now: OutcomeTests.now, jitter: 0.5)
    #expect(got.transition == (wasArmed ? row.armed : row.leased))
    #expect(got.reason == row.reason)
    #expect(got.countsAttempt == row.counts)
    // The third attempt's delay: twice doubled.
    #expect(got.nextAttemptAt == (row.waits ? OutcomeTests.now + .minutes(20) : nil))
  }

  @Test(arguments: [
    DeliveryOutcome.deferred(reply, stage: .rcpt), .interrupted(reason: "closed", stage: .data),
  ])
  func `too old for another attempt: expired`(outcome: DeliveryOutcome) {
    for wasArmed in [false, true] {
      let got = OutcomeRule.consequence(
        of: outcome, wasArmed: wasArmed, attemptCount: 9, enqueuedAt: OutcomeTests.now - .days(6),
        schedule: RetrySchedule(), now: OutcomeTests.now, jitter: 0.5)
      #expect(got.transition == .giveUp)
      #expect(got.transition.target == .expired)
      #expect(got.reason.contains("given up"))
      #expect(got.nextAttemptAt == nil)
    }
  }

  @Test(arguments: [
    ("2.0.0 Ok", true, "250 2.0.0 Ok"), ("Ok", true, "250 2.0.0 Ok"), ("Ok", false, "250 Ok"), ("", true, "250 2.0.0"),
    ("", false, "250"), ("Ok 2.0.0", true, "250 2.0.0 Ok 2.0.0"),
  ])
  func `a reply in words has its status once`(text: String, hasStatus: Bool, words: String) {
    let status = hasStatus ? EnhancedStatus(2, 0, 0) : nil
    #expect(OutcomeRule.words(ServerReply(code: 250, enhancedStatus: status, text: text)) == words)
  }

  @Test func `only what no server can have taken goes back to the queue by itself`() {
    for row in OutcomeTests.rows where [.queued].contains(row.armed.target) {
      switch row.outcome {
      case .accepted, .refused, .uncertain: Issue.record("\(row.outcome) must not be sent again")
      default: break
      }
    }
  }
}
