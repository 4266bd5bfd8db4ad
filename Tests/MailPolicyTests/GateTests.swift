import MailModel
import MailPolicy
import Testing

/// The gate and the way back after a stop (DESIGN §5).
@Suite struct GateTests {
  static func permit(
    _ state: SendPermit.State, rung: Int = 0, accepted: Int = 0, refused: Int = 0
  ) -> SendPermit {
    SendPermit(
      state: state, generation: 3, changedAt: Timestamp(seconds: 0), changedBy: "tess", reason: "smoke", rung: rung,
      acceptedOnRung: accepted, refusedOnRung: refused)
  }

  private let ladder = ResumeLadder()

  @Test(
    arguments: [
      (nil, false, nil), (nil, true, nil), (permit(.open), true, nil), (permit(.ramping), true, nil),
      (permit(.stopped), false, nil), (permit(.ready), false, nil),
    ] as [(SendPermit?, Bool, Int?)])
  func `closed without a positively read permit`(permit: SendPermit?, isLatched: Bool, _: Int?) {
    guard case .closed(let reason) = Gate.verdict(permit: permit, latched: isLatched, armed: 0, ladder: ladder) else {
      Issue.record("the gate is open")
      return
    }
    #expect(!reason.isEmpty)
  }

  @Test func `the reason names who stopped and why`() {
    #expect(
      Gate.verdict(permit: GateTests.permit(.stopped), latched: false, armed: 0, ladder: ladder)
        == .closed(reason: "emergency stop by tess: smoke"))
  }

  @Test func `open without a limit, ramping with one`() {
    #expect(
      Gate.verdict(permit: GateTests.permit(.open), latched: false, armed: 99, ladder: ladder) == .open(allowance: nil))
    #expect(
      Gate.verdict(permit: GateTests.permit(.ramping, rung: 1, accepted: 3), latched: false, armed: 2, ladder: ladder)
        == .open(allowance: 5))
  }

  @Test(
    arguments: [
      (permit(.stopped), 0, 0), (permit(.ready), 0, 0), (permit(.open), 1_000, nil), (permit(.ramping), 0, 1),
      (permit(.ramping), 1, 0), (permit(.ramping), 2, 0), (permit(.ramping, accepted: 1), 0, 0),
      (permit(.ramping, rung: 1), 0, 10), (permit(.ramping, rung: 1, accepted: 9), 0, 1),
      (permit(.ramping, rung: 1, accepted: 9), 1, 0), (permit(.ramping, rung: 2), 40, 60),
      (permit(.ramping, rung: 2, refused: 4), 0, 100), (permit(.ramping, rung: 3), 0, 0),
      (permit(.ramping, rung: -1), 0, 0), (permit(.ramping, rung: 1, accepted: .max), 0, 0),
    ] as [(SendPermit, Int, Int?)])
  func `what a rung allows to be armed`(permit: SendPermit, armed: Int, allowance: Int?) {
    #expect(ladder.allowance(permit, armed: armed) == allowance)
  }

  @Test(arguments: [
    (permit(.ramping), 0, 0, ResumeLadder.Step.stay),
    (permit(.ramping, accepted: 1), 0, 0, .climb(toRung: 1)),
    (permit(.ramping, rung: 1, accepted: 9), 0, 0, .stay),
    (permit(.ramping, rung: 1, accepted: 10), 0, 0, .climb(toRung: 2)),
    (permit(.ramping, rung: 2, accepted: 99), 0, 0, .stay),
    (permit(.ramping, rung: 2, accepted: 100), 0, 0, .open),
    (permit(.ramping, rung: 2, accepted: 100), 5, 0, .open),
    (permit(.ramping, rung: 2, accepted: 100), 0, 2, .open),
    (permit(.open, accepted: 500), 90, 90, .stay), (permit(.stopped), 0, 9, .stay), (permit(.ready), 0, 9, .stay),
    (permit(.ramping, rung: 7, accepted: 500), 0, 0, .stay),
  ])
  func `a rung is passed by definite acceptances only`(
    permit: SendPermit, bounces: Int, complaints: Int, step: ResumeLadder.Step
  ) {
    #expect(
      ladder.step(permit, reports: .init(bounces: bounces, complaints: complaints), now: Timestamp(seconds: 9)) == step)
  }

  @Test(arguments: [
    // 1 of 20 is five percent, the highest share that passes.
    (permit(.ramping, rung: 2, accepted: 19, refused: 1), 0, 0, false),
    (permit(.ramping, rung: 2, accepted: 18, refused: 2), 0, 0, true),
    // Too few definite replies to judge.
    (permit(.ramping, rung: 2, accepted: 0, refused: 19), 0, 0, false),
    (permit(.ramping, rung: 0, accepted: 0, refused: 20), 0, 0, true),
    (permit(.ramping, rung: 2, accepted: 20), 1, 0, false), (permit(.ramping, rung: 2, accepted: 20), 2, 0, true),
    (permit(.ramping, rung: 2, accepted: 100), 6, 0, true), (permit(.ramping, rung: 0), 0, 3, true),
    (permit(.ramping, rung: 0), 0, 2, false),
  ])
  func `a bad rung latches the stop again`(permit: SendPermit, bounces: Int, complaints: Int, trips: Bool) {
    let step = ladder.step(permit, reports: .init(bounces: bounces, complaints: complaints), now: Timestamp(seconds: 9))
    if case .trip(let reason) = step {
      #expect(trips)
      #expect(reason.hasPrefix("while resuming: "))
    } else {
      #expect(!trips)
    }
  }

  @Test(arguments: [(0, 0, ResumeLadder.Step.climb(toRung: 1)), (60, 59, .stay), (60, 60, .climb(toRung: 1))])
  func `a rung lasts its least time`(least: Int64, passed: Int64, step: ResumeLadder.Step) {
    let slow = ResumeLadder(leastTime: .seconds(least))
    let reports = ResumeLadder.FreshReports(bounces: 0, complaints: 0)
    let now = Timestamp(seconds: passed)
    #expect(slow.step(GateTests.permit(.ramping, accepted: 1), reports: reports, now: now) == step)
  }

  @Test func `what the gates of a rung measure`() throws {
    let permit = GateTests.permit(.ramping, rung: 1, accepted: 3, refused: 1)
    let reports = ResumeLadder.FreshReports(bounces: 1, complaints: 2)
    let standing = try #require(ladder.standing(permit, reports: reports))
    #expect(standing.rung == 2)
    #expect(standing.target == 10)
    #expect(standing.missing == 7)
    #expect(standing.definite == 4)
    #expect(standing.bad == 2)
    #expect(standing.badShare == 0.5)
    #expect(!standing.isSample)
    #expect(!standing.isBadShareTooHigh)
    #expect(ladder.standing(GateTests.permit(.open), reports: reports) == nil)
    #expect(ladder.standing(GateTests.permit(.ramping), reports: reports)?.badShare == nil)
  }
}
