import Dispatch
import Engine
import Foundation
import MailModel
import MailPolicy
import Storage
import Synchronization
import Testing

/// Leases, epochs and the last gate: DESIGN §4, obligations d to f; faults 10, 12, 14 and 23.
@Suite struct LeaseTests {
  /// An engine whose one message waits right before its arm.
  private func halted(_ place: TestWorkspace, _ relay: FakeRelay, lease: Span = .seconds(60)) throws -> DeliveryEngine {
    relay.beforeArm.close()
    let engine = place.engine(relay, workers: 1, lease: lease)
    try engine.start()
    try eventually("the message waits before its arm") { relay.beforeArm.waiting == 1 }
    return engine
  }

  @Test func `fault 10: a stale epoch never arms`() throws {
    let place = try TestWorkspace()
    let id = try place.enqueue(["ok@there.invalid"])[0]
    let relay = FakeRelay()
    let engine = try halted(place, relay)
    let now = place.open.clock.now()
    try place.store.write { transaction in
      // Another engine found the lease expired and took the message.
      _ = try transaction.messages.recoverExpired(now: now + .hours(1))
      let taken = try transaction.messages.claim(
        limit: 1, owner: "other", now: now + .hours(1), leaseUntil: now + .hours(2))
      #expect(taken.map(\.id) == [id])
    }
    relay.beforeArm.open()
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.isEmpty)
    let message = try place.message(id)
    #expect(message.state == .leased)
    #expect(message.leaseOwner == "other")
    #expect(message.epoch == 2)
  }

  @Test func `fault 23: an account restricted between claim and arm is seen; its message is held`() throws {
    let place = try TestWorkspace()
    let id = try place.enqueue(["ok@there.invalid"])[0]
    let relay = FakeRelay()
    let engine = try halted(place, relay)
    try place.store.write { transaction in
      let account = try #require(try transaction.accounts.get(address: "news@sender.invalid"))
      // The standing alone, as another process's transaction may have just committed it.
      _ = try transaction.accounts.setStanding(
        account.id, version: nil, standing: .restricted, reason: "test", now: place.open.clock.now())
    }
    relay.beforeArm.open()
    try eventually("held") { try place.message(id).state == .held }
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.isEmpty)
  }

  @Test func `a recipient suppressed between claim and arm gets nothing`() throws {
    let place = try TestWorkspace()
    let id = try place.enqueue(["OK@there.invalid"])[0]
    let relay = FakeRelay()
    let engine = try halted(place, relay)
    try place.store.write { transaction in
      _ = try transaction.suppressions.add(
        "ok@there.invalid", reason: "operator", source: "test", now: place.open.clock.now())
    }
    relay.beforeArm.open()
    try eventually("suppressed") { try place.message(id).state == .suppressed }
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.isEmpty)
  }

  @Test func `fault 12: two engines on one store send each message once`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue((0..<200).map { "ok.\($0)@there.invalid" })
    let second = try TestWorkspace.open(place.folder)
    let relay = FakeRelay()
    let engines = [
      place.engine(relay, workers: 4),
      DeliveryEngine(
        store: second.store, stop: second.stop, relays: RelayDirectory([relay]), clock: second.clock,
        settings: DeliverySettings(workers: 4, lease: .seconds(60), retry: .init(), owner: second.ownerName()),
        log: second.log),
    ]
    for engine in engines { try engine.start() }
    try eventually("everything is sent") { try place.count(.sent) == 200 }
    for engine in engines { engine.shutDown(patience: .seconds(60)) }
    #expect(relay.dots.map(\.id).sorted() == ids.sorted())
    second.close()
  }

  @Test func `expired leases: leased goes back, armed becomes uncertain and is on record`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue(["lost.a@there.invalid", "lost.b@there.invalid"])
    let now = place.open.clock.now()
    let past = now - .minutes(10)
    try place.store.write { transaction in
      let leased = try transaction.messages.claim(limit: 2, owner: "dead", now: now, leaseUntil: past)
      let lease = Lease(id: leased[0].id, epoch: leased[0].epoch)
      _ = try transaction.messages.arm([lease], owner: "dead", now: now, leaseUntil: past)
    }
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 1)
    try engine.start()
    try eventually("both are recovered") { try place.count(.uncertain) == 2 }
    engine.shutDown(patience: .seconds(60))
    // The armed one is not sent; the leased one was, once, and its reply was lost.
    #expect(relay.dots.map(\.id) == [ids[1]])
    #expect(try place.attempts(ids[0]).map(\.outcome) == ["uncertain"])
    #expect(try place.message(ids[0]).stateReason.contains("vanished"))
  }

  @Test func `a definite reply that comes after the lease was lost settles the doubt`() throws {
    let place = try TestWorkspace()
    let id = try place.enqueue(["ok@there.invalid"])[0]
    let relay = FakeRelay()
    relay.afterDot.close()
    let engine = place.engine(relay, workers: 1)
    try engine.start()
    try eventually("the dot is out") { relay.afterDot.waiting == 1 }
    try place.store.write { _ = try $0.messages.recoverExpired(now: place.open.clock.now() + .hours(1)) }
    #expect(try place.message(id).state == .uncertain)
    relay.afterDot.open()
    try eventually("settled") { try place.message(id).state == .sent }
    engine.shutDown(patience: .seconds(60))
    #expect(try place.attempts(id).last?.text.contains("after the lease was lost") == true)
  }

  @Test(arguments: [ReportKind.bounce, .autoReply, .other])
  func `what was heard of a message before its reply was due settles the doubt that comes later`(kind: ReportKind)
    throws
  {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    let ids = try place.enqueue(["heard@there.invalid", "silent@there.invalid"])
    try place.store.write { transaction in
      let now = clock.now()
      let claimed = try transaction.messages.claim(limit: 2, owner: "dead", now: now, leaseUntil: now + .minutes(1))
      let leases = claimed.map { Lease(id: $0.id, epoch: $0.epoch) }
      _ = try transaction.messages.arm(leases, owner: "dead", now: now, leaseUntil: now + .minutes(1))
    }
    let mailbox = FakeMailbox()
    let id = try place.message(ids[0]).messageID
    switch kind {
    case .bounce: mailbox.put(try place.dsn(about: ids[0], [.init(address: "heard@there.invalid")]))
    case .autoReply:
      mailbox.put(
        Array(
          "From: heard@there.invalid\r\nSubject: Away\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: \(id)\r\n\r\nx\r\n"
            .utf8))
    default: mailbox.put(Array("From: heard@there.invalid\r\nSubject: Hello\r\n\r\nx\r\n".utf8))
    }
    try place.scan(mailbox)
    #expect(try place.message(ids[0]).state == .armed)
    clock.advance(.hours(1))
    let engine = place.engine(FakeRelay(), workers: 1)
    try engine.start()
    try eventually("recovered") { try place.message(ids[1]).state == .uncertain }
    #expect(try place.message(ids[0]).state == (kind == .other ? .uncertain : .sent))
    #expect(try place.audit("policy.settle").count == (kind == .other ? 0 : 1))
    engine.shutDown(patience: .seconds(60))
  }

  /// The store was locked for longer than the lease, and another engine doubts what was armed. Leases are renewed before
  /// the connection gets to its dot; still, what was claimed before is not its any more.
  @Test func `fault 10: an engine that comes back after its lease sends nothing of before and settles its doubt`()
    throws
  {
    let place = try TestWorkspace()
    let id = try place.enqueue(["ok@there.invalid"])[0]
    let relay = FakeRelay()
    relay.beforeDot.close()
    let lease = Span.seconds(2)
    let engine = place.engine(relay, workers: 2, lease: lease)
    try engine.start()
    try eventually("armed, before the dot") { relay.beforeDot.waiting == 1 }
    let other = try TestWorkspace.open(place.folder)
    let end = DispatchTime.now() + 2 * lease.inSeconds
    try other.store.write { transaction in
      _ = try transaction.messages.recoverExpired(now: other.clock.now() + .hours(1))
      try eventually("the lease is over") { DispatchTime.now() > end }
    }
    #expect(try place.message(id).state == .uncertain)
    // Another message before its dot: the engine has its leases again.
    try place.enqueue(["ok.second@there.invalid"])
    try eventually("it goes on") { relay.beforeDot.waiting == 2 }
    relay.beforeDot.open()
    try eventually("everything is sent") { try place.count(.sent) == 2 }
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.filter { $0.id == id }.map(\.epoch) == [2])
    other.close()
  }

  @Test func `fault 14: an orderly end leaves nothing leased and waits for replies`() throws {
    let place = try TestWorkspace()
    try place.enqueue((0..<40).map { "ok.\($0)@there.invalid" })
    let relay = FakeRelay()
    relay.afterDot.close()
    let engine = place.engine(relay, workers: 4)
    try engine.start()
    try eventually("four dots are out") { relay.afterDot.waiting == 4 }
    let isOrderly = Mutex(false)
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      let ended = engine.shutDown(patience: .seconds(60))
      isOrderly.withLock { $0 = ended }
      done.signal()
    }
    relay.afterDot.open()
    done.wait()
    #expect(isOrderly.withLock { $0 })
    #expect(try place.count(.leased) == 0)
    #expect(try place.count(.armed) == 0)
    #expect(try place.count(.sent) == relay.dots.count)
    #expect(try place.count(.sent) + place.count(.queued) == 40)
  }

  @Test func `an end without patience leaves doubt only for what is armed`() throws {
    let place = try TestWorkspace()
    try place.enqueue((0..<10).map { "ok.\($0)@there.invalid" })
    let relay = FakeRelay()
    relay.afterDot.close()
    let engine = place.engine(relay, workers: 2)
    try engine.start()
    try eventually("two dots are out") { relay.afterDot.waiting == 2 }
    #expect(!engine.shutDown(patience: .milliseconds(50)))
    #expect(try place.count(.leased) == 0)
    #expect(try place.count(.armed) == 2)
    #expect(try place.count(.queued) == 8)
    relay.afterDot.open()
  }
}
