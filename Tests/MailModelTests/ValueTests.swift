import MailModel
import Testing

/// What values say of themselves at their edges.
@Suite struct ValueTests {
  private let moment = Timestamp(seconds: 1_000)

  @Test func `a suppression, a pause and an inbox's pause are over at their moment, not after it`() {
    for (now, isOver) in [(moment - .milliseconds(1), false), (moment, true), (moment + .milliseconds(1), true)] {
      let suppression = Suppression(
        id: 1, address: "a@b.example", reason: "complaint", source: "test", addedAt: moment - .days(1),
        expiresAt: moment)
      #expect(suppression.isExpired(at: now) == isOver)
      let pause = Pause(
        scope: ShapingScope(.inbox, "a@b.example"), reason: "test", by: "ann", since: moment - .days(1), until: moment)
      #expect(pause.isActive(now: now) == !isOver)
      let inbox = InboxPause(since: moment - .days(1), until: moment, reason: "test", by: "ann", isAutomatic: false)
      #expect(inbox.isOver(at: now) == isOver)
    }
  }

  @Test func `without an end they last`() {
    let later = moment + .days(10_000)
    #expect(
      !Suppression(id: 1, address: "a@b.example", reason: "", source: "", addedAt: moment).isExpired(at: later))
    #expect(
      Pause(scope: ShapingScope(.relay, "r:25"), reason: "", by: "", since: moment, until: nil).isActive(now: later))
    #expect(!InboxPause(since: moment, until: nil, reason: "", by: "", isAutomatic: true).isOver(at: later))
  }

  @Test(arguments: [(0, "0 of 3"), (2, "2 of 3"), (3, "3 of 5"), (5, "5 of 5"), (6, "6 of 5")])
  func `complaints stand against the next threshold`(complaints: Int, words: String) {
    var figures = AccountFigures(
      complaints: complaints, complaintsBefore: 0, sent: 0, bounced: 0, caseID: nil, caseState: nil, nextReview: nil)
    (figures.flagAt, figures.restrictAt) = (3, 5)
    #expect(figures.against == words)
    #expect(figures.bounceRate == nil)
  }

  @Test(arguments: [
    ("ann@There.EXAMPLE", "there.example"), ("\"a@b\"@there.example", "there.example"), ("nobody", "nobody"),
    ("a@", ""), ("a@BÜCHER.example", "bÜcher.example"),
  ])
  func `a recipient's domain follows its last @`(recipient: String, domain: String) {
    #expect(Destination.domain(of: recipient) == domain)
  }

  @Test(arguments: [
    ("destination:Google", ShapingScope(.destination, "google")), ("relay:mx:25", ShapingScope(.relay, "mx:25")),
    ("inbox:", nil), ("inbox", nil), ("house:x", nil), ("account:a\u{1B}b", nil),
    ("account:" + String(repeating: "x", count: 301), nil),
    ("account:" + String(repeating: "x", count: 300), ShapingScope(.account, String(repeating: "x", count: 300))),
  ])
  func `a scope is read from its kind and its key`(text: String, scope: ShapingScope?) {
    #expect(ShapingScope(text) == scope)
  }

  @Test func `a paused inbox has nothing left, and what is over the limit is not owed`() {
    var allowance = DailyAllowance(week: 1, limit: 10, explanation: "", used: 4, resetsAt: moment)
    #expect(allowance.left == 6)
    allowance.used = 12
    #expect(allowance.left == 0)
    allowance.used = 4
    allowance.pause = InboxPause(since: moment, until: nil, reason: "bounces", by: "ann", isAutomatic: false)
    #expect(allowance.left == 0)
  }

  @Test func `health names what costs most first`() {
    let factors = [("a", 40, 40), ("b", 20, 15), ("c", 40, 1)].map {
      HealthFactor(name: $0.0, weight: $0.1, points: $0.2, explanation: "")
    }
    #expect(HealthReport(factors: factors).losses == "c 1 of 40, b 15 of 20")
    #expect(HealthReport(factors: factors).score == 56)
  }

  @Test(arguments: [(0.0123, "1.23 %"), (0.05, "5 %"), (0.0999, "9.99 %"), (0.1234, "12.3 %"), (0, "0 %"), (.nan, "–")])
  func `shares have two decimals under ten percent and one above`(share: Double, text: String) {
    #expect(Percent.text(share) == text)
  }

  @Test(arguments: [(0, "0"), (9_999, "9999"), (10_000, "10,000 or more")])
  func `a count that was not taken further says so`(count: Int, text: String) { #expect(Amount.atMost(count) == text) }

  @Test(
    arguments: [
      ([], []), ([5], ["5-5"]), ([1, 2, 3], ["1-3"]), ([3, 1, 2, 2], ["1-3"]), ([1, 3, 4, 9], ["1-1", "3-4", "9-9"]),
      ([.max, .max - 1, 0], ["0-0", "4294967294-4294967295"]),
    ] as [([UInt32], [String])])
  func `UIDs are flagged in runs that hold no other`(uids: [UInt32], expected: [String]) {
    #expect(UIDRuns.of(uids).map { "\($0.lowerBound)-\($0.upperBound)" } == expected)
  }
}
