import Foundation
import MailModel
import MailPolicy
import Storage
import Synchronization
import Testing

@testable import Engine

/// Fault 11: a clock that jumps makes nothing expire, nothing due early, and loses no lease.
@Suite(.serialized) struct ClockJumpTests {
  /// Both clocks of a machine.
  final class Machine: TimeSource {
    private struct State {
      var wall: Timestamp
      var sinceBoot: Span
    }
    private let state: Mutex<State>
    let boot: String

    init(_ wall: Timestamp = Timestamp(seconds: 1_790_000_000), sinceBoot: Span = .hours(5), boot: String = "b1") {
      state = Mutex(State(wall: wall, sinceBoot: sinceBoot))
      self.boot = boot
    }

    func wall() -> Timestamp { state.withLock { $0.wall } }
    func sinceBoot() -> Span { state.withLock { $0.sinceBoot } }

    /// Time passes.
    func pass(_ span: Span) {
      state.withLock { state in
        state.wall = state.wall + span
        state.sinceBoot = Span(microseconds: state.sinceBoot.microseconds + span.microseconds)
      }
    }

    /// Somebody sets the clock.
    func set(by span: Span) { state.withLock { $0.wall = $0.wall + span } }
  }

  @Test(arguments: [Span.days(365), .days(-365), .minutes(10), .seconds(-6)])
  func `time goes on from before a jump, and with the clock once it returns`(jump: Span) {
    let machine = Machine()
    let clock = SteadyClock(machine)
    let start = clock.now()
    machine.pass(.seconds(10))
    machine.set(by: jump)
    #expect(clock.now() == start + .seconds(10))
    #expect(clock.jump?.by == jump)
    machine.pass(.hours(1))
    #expect(clock.now() == start + .seconds(3_610))
    machine.set(by: Span(microseconds: -jump.microseconds))
    #expect(clock.now() == start + .seconds(3_610))
    #expect(clock.jump == nil)
  }

  @Test func `small steps and a long sleep are no jump`() {
    let machine = Machine()
    let clock = SteadyClock(machine)
    for _ in 0..<100 {
      machine.set(by: .seconds(4))
      #expect(clock.now() == machine.wall())
    }
    machine.pass(.days(40))
    #expect(clock.now() == machine.wall())
    #expect(clock.jump == nil)
  }

  @Test(
    arguments: [
      // Another boot: the clock may have been lost, or the machine was off.
      (Span.hours(-1), Span.hours(-1)), (.days(31), .days(31)), (.days(20), nil), (.hours(1), nil),
    ] as [(Span, Span?)])
  func `a clock that was lost with the power is noticed`(step: Span, jump: Span?) throws {
    let mark = ClockMarks.ClockMark(boot: "b0", wall: Timestamp(seconds: 1_790_000_000), sinceBoot: .days(9))
    let clock = SteadyClock(Machine(Timestamp(seconds: 1_790_000_000) + step))
    clock.begin(mark)
    #expect(clock.jump?.by == jump)
  }

  @Test func `a process that starts after the jump goes on with the others`() throws {
    let machine = Machine()
    let first = SteadyClock(machine)
    let mark = first.mark()
    machine.pass(.minutes(5))
    machine.set(by: .days(365))
    let second = SteadyClock(machine)
    second.begin(mark)
    #expect(second.now() == first.now())
    #expect(second.jump?.by == .days(365))
  }

  @Test func `a stop from a process that opens the store alone has the workspace's time`() throws {
    let machine = Machine()
    let first = SteadyClock(machine)
    let place = try TestWorkspace(clock: first)
    try place.store.write { try $0.clockMarks.write(first.mark()) }
    machine.pass(.minutes(5))
    machine.set(by: .days(365))
    let stop = EmergencyStop(
      store: place.store, latch: place.open.stop.latch, clock: SteadyClock(of: place.store, machine),
      log: place.open.log)
    stop.trip(by: TestWorkspace.person(.operator), reason: "test")
    #expect(stop.waitUntilDurable(timeout: .seconds(60)))
    #expect(try place.permit().changedAt == first.now())
    stop.close()
  }

  @Test(arguments: [Span.days(365), .days(-365)])
  func `nothing expires, nothing is due early, no lease is lost; an operator confirms`(jump: Span) throws {
    let machine = Machine()
    let clock = SteadyClock(machine)
    let place = try TestWorkspace(clock: clock)
    let ids = try place.enqueue(["later@there.invalid", "ok@there.invalid"])
    let relay = FakeRelay()
    relay.afterDot.close()
    let engine = place.engine(relay, workers: 2)
    try engine.start()
    try eventually("one is put off, one past its dot") {
      try place.message(ids[0]).attemptCount == 1 && relay.afterDot.waiting == 1
    }
    machine.set(by: jump)
    // Leases are renewed and recovered, and messages expired meanwhile, if the engine goes by the wall clock.
    for _ in 0..<8 {
      machine.pass(.seconds(20))
      try eventually("the lease is renewed") {
        try place.message(ids[1]).leaseExpiresAt.map { $0 > clock.now() + .seconds(50) } ?? false
      }
    }
    #expect(try place.message(ids[0]).state == .queued)
    #expect(try place.message(ids[0]).attemptCount == 1)
    #expect(try place.message(ids[1]).state == .armed)
    let overview = try place.open.overview()
    let alert = try #require(overview.alerts.first { $0.id == "clock-jump" })
    #expect(alert.explanation.contains("clock.confirm"))
    relay.afterDot.open()
    try eventually("its reply counts") { try place.message(ids[1]).state == .sent }
    let runner = place.operations(.operator)
    #expect(throws: OperationRefusal.self) { try runner.perform("clock.confirm", OperationRequest()) }
    _ = try runner.perform("clock.confirm", OperationRequest(arguments: ["reason": "the clock was set right"]))
    #expect(clock.now() == machine.wall())
    #expect(try place.open.overview().alerts.contains { $0.id == "clock-jump" } == false)
    #expect(throws: OperationRefusal.self) {
      try runner.perform("clock.confirm", OperationRequest(arguments: ["reason": "again"]))
    }
    engine.shutDown(patience: .seconds(60))
    #expect(try place.audit("clock.confirm").count == 1)
  }

  @Test func `a confirmation is followed by the other processes, and their leases hold`() throws {
    let machine = Machine()
    let place = try TestWorkspace(clock: SteadyClock(machine))
    let other = SteadyClock(machine)
    let keeper = ClockKeeper(clock: other)
    try keeper.run(place.store)
    let id = try place.enqueue(["ok@there.invalid"])[0]
    let now = place.open.clock.now()
    _ = try place.store.write {
      try $0.messages.claim(limit: 1, owner: "other", now: now, leaseUntil: now + .minutes(1))
    }
    machine.set(by: .days(365))
    try keeper.run(place.store)
    #expect(other.jump != nil)
    _ = try place.operations(.operator).perform(
      "clock.confirm", OperationRequest(arguments: ["reason": "right"]))
    try keeper.run(place.store)
    #expect(other.jump == nil)
    #expect(other.now() == machine.wall())
    #expect(other.isSettling(for: .minutes(2)))
    #expect(try place.message(id).leaseExpiresAt == machine.wall() + .minutes(1))
  }
}
