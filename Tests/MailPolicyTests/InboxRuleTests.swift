import MailModel
import MailPolicy
import Testing

@Suite struct WarmupTests {
  @Test(
    arguments: [
      (0, 1, 5), (6, 1, 5), (7, 2, 10), (14, 3, 15), (21, 4, 20), (27, 4, 20), (28, 5, 25), (35, 6, 30), (42, 7, 35),
      (49, 8, 40), (5_000, 715, 40), (-1, 1, 5), (-400, 1, 5),
    ])
  func `a week is seven days, and the schedule is the runbook's`(days: Int, week: Int, limit: Int) {
    let schedule = WarmupSchedule()
    #expect(WarmupSchedule.week(started: 20_000, today: 20_000 + days) == week)
    #expect(schedule.limit(week: week) == limit)
  }

  @Test func `no day number overflows`() {
    #expect(WarmupSchedule.week(started: .min, today: .max) == 1)
    #expect(WarmupSchedule.week(started: .max, today: .min) == 1)
    #expect(WarmupSchedule(weeks: []).limit(week: 3) == 0)
    #expect(WarmupSchedule(weeks: [-4]).limit(week: 1) == 0)
    #expect(WarmupSchedule().limit(week: .min) == 5)
    #expect(WarmupSchedule().limit(week: .max) == 40)
  }

  @Test(
    arguments: [
      ("5,10,15", [5, 10, 15]), ("5, 10", [5, 10]), ("0", [0]), ("", nil), ("5,,6", nil), ("-1", nil), ("5,x", nil),
      ("1000001", nil), ("99999999999999999999", nil), ("+5", nil), ("5,", nil),
    ] as [(String, [Int]?)])
  func `a schedule is read or refused`(text: String, weeks: [Int]?) {
    #expect(WarmupSchedule(text)?.weeks == weeks)
  }
}

@Suite struct HealthTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var tally: InboxTally
    var age: Int
    /// Bounce, complaint, reply, age.
    var points: [Int]
    var testDescription: String { name }
  }

  static let rows: [Row] = [
    Row(name: "new, nothing sent", tally: InboxTally(), age: 0, points: [40, 30, 20, 0]),
    Row(
      name: "old, spotless", tally: InboxTally(sent: 1_000, replied: 30), age: 400, points: [40, 30, 20, 10]),
    Row(name: "brief's example", tally: InboxTally(sent: 143, bounced: 3), age: 45, points: [31, 30, 0, 5]),
    Row(
      name: "one bounce of three is no rate", tally: InboxTally(sent: 3, bounced: 1), age: 0, points: [32, 30, 20, 0]),
    Row(name: "5 of 50", tally: InboxTally(sent: 50, bounced: 5, replied: 1), age: 0, points: [0, 30, 20, 0]),
    Row(name: "refused counts as bounced", tally: InboxTally(sent: 90, refused: 10), age: 0, points: [0, 30, 0, 0]),
    Row(name: "one complaint", tally: InboxTally(sent: 20, complained: 1), age: 0, points: [40, 20, 20, 0]),
    Row(name: "three complaints", tally: InboxTally(sent: 20, complained: 3), age: 0, points: [40, 0, 20, 0]),
    Row(name: "0.15 %", tally: InboxTally(sent: 2_000, complained: 3, replied: 40), age: 90, points: [40, 15, 20, 10]),
    Row(name: "half the replies", tally: InboxTally(sent: 200, replied: 2), age: 9, points: [40, 30, 10, 1]),
    Row(
      name: "more bounces than mail", tally: InboxTally(sent: 1, bounced: 900, complained: 900), age: -3,
      points: [0, 0, 20, 0]),
    Row(
      name: "a count below zero harms nobody", tally: InboxTally(sent: -5, bounced: -1), age: 0,
      points: [40, 30, 20, 0]),
  ]

  @Test(arguments: rows)
  func `each factor`(row: Row) {
    let report = HealthPolicy().report(row.tally, age: row.age)
    #expect(report.factors.map(\.points) == row.points)
    #expect(report.factors.map(\.weight) == [40, 30, 20, 10])
    #expect(report.score == row.points.reduce(0, +))
    for factor in report.factors { #expect(factor.explanation.hasSuffix("\(factor.points) of \(factor.weight)")) }
  }

  @Test func `factors explain themselves in words and numbers`() {
    let report = HealthPolicy().report(InboxTally(sent: 143, bounced: 3, complained: 1, replied: 1), age: 45)
    #expect(
      report.factors.map(\.explanation) == [
        "2.1 %: 3 of 143 in 30 days: 31 of 40", "0.1 %: 1 of 143, taken as of 1000 in 30 days: 20 of 30",
        "0.7 %: 1 of 143 in 30 days: 6 of 20", "45 of 90 days: 5 of 10",
      ])
    #expect(report.losses == "reply 6 of 20, complaint 20 of 30, bounce 31 of 40, age 5 of 10")
  }

  private let now = Timestamp(seconds: 1_700_000_000)

  private func inbox(pause: InboxPause? = nil, probation: Timestamp? = nil) -> Inbox {
    let server = MailServer(host: "h", port: 465, security: .tls, username: "u")
    return Inbox(
      id: 1, version: 1, address: "a@example.org", displayName: "", smtp: server, imap: nil, startedAt: now,
      pause: pause, probationSince: probation)
  }

  private func pause(until: Timestamp?) -> InboxPause {
    InboxPause(since: now - .days(7), until: until, reason: "r", by: "postroom", isAutomatic: true)
  }

  private func report(_ score: Int) -> HealthReport {
    HealthReport(factors: [HealthFactor(name: "bounce", weight: 100, points: score, explanation: "")])
  }

  @Test func `below 50 it pauses for seven days, at 50 it does not`() {
    let policy = HealthPolicy()
    let paused = policy.step(inbox(), report(49), badSinceProbation: 0, now: now)
    #expect(paused == .pause(until: now + .days(7), reason: "health 49, below 50: bounce 49 of 100"))
    #expect(policy.step(inbox(), report(50), badSinceProbation: 9, now: now) == .stay)
  }

  @Test func `after its pause only new evidence pauses it again`() {
    let policy = HealthPolicy()
    let back = inbox(probation: now - .days(1))
    #expect(policy.step(back, report(10), badSinceProbation: 0, now: now) == .stay)
    let again = policy.step(back, report(10), badSinceProbation: 1, now: now)
    guard case .pause = again else {
      Issue.record("\(again)")
      return
    }
  }

  @Test func `a pause ends at its moment and not before, one without an end stays`() {
    let policy = HealthPolicy()
    let microsecond = Span(microseconds: 1)
    #expect(policy.step(inbox(pause: pause(until: now)), report(0), badSinceProbation: 0, now: now) == .resume)
    #expect(
      policy.step(inbox(pause: pause(until: now + microsecond)), report(0), badSinceProbation: 0, now: now) == .stay)
    #expect(policy.step(inbox(pause: pause(until: nil)), report(100), badSinceProbation: 0, now: now) == .stay)
  }
}

@Suite struct DailyAllowanceTests {
  @Test(
    arguments: [
      (1, nil, nil, 5), (1, nil, 100, 5), (1, nil, 80, 5), (1, nil, 79, 3), (1, nil, 50, 3), (1, nil, 49, 2),
      (8, nil, 79, 20), (8, nil, 49, 10), (8, 500, 90, 500), (8, 500, 79, 20), (8, 10, 79, 10), (8, 10, 49, 10),
      (8, 11, 49, 10),
      (8, 0, 100, 0), (1, nil, 0, 2), (2, 1, 10, 1),
    ] as [(Int, Int?, Int?, Int)])
  func `schedule, operator and health make the limit`(week: Int, wanted: Int?, health: Int?, limit: Int) {
    let made = DailyAllowance.limit(
      schedule: WarmupSchedule(), week: week, operatorLimit: wanted, health: health, policy: HealthPolicy())
    #expect(made.limit == limit)
    #expect(made.explanation.contains("week \(week)"))
  }

  @Test func `words tell what was lowered and why`() {
    let made = DailyAllowance.limit(
      schedule: WarmupSchedule(), week: 5, operatorLimit: 30, health: 72, policy: HealthPolicy())
    #expect(
      made.explanation
        == "operator's limit 30 a day (schedule, week 5: 25 a day), lowered to half of the schedule: health 72")
  }

  @Test func `nothing is left when the limit is reached or the inbox is paused`() {
    let end = Timestamp(seconds: 2_000_000_000)
    var allowance = DailyAllowance(week: 1, limit: 5, explanation: "", used: 4, resetsAt: end)
    #expect(allowance.left == 1)
    #expect(allowance.hindrance(of: "a@example.org") == nil)
    allowance.used = 7
    #expect(allowance.left == 0)
    #expect(allowance.hindrance(of: "a@example.org")?.reason == "daily limit of inbox a@example.org reached: 7 of 5")
    #expect(allowance.hindrance(of: "a@example.org")?.until == end)
    allowance.used = 0
    allowance.pause = InboxPause(since: end, until: nil, reason: "why", by: "ana", isAutomatic: false)
    #expect(allowance.left == 0)
    #expect(allowance.hindrance(of: "a@example.org")?.until == nil)
    #expect(allowance.hindrance(of: "a@example.org")?.reason == "inbox a@example.org is paused: why")
  }
}
